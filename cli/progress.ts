import { formatDuration } from '../core/kube/duration';
import type { Output } from './io';

/** Work that is over sooner shows nothing. */
const QUIET_MS = 1000;
const BETWEEN_MS = 100;
const MINUTE_MS = 60_000;

/** A line that shows how far a long piece of work is, on a terminal only. */
export interface Progress {
  readonly update: (doneMs: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/**
 * @param totalMs virtual time of the whole work
 * @param now clock of the machine, in milliseconds
 */
export function progressOn(output: Output, totalMs: number, now: () => number = Date.now): Progress {
  const began = now();
  let shownAt: number | undefined;
  return {
    update: (doneMs) => {
      const time = now();
      if (output.isTTY !== true || time - began < QUIET_MS || time - (shownAt ?? 0) < BETWEEN_MS) return;
      shownAt = time;
      const percent = Math.floor((doneMs / totalMs) * 100);
      output.write(
        `\r\u001b[Krehearsing: ${formatDuration(Math.floor(doneMs / MINUTE_MS) * MINUTE_MS)} of ${formatDuration(totalMs)} (${percent} %)`,
      );
    },
    end: () => {
      if (shownAt !== undefined) output.write('\r\u001b[K');
    },
  };
}
