import { EventEmitter, once } from 'node:events';
import type { Style } from '../report';

/** A stream that text is written to, such as `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A stream of text or bytes, such as `process.stdin`. */
export type Input = AsyncIterable<string | Uint8Array>;

/** What a command may touch of the process it runs in. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PLAIN_WIDTH = 100;
const NARROWEST = 60;
const WIDEST = 120;

/** How reports may look on a stream: colours only on a terminal, and never with NO_COLOR (https://no-color.org). */
export function styleOf(output: Output, io: Io): Style {
  const { env } = io;
  return {
    color: output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    width: Math.min(WIDEST, Math.max(NARROWEST, widthOf(output, io))),
  };
}

/** Whoever read the output has seen enough, as `head` has: there is nobody left to write for, and nothing is wrong. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/**
 * Writes text, and waits until the stream takes more where it is slower than what comes.
 * @throws ReaderGone if nobody reads any more
 */
export async function writeAll(output: Output, text: string): Promise<void> {
  const more = output.write(text);
  if (more !== false || !(output instanceof EventEmitter)) return;
  try {
    await once(output, 'drain');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') throw new ReaderGone();
    throw error;
  }
}

/** Characters in a line of a stream: those of the terminal, or what COLUMNS says where there is none. */
export function widthOf(output: Output, { env }: Io): number {
  const said = Number(env['COLUMNS']);
  return output.columns ?? (said > 0 ? said : PLAIN_WIDTH);
}
