import { NotSupportedError, UsageError } from '../errors';
import { fromGoString, toGoString } from './go-string';
import { quote } from './go-string-quote';

/** The character that each short escape stands for, besides the quote itself. */
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);
const ESCAPE = /\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]?))/g;

/** What most strings are made of, and needs no look at each character. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** Quotes a string as Go's `%q` does; PromQL reads it back to the same string. */
export function goQuote(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return fromGoString(quote(toGoString(text))) ?? JSON.stringify(text);
}

/**
 * The text that a quoted string stands for. Back quotes take everything as it is.
 * @throws UsageError on an escape sequence that Go does not have
 * @throws NotSupportedError on an escaped byte that is no character by itself
 */
export function goUnquote(quoted: string): string {
  const quoteMark = quoted.charAt(0);
  const body = quoted.slice(1, -1);
  if (quoteMark === '`') return body;
  return body.replace(
    ESCAPE,
    (whole, octal?: string, hex?: string, short?: string, long?: string, simple?: string) => {
      if (octal !== undefined) return byteText(Number.parseInt(octal, 8), whole);
      if (hex !== undefined) return byteText(Number.parseInt(hex, 16), whole);
      const codePoint = short ?? long;
      if (codePoint !== undefined) return codePointText(Number.parseInt(codePoint, 16));
      return simple === quoteMark ? quoteMark : simpleText(simple ?? '');
    },
  );
}

function byteText(byte: number, escape: string): string {
  if (byte > 0xff) throw new UsageError('escape sequence is an invalid Unicode code point');
  if (byte > 0x7f) throw new NotSupportedError(`string escape ${escape} for a single byte above 0x7f`);
  return String.fromCharCode(byte);
}

function codePointText(codePoint: number): string {
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) {
    throw new UsageError('escape sequence is an invalid Unicode code point');
  }
  return String.fromCodePoint(codePoint);
}

function simpleText(character: string): string {
  const text = SIMPLE_ESCAPES.get(character);
  if (text === undefined) throw new UsageError(`unknown escape sequence \\${character}`);
  return text;
}
