import { NotSupportedError, UsageError } from '../errors';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const ESCAPE = /\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]?))/g;

/**
 * The text that a quoted string stands for. Back quotes take everything as it is.
 * @throws UsageError on an escape sequence that PromQL does not have
 */
export function unquote(quoted: string): string {
  const quote = quoted.charAt(0);
  const body = quoted.slice(1, -1);
  if (quote === '`') return body;
  return body.replace(
    ESCAPE,
    (whole, octal?: string, hex?: string, short?: string, long?: string, simple?: string) => {
      if (octal !== undefined) return byteText(Number.parseInt(octal, 8), whole);
      if (hex !== undefined) return byteText(Number.parseInt(hex, 16), whole);
      const codePoint = short ?? long;
      if (codePoint !== undefined) return codePointText(Number.parseInt(codePoint, 16));
      return simple === quote ? quote : simpleText(simple ?? '');
    },
  );
}

/** The value of a number as Go reads it: decimal, hexadecimal, octal after a leading zero, `_` between digits. */
export function parseNumber(text: string): number {
  const digits = text.replaceAll('_', '');
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

/** A number as text that reads as the same number. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function byteText(byte: number, escape: string): string {
  if (byte > 0xff) throw new UsageError('escape sequence is an invalid Unicode code point');
  if (byte > 0x7f) throw new NotSupportedError(`PromQL string escape ${escape} for a single byte above 0x7f`);
  return String.fromCharCode(byte);
}

function codePointText(codePoint: number): string {
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) {
    throw new UsageError('escape sequence is an invalid Unicode code point');
  }
  return String.fromCodePoint(codePoint);
}

function simpleText(character: string): string {
  const text = Object.hasOwn(SIMPLE_ESCAPES, character) ? SIMPLE_ESCAPES[character] : undefined;
  if (text === undefined) throw new UsageError(`unknown escape sequence \\${character}`);
  return text;
}
