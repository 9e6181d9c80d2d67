import { goQuote } from '../../kube/go-quote';

/**
 * Strings of PromQL are bytes, and escapes such as `\xff` can make them no UTF-8. A byte that belongs to no character
 * is kept as half a surrogate pair, U+DC80 to U+DCFF, which no UTF-8 text has.
 */
const STRAY_BYTE = /[\udc80-\udcff]/u;
const STRAY_BYTE_BASE = 0xdc00;

/** Letters, marks, numbers, punctuation, symbols and the ASCII space: what `unicode.IsPrint` calls printable. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
const ESCAPE = /\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;

/** Whether a string is UTF-8: without bytes that belong to no character. */
export function isUtf8(text: string): boolean {
  return !STRAY_BYTE.test(text);
}

/** The rest of a string from the first byte on that makes it no UTF-8. */
export function fromStrayByte(text: string): string {
  return text.slice(text.search(STRAY_BYTE));
}

/** A string as Go's `%q` prints it, which PromQL reads as the same string. */
export function quoteString(text: string): string {
  if (isUtf8(text)) return goQuote(text);
  const parts = text.split(/([\udc80-\udcff])/u).map((part) => {
    if (part.length !== 1 || isUtf8(part)) return goQuote(part).slice(1, -1);
    return `\\x${(part.charCodeAt(0) - STRAY_BYTE_BASE).toString(16)}`;
  });
  return `"${parts.join('')}"`;
}

/** A character as Go's `%q` prints it: `'a'`. */
export function quoteRune(rune: string): string {
  if (rune === "'") return String.raw`'\''`;
  return rune === '"' ? `'"'` : `'${goQuote(rune).slice(1, -1)}'`;
}

/** A character as Go's `%#U` prints it: `U+0061 'a'`. */
export function unicodeName(rune: string): string {
  const code = (rune.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return PRINTABLE.test(rune) ? `U+${code} '${rune}'` : `U+${code}`;
}

/** What a quoted string stands for, whose escapes the lexer has checked. Back quotes take everything as it is. */
export function unquote(quoted: string): string {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('`') || !body.includes('\\')) return body;
  const text = body.replace(ESCAPE, (_, octal?: string, hex?: string, ...others: (string | undefined)[]) => {
    if (octal !== undefined) return byteText(Number.parseInt(octal, 8));
    if (hex !== undefined) return byteText(Number.parseInt(hex, 16));
    const [short, long, simple = ''] = others;
    const codePoint = short ?? long;
    if (codePoint !== undefined) return String.fromCodePoint(Number.parseInt(codePoint, 16));
    return SIMPLE_ESCAPES.get(simple) ?? simple;
  });
  return isUtf8(text) ? text : text.replace(/[\udc80-\udcff]+/gu, joinBytes);
}

function byteText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : STRAY_BYTE_BASE + byte);
}

/** Makes characters of bytes that are their UTF-8, and leaves the others alone. */
function joinBytes(strays: string): string {
  let text = '';
  for (let index = 0; index < strays.length;) {
    const lead = strays.charCodeAt(index) - STRAY_BYTE_BASE;
    const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const character = characterOf(strays.slice(index, index + length));
    text += character ?? strays.charAt(index);
    index += character === undefined ? 1 : length;
  }
  return text;
}

function characterOf(strays: string): string | undefined {
  const bytes = Array.from(strays, (unit) => (unit.charCodeAt(0) - STRAY_BYTE_BASE).toString(16));
  try {
    return decodeURIComponent(`%${bytes.join('%')}`);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return undefined;
  }
}
