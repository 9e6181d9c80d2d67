import { type MergeableDetails, type Remark } from '../annotations';
import { type Window } from '../storage/window';

/** What a range function knows besides the samples. Reused from one call to the next. */
export interface RangeContext {
  /** The window is left-open. With `anchored` and `smoothed` there are samples outside of it too. */
  startMs: number;
  endMs: number;
  /** The evaluation time. */
  atMs: number;
  readonly rangeMs: number;
  readonly extended: 'anchored' | 'smoothed' | undefined;
  /** The values of the scalar arguments. */
  parameters: readonly number[];
  /** Whether start timestamps of samples count. */
  readonly startTimestamps: boolean;
  /** The metric name of the series. */
  metric: string;
  /** Tells something about the range argument. */
  readonly remark: (severity: Remark['severity'], text: string, details?: MergeableDetails) => void;
}

/** What a function makes of the samples of one series in a window; undefined for nothing. There is a sample. */
export type RangeFunction = (window: Window, context: RangeContext) => number | undefined;
