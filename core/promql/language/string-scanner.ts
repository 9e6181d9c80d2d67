import { unicodeName } from './quoting';
import { runeAt } from './runes';

/** Where a quoted string ends, or what is wrong with it. */
export type ScannedString = { readonly end: number } | { readonly problem: string };

const NOT_TERMINATED = { problem: 'escape sequence not terminated' };
const INVALID_RUNE = { problem: 'invalid UTF-8 rune' };
/** Texts may not hold the character that stands for bytes that are no UTF-8, nor half a surrogate pair. */
const INVALID = /[\ud800-\udfff\ufffd]/u;
/** Characters that mean themselves in any string: read at once, since strings of alternatives get long. */
const PLAIN = /[ !#-&(-[\]-~]*/y;
const LARGEST_RUNE = 0x10ffff;

/** @param start where the quote stands, which is `"` or `'` */
export function scanString(text: string, start: number): ScannedString {
  const quote = text.charAt(start);
  let index = start + 1;
  for (;;) {
    PLAIN.lastIndex = index;
    PLAIN.test(text);
    index = PLAIN.lastIndex;
    const character = text.charAt(index);
    if (character === '' || character === '\n') return { problem: 'unterminated quoted string' };
    if (character === quote) return { end: index + 1 };
    if (character === '\\') {
      const escape = scanEscape(text, index + 1, quote);
      if ('problem' in escape) return escape;
      index = escape.end;
    } else {
      if (character > '\x7f' && INVALID.test(runeAt(text, index))) return INVALID_RUNE;
      index += runeAt(text, index).length;
    }
  }
}

/** @param start where the back quote stands */
export function scanRawString(text: string, start: number): ScannedString {
  const end = text.indexOf('`', start + 1);
  if (INVALID.test(text.slice(start, end === -1 ? undefined : end))) return INVALID_RUNE;
  return end === -1 ? { problem: 'unterminated raw string' } : { end: end + 1 };
}

/** @param start where the character after the backslash stands */
function scanEscape(text: string, start: number, quote: string): ScannedString {
  const rune = runeAt(text, start);
  if (rune === '') return NOT_TERMINATED;
  if (rune === quote || 'abfnrtv\\'.includes(rune)) return { end: start + 1 };
  if (/^[0-7]$/.test(rune)) return scanCode(text, start, 3, 8, 0xff);
  switch (rune) {
    case 'x':
      return scanCode(text, start + 1, 2, 16, 0xff);
    case 'u':
      return scanCode(text, start + 1, 4, 16, LARGEST_RUNE);
    case 'U':
      return scanCode(text, start + 1, 8, 16, LARGEST_RUNE);
    default:
      return { problem: `unknown escape sequence ${unicodeName(rune)}` };
  }
}

function scanCode(text: string, start: number, length: number, base: 8 | 16, largest: number): ScannedString {
  const digit = base === 8 ? /^[0-7]$/ : /^[0-9a-fA-F]$/;
  for (let index = start; index < start + length; index++) {
    const rune = runeAt(text, index);
    if (rune === '') return NOT_TERMINATED;
    if (!digit.test(rune)) return { problem: `illegal character ${unicodeName(rune)} in escape sequence` };
  }
  const end = start + length;
  const code = Number.parseInt(text.slice(start, end), base);
  if (code > largest || (code >= 0xd800 && code < 0xe000)) {
    return { problem: 'escape sequence is an invalid Unicode code point' };
  }
  return { end };
}
