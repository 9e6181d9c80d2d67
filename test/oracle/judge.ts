import {
  type Difference,
  firstDifference,
  readRecording,
  type Recording,
  replay,
} from '../../core/hpa/recording';
import { type HpaResult } from '../../core/hpa';

/** A recording of a real controller, and what the model makes of it. */
export interface Judged {
  readonly recording: Recording;
  readonly results: readonly HpaResult[];
  /** Where they differ first, if they do. */
  readonly difference: Difference | undefined;
}

/** Runs the model over a recording and compares. */
export function judge(line: string): Judged {
  const { recording, unknown } = readRecording(JSON.parse(line));
  if (unknown.length > 0) throw new Error(`the model's reader does not know ${unknown.join(', ')}`);
  const results = replay(recording);
  return { recording, results, difference: firstDifference(recording, results) };
}
