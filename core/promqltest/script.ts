import { type GoRegexp } from '../kube/go-regexp';
import { type Labels } from '../kube/selector';
import { type SequenceValue } from './series-notation';

/** A PromQL test script: commands in the order in which they are executed. */
export type Command = LoadCommand | ClearCommand | EvalCommand;

/** Empties the store. */
export interface ClearCommand {
  readonly kind: 'clear';
  readonly line: number;
}

/** Adds samples to the store. */
export interface LoadCommand {
  readonly kind: 'load';
  readonly line: number;
  /** In the order of the text; a series that is written twice has the samples of the later line. */
  readonly series: readonly LoadedSeries[];
  /** Series that hold, or that `load_with_nhcb` makes, native histograms. */
  readonly nativeHistograms: readonly Labels[];
}

export interface LoadedSeries {
  readonly line: number;
  readonly labels: Labels;
  readonly samples: readonly LoadedSample[];
}

export interface LoadedSample {
  readonly atMs: number;
  /** Absent for a staleness marker. */
  readonly value?: number | undefined;
  /** Since when a counter counts, where a line `…@st` says so. */
  readonly startMs?: number | undefined;
}

/** Evaluates an expression and compares what comes out. */
export interface EvalCommand {
  readonly kind: 'eval';
  readonly line: number;
  readonly expression: string;
  readonly query: EvalQuery;
  readonly expected: Expected;
}

export type EvalQuery =
  { readonly kind: 'instant'; readonly atMs: number } | { readonly kind: 'range'; readonly steps: Steps };

/** The times of a range query, or of the points of a range vector. */
export interface Steps {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What an `eval` command expects. */
export interface Expected {
  /** A text that has to be the error's, or a pattern for it. */
  readonly failure?: MessagePattern | undefined;
  readonly warnings: ExpectedAnnotations;
  readonly infos: ExpectedAnnotations;
  /** Whether the elements come in the order of the lines. */
  readonly ordered: boolean;
  readonly result: ExpectedResult;
}

/** `undefined`: they may be there or not. An empty list: there must be none. */
export type ExpectedAnnotations = readonly MessagePattern[] | undefined;

export type MessagePattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: GoRegexp; readonly source: string };

export type ExpectedResult =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | {
      readonly kind: 'series';
      readonly series: readonly ExpectedSeries[];
      readonly range?: Steps | undefined;
    }
  /** Among the values are native histograms. */
  | { readonly kind: 'nativeHistograms' };

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}
