import { statSync } from 'node:fs';
import { progressOn, type Progress } from './progress';
import type { Io } from './io';

const MEGABYTE = 1e6;

/** Shows how much of a file of recordings is done; of the standard input nobody knows how much there is. */
export function recordingProgress(path: string, { stderr, stdout }: Io): Progress {
  // Where the lines go to the terminal themselves, they show how far it is.
  const output = stdout.isTTY === true ? { write: (text: string) => stderr.write(text) } : stderr;
  const total = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
  return progressOn(output, (bytes) => {
    const done = `replaying: ${(bytes / MEGABYTE).toFixed(0)} MB`;
    if (!total) return done;
    return `${done} of ${(total / MEGABYTE).toFixed(0)} (${Math.floor((bytes / total) * 100)} %)`;
  });
}
