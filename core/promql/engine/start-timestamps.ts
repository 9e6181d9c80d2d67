import { goQuote } from '../../kube/go-quote';
import { type MergeableDetails } from '../annotations';
import { type Window } from '../storage/window';
import { type RangeContext } from './range-function';

/** Whether the start timestamps say that the counter began again between a sample and the one before. */
export function isStartReset(window: Window, index: number): boolean {
  const startMs = window.startAt(index);
  const beforeMs = window.timeAt(index - 1);
  if (startMs === 0 || startMs >= window.timeAt(index) || startMs < beforeMs) return false;
  if (startMs > beforeMs) return true;
  // The start is the time of the sample before: a delta that follows a delta, or a counter that goes on.
  const startBeforeMs = window.startAt(index - 1);
  return startBeforeMs <= beforeMs && startBeforeMs !== 0 && startBeforeMs !== beforeMs;
}

/** Whether a sample says that it began before the sample before it, and that one says something else. */
export function hasOverlappingStart(window: Window, index: number): boolean {
  const startMs = window.startAt(index);
  return startMs !== 0 && startMs < window.timeAt(index - 1) && startMs !== window.startAt(index - 1);
}

/** Tells of {@link hasOverlappingStart}. */
export function remarkOnOverlap({ metric, remark }: RangeContext): void {
  const text = `sample has start time that overlaps with previous sample timestamp for metric ${goQuote(metric)}`;
  remark('warning', text, new Occurrences(1));
}

class Occurrences implements MergeableDetails {
  constructor(private readonly count: number) {}

  merge(newer: MergeableDetails): MergeableDetails {
    return newer instanceof Occurrences ? new Occurrences(this.count + newer.count) : this;
  }

  toString(): string {
    return this.count > 1 ? ` (${this.count} occurrences)` : '';
  }
}
