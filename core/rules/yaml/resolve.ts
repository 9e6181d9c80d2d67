import { type YamlScalar } from './node';

/** What a scalar stands for. */
export type Resolved =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** A number or a time: no type of ours, but its text is a string. */
  | { readonly kind: 'other'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly value: string };

const PREFIX = 'tag:yaml.org,2002:';
const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);
const FLOAT_WORD = /^(?:\.(?:nan|NaN|NAN)|[+-]?\.(?:inf|Inf|INF))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^[+-]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const TIMESTAMP =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))|(?: \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?))?$/;
const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;
/** Tags that say what a text should look like. */
const RESOLVABLE: ReadonlySet<string> = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp']);

/** What a text looks like without quotes. */
type Look = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'str';

/**
 * What a scalar stands for by its tag, or by what it looks like (yaml.v2 `resolve.go`).
 * @returns `undefined` if its text is not what its tag says
 */
export function resolve({ value, tag, implicit }: YamlScalar): Resolved | undefined {
  if (tag === '' && !implicit) return { kind: 'string', value };
  const name = tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : undefined;
  if (name === 'binary') return { kind: 'binary', value };
  if (tag !== '' && (name === undefined || !RESOLVABLE.has(name))) return { kind: 'string', value };
  const look = name === 'str' ? 'str' : lookOf(value, name);
  if (name !== undefined && name !== look && !(name === 'float' && look === 'int')) return undefined;
  switch (look) {
    case 'null':
      return { kind: 'null' };
    case 'bool':
      return { kind: 'boolean', value: TRUE.has(value) };
    case 'str':
      return { kind: 'string', value };
    default:
      return { kind: 'other', value };
  }
}

function lookOf(value: string, tag: string | undefined): Look {
  if (NULL.has(value)) return 'null';
  if (TRUE.has(value) || FALSE.has(value)) return 'bool';
  if (FLOAT_WORD.test(value)) return 'float';
  if (value.startsWith('.')) return FLOAT.test(value) && Number.isFinite(Number(value)) ? 'float' : 'str';
  if (!/^[+\-\d]/.test(value)) return 'str';
  if ((tag === undefined || tag === 'timestamp') && isTimestamp(value)) return 'timestamp';
  const plain = value.replaceAll('_', '');
  if (isInteger(plain)) return 'int';
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? 'float' : 'str';
}

function isInteger(text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const digits = text.replace(/^[+-]/, '');
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (text.startsWith('-')) return -magnitude >= MIN_INT;
  return magnitude <= (text.startsWith('+') ? -MIN_INT - 1n : MAX_UINT);
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [month, day] = [Number(match[1]), Number(match[2])];
  const date = new Date(Date.UTC(Number(text.slice(0, 4)), month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
