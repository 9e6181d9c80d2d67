import {
  decodeRune,
  encodeRune,
  type GoString,
  isPrintable,
  isValidRune,
  RUNE_ERROR,
  runesOf,
} from './go-string';

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);
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
/** Digits of `\x`, `\u` and `\U`. */
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** A string as `%q` quotes it; with `asciiOnly` as `%+q` does. */
export function quote(text: GoString, asciiOnly = false): GoString {
  let quoted = '"';
  let at = 0;
  for (const { code, width } of runesOf(text)) {
    const broken = width === 1 && code === RUNE_ERROR;
    quoted += broken ? `\\x${hex(text.charCodeAt(at), 2)}` : escaped(code, '"', asciiOnly);
    at += width;
  }
  return `${quoted}"`;
}

/** A code point as `%q` quotes it; U+FFFD for what is none. */
export function quoteRune(rune: number, asciiOnly = false): GoString {
  return `'${escaped(isValidRune(rune) ? rune : RUNE_ERROR, "'", asciiOnly)}'`;
}

/** Whether it can stand between back quotes on one line (`strconv.CanBackquote`). */
export function canBackquote(text: GoString): boolean {
  for (const { code, width } of runesOf(text)) {
    if (width > 1 ? code === 0xfeff : code === RUNE_ERROR || code === 0x60 || code === 0x7f) return false;
    if (code < 0x20 && code !== 0x09) return false;
  }
  return true;
}

/** What a string constant in quotes or back quotes stands for (`strconv.Unquote`); `undefined` if it is none. */
export function unquote(quoted: GoString): GoString | undefined {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return body.replaceAll('\r', '');
  let text = '';
  for (let rest = body; rest !== '';) {
    const character = unquoteCharacter(rest, '"');
    if (!character) return undefined;
    text += character.bytes;
    rest = character.rest;
  }
  return text;
}

interface UnquotedCharacter {
  readonly rune: number;
  /** What it adds to a string. */
  readonly bytes: GoString;
  readonly rest: GoString;
}

/** The first character of what stands between quotes (`strconv.UnquoteChar`); `undefined` if the syntax is wrong. */
export function unquoteCharacter(text: GoString, quoteMark: string): UnquotedCharacter | undefined {
  if (text === '' || text.startsWith(quoteMark)) return undefined;
  if (!text.startsWith('\\')) {
    const { code, width } = decodeRune(text, 0);
    return { rune: code, bytes: encodeRune(code), rest: text.slice(width) };
  }
  const letter = text.charAt(1);
  const rest = text.slice(2);
  const simple = letter === quoteMark ? letter : SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { rune: simple.charCodeAt(0), bytes: simple, rest };
  const digits = HEX_DIGITS.get(letter);
  if (digits !== undefined) return byNumber(rest, 16, digits, letter === 'x');
  return /^[0-7]$/.test(letter) ? byNumber(text.slice(1), 8, 3, true) : undefined;
}

function byNumber(
  text: GoString,
  base: 8 | 16,
  length: number,
  isByte: boolean,
): UnquotedCharacter | undefined {
  const digits = text.slice(0, length);
  const valid = base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/;
  if (digits.length < length || !valid.test(digits)) return undefined;
  const rune = Number.parseInt(digits, base);
  if (isByte ? rune > 0xff : !isValidRune(rune)) return undefined;
  return { rune, bytes: isByte ? String.fromCharCode(rune) : encodeRune(rune), rest: text.slice(length) };
}

function escaped(rune: number, quoteMark: string, asciiOnly: boolean): GoString {
  if (rune === quoteMark.charCodeAt(0) || rune === 0x5c) return `\\${String.fromCharCode(rune)}`;
  if (isPrintable(rune) && (!asciiOnly || rune < 0x80)) return encodeRune(rune);
  const named = ESCAPES.get(rune);
  if (named !== undefined) return named;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
