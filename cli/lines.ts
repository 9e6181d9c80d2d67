import { constants } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { messageOf, UsageError } from '../core/errors';
import type { Input } from './io';

const NEWLINE = 0x0a;
/** White space to JSON. */
const BLANK = /^[ \t\r]*$/;

/** A line of a text, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the input up to the end of this line. */
  readonly bytes: number;
}

/** The bytes of a file, or of the standard input for `-`, piece by piece. */
export function openInput(path: string, stdin: Input): Input {
  return path === '-' ? stdin : createReadStream(path);
}

/**
 * Reads lines that are not blank, one at a time, however long the input is.
 * @param name of the input, for errors
 * @throws UsageError if it cannot be read, or a line is not UTF-8 or longer than a string can be
 */
export async function* linesOf(input: Input, name: string): AsyncGenerator<Line> {
  const splitter = new Splitter(name);
  try {
    for await (const piece of input)
      yield* splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: cannot be read: ${messageOf(error)}`);
  }
  yield* splitter.end();
}

/** Puts pieces of an input together to lines. */
class Splitter {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private number = 0;
  private bytes = 0;
  /** Pieces of the line that has not ended yet. */
  private pending: Uint8Array[] = [];

  constructor(private readonly name: string) {}

  *push(piece: Uint8Array): Generator<Line> {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      this.pending.push(piece.subarray(start, end));
      start = end + 1;
      yield* this.line(1);
    }
    this.pending.push(piece.subarray(start));
  }

  /** A last line need not end with a newline. */
  end(): Generator<Line> {
    return this.line(0);
  }

  private *line(newline: number): Generator<Line> {
    const raw = Buffer.concat(this.pending);
    this.pending = [];
    this.number += 1;
    this.bytes += raw.length + newline;
    const text = this.decode(raw);
    if (!BLANK.test(text)) yield { number: this.number, text, bytes: this.bytes };
  }

  private decode(raw: Uint8Array): string {
    if (raw.length > constants.MAX_STRING_LENGTH) {
      throw new UsageError(
        `${this.name}: line ${this.number}: is too long: ${raw.length} bytes, the most is ${constants.MAX_STRING_LENGTH}`,
      );
    }
    try {
      return this.decoder.decode(raw);
    } catch (error) {
      throw new UsageError(`${this.name}: line ${this.number}: is not UTF-8 text: ${messageOf(error)}`);
    }
  }
}
