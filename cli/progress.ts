import type { Output } from './io';

/** Work that is over sooner shows nothing. */
const QUIET_MS = 1000;
const BETWEEN_MS = 100;

/** A line that shows how far a long piece of work is, on a terminal only. */
export interface Progress {
  /** How much is done, in the unit of the work. */
  readonly update: (done: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/**
 * @param describe what to show when so much is done
 * @param now clock of the machine, in milliseconds
 */
export function progressOn(
  output: Output,
  describe: (done: number) => string,
  now: () => number = Date.now,
): Progress {
  const began = now();
  let shownAt: number | undefined;
  return {
    update: (done) => {
      const time = now();
      if (output.isTTY !== true || time - began < QUIET_MS || time - (shownAt ?? 0) < BETWEEN_MS) return;
      shownAt = time;
      output.write(`\r\u001b[K${describe(done)}`);
    },
    end: () => {
      if (shownAt !== undefined) output.write('\r\u001b[K');
      shownAt = undefined;
    },
  };
}
