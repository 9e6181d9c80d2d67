import { type Labels } from '../kube/selector';
import { type Annotation } from './annotations';

/** One element of an instant vector. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The value of a series at one time. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** One element of a range vector: points in order of time. */
export interface PointSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/** The answer of a range query, or of an instant query for a range vector. */
export interface MatrixResult {
  readonly type: 'matrix';
  readonly series: readonly PointSeries[];
}

/** The answer of an instant query. */
export type QueryResult =
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | MatrixResult;

/** An answer with what there is to say about it. */
export type Annotated<T> = T & {
  /** Warnings and infos; each text once. */
  readonly annotations: readonly Annotation[];
};
