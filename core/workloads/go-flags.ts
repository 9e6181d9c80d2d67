import { messageOf, UsageError } from '../errors';
import { flagValue } from '../kube/command-line';
import { parseGoDuration } from '../kube/duration';

const MAX_PORT = 65_535;

/** Flags in their order, and the words after them. */
export interface GoFlags {
  readonly flags: readonly (readonly [name: string, value: string])[];
  readonly rest: readonly string[];
}

/**
 * Reads words as Go's `flag.Parse` does: one dash or two, `-name value` or `-name=value`, up to the first word that is
 * no flag, or `--`.
 * @param switches flags that take no value
 * @param owner names the container in errors
 * @throws UsageError if the last flag lacks its value
 */
export function readGoFlags(words: readonly string[], switches: readonly string[], owner: string): GoFlags {
  const flags: [string, string][] = [];
  const rest = [...words];
  for (let word = rest[0]; word !== undefined; word = rest[0]) {
    if (word === '--') return { flags, rest: rest.slice(1) };
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
    if (!match) break;
    rest.shift();
    const [, name = '', inline] = match;
    const value = inline ?? (switches.includes(name) ? 'true' : rest.shift());
    if (value === undefined) throw new UsageError(`${owner}: flag -${name} needs a value`);
    flags.push([name, value]);
  }
  return { flags, rest };
}

/**
 * The port that a flag gives, wherever it is among the words; undefined without the flag.
 * @throws UsageError if it is none
 */
export function portFlag(words: readonly string[], flag: string, owner: string): number | undefined {
  const text = flagValue(words, flag);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new UsageError(`${owner}: --${flag}=${text} must be a whole number from 0 to ${MAX_PORT}`);
}

/**
 * Milliseconds of the duration that a flag has.
 * @param flag with its dashes, for messages
 * @throws UsageError if it is none
 */
export function durationOf(text: string, flag: string, owner: string): number {
  try {
    return parseGoDuration(text);
  } catch (error) {
    throw new UsageError(`${owner}: ${flag}: ${messageOf(error)}`);
  }
}
