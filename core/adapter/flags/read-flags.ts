import { didYouMean } from '../../did-you-mean';
import { UsageError } from '../../errors';
import { checkDuration, checkInteger } from './bounds';
import { type Flag } from './flag';
import { FLAGS } from './table';

/** The values that were given for each flag, in their order. */
export type GivenFlags = ReadonlyMap<string, readonly string[]>;

const BY_NAME: ReadonlyMap<string, Flag> = new Map(FLAGS.map((flag) => [flag.name, flag]));

/**
 * Reads arguments as `pflag` does: `--flag=value` and `--flag value`, switches with or without a value, `-v4`. Words
 * that are no flags are ignored, as upstream does, and whatever follows `--`.
 * @throws UsageError on an unknown flag, or a missing or malformed value
 */
export function readFlags(args: readonly string[]): GivenFlags {
  const given = new Map<string, string[]>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined && arg !== '--'; arg = rest.shift()) {
    const found = splitFlag(arg);
    if (!found) continue;
    const { flag } = found;
    const value = found.value ?? (flag.type === 'switch' ? 'true' : following(rest, arg));
    check(flag, value);
    given.set(flag.name, [...(given.get(flag.name) ?? []), value]);
  }
  return given;
}

/** @returns `undefined` for a word that is no flag */
function splitFlag(arg: string): { flag: Flag; value: string | undefined } | undefined {
  const shorthand = /^-(v|h)(?:=?(.+))?$/.exec(arg);
  if (shorthand) return { flag: flagOf(shorthand[1] === 'h' ? 'help' : 'v'), value: shorthand[2] };
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
  if (long) return { flag: flagOf(long[1] ?? ''), value: long[2] };
  if (/^-./.test(arg)) throw new UsageError(`adapter: unknown shorthand flag in ${arg}`);
  return undefined;
}

/** klog's flags are written with underscores or with dashes. */
function flagOf(written: string): Flag {
  const flag = BY_NAME.get(written.replaceAll('_', '-'));
  if (flag) return flag;
  throw new UsageError(`adapter: unknown flag --${written}${didYouMean(written, BY_NAME.keys())}`);
}

function following(rest: string[], flag: string): string {
  const value = rest.shift();
  if (value === undefined) throw new UsageError(`adapter: flag needs an argument: ${flag}`);
  return value;
}

/** Words that Go's `strconv.ParseBool` takes for true, and for false. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Whether a switch is on. */
export function isTrue(value: string): boolean {
  return TRUE.includes(value);
}

/** Decimal numbers as Go's `strconv.ParseFloat` reads them. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function check({ name, type }: Flag, value: string): void {
  switch (type) {
    case 'switch':
      if (![...TRUE, ...FALSE].includes(value))
        throw new UsageError(`adapter: --${name} must be true or false, is ${value}`);
      return;
    case 'duration':
      return checkDuration(name, value);
    case 'integer':
      return checkInteger(name, value);
    case 'number':
      if (!DECIMAL.test(value)) throw new UsageError(`adapter: --${name} must be a number, is ${value}`);
      return;
    default:
  }
}
