import { messageOf, UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { printable } from './printable';
import { type Steps } from './script';

/** The lines of a script, read one after the other. A comment counts as an empty line. */
export class ScriptLines {
  readonly #lines: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#lines = text.split('\n').map((line) => line.trim().replace(/^#.*/, ''));
  }

  /** Number of the line that was taken last, from 1. */
  get number(): number {
    return this.#next;
  }

  /** The next line of any kind, or undefined at the end. */
  take(): string | undefined {
    const line = this.#lines[this.#next];
    if (line !== undefined) this.#next++;
    return line;
  }

  /** The next line of a block; undefined, and nothing taken, at an empty line. */
  takeOfBlock(): string | undefined {
    return this.#lines[this.#next] === '' ? undefined : this.take();
  }

  fail(problem: string, line = this.number): never {
    throw new UsageError(`line ${line}: ${printable(problem)}`);
  }

  /** Runs something that may find the line wrong, and says which line it is if it does. */
  located<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return this.fail(messageOf(error));
    }
  }

  /** Milliseconds of a Prometheus duration. */
  duration(text: string): number {
    return this.located(() => parsePrometheusDuration(text));
  }

  /** Times from durations, as a range query has them. */
  steps(from: string, to: string, step: string): Steps {
    const steps = { startMs: this.duration(from), endMs: this.duration(to), stepMs: this.duration(step) };
    if (steps.endMs < steps.startMs) this.fail(`the end (${to}) is before the start (${from})`);
    if (steps.stepMs === 0) this.fail('a step of 0 is not possible');
    return steps;
  }

  /** A number as Go reads it, or undefined if it is none. */
  static number(text: string): number | undefined {
    const match =
      /^([+-]?)(inf(?:inity)?|nan|0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)$/i.exec(
        text,
      );
    if (!match) return undefined;
    const [, sign, digits = ''] = match;
    const value = readUnsigned(digits.toLowerCase());
    return sign === '-' ? -value : value;
  }
}

function readUnsigned(digits: string): number {
  if (digits.startsWith('inf')) return Infinity;
  if (digits === 'nan') return Number.NaN;
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}
