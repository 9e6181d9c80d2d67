/**
 * Strings as Go has them: sequences of bytes that are usually, but not always, UTF-8. Here such a string has one
 * character for each byte, U+0000 to U+00FF, so that lengths, indexes, slices and comparisons are those of Go.
 */
export type GoString = string;

/** A code point and the number of bytes that it takes; U+FFFD in one byte stands for a byte that is not UTF-8. */
export interface Rune {
  readonly code: number;
  readonly width: number;
}

export const RUNE_ERROR = 0xfffd;
export const MAX_RUNE = 0x10ffff;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ASCII = /^[\0-\x7f]*$/;

/** The UTF-8 bytes of a text. */
export function toGoString(text: string): GoString {
  return ASCII.test(text)
    ? text
    : Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The text whose UTF-8 bytes these are; `undefined` if they are not UTF-8. */
export function fromGoString(bytes: GoString): string | undefined {
  if (ASCII.test(bytes)) return bytes;
  try {
    return decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** The rune that begins at a byte (`utf8.DecodeRuneInString`); of width 0 at the end. */
export function decodeRune(bytes: GoString, at: number): Rune {
  if (at >= bytes.length) return { code: RUNE_ERROR, width: 0 };
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { code: first, width: 1 };
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return { code: RUNE_ERROR, width: 1 };
  let code = first & (0xff >> (width + 1));
  for (let index = at + 1; index < at + width; index += 1) {
    const next = bytes.charCodeAt(index);
    if (Number.isNaN(next) || (next & 0xc0) !== 0x80) return { code: RUNE_ERROR, width: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  const shortest = width === 4 ? 0x10000 : width === 3 ? 0x800 : 0x80;
  return code < shortest || !isValidRune(code) ? { code: RUNE_ERROR, width: 1 } : { code, width };
}

/** The rune that ends before a byte (`utf8.DecodeLastRuneInString`). */
export function decodeLastRune(bytes: GoString, end: number): Rune {
  for (let width = Math.min(4, end); width > 1; width -= 1) {
    const rune = decodeRune(bytes, end - width);
    if (rune.width === width) return rune;
  }
  return decodeRune(bytes.slice(0, end), Math.max(0, end - 1));
}

/** The runes of a string, one after another. */
export function* runesOf(bytes: GoString): Generator<Rune> {
  for (let at = 0; at < bytes.length;) {
    const rune = decodeRune(bytes, at);
    yield rune;
    at += rune.width;
  }
}

/** Number of runes, each byte that is not UTF-8 counting as one. */
export function runeCount(bytes: GoString): number {
  if (ASCII.test(bytes)) return bytes.length;
  let count = 0;
  for (let at = 0; at < bytes.length; at += decodeRune(bytes, at).width) count += 1;
  return count;
}

/** UTF-8 of a code point; of U+FFFD for what is none (`utf8.AppendRune`). */
export function encodeRune(code: number): GoString {
  return toGoString(String.fromCodePoint(isValidRune(code) ? code : RUNE_ERROR));
}

/** Whether UTF-8 can encode it: in range and no surrogate (`utf8.ValidRune`). */
export function isValidRune(code: number): boolean {
  return (code >= 0 && code < 0xd800) || (code >= 0xe000 && code <= MAX_RUNE);
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space (`unicode.IsPrint`). */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Whether Go prints it as it is when it quotes (`strconv.IsPrint`). */
export function isPrintable(code: number): boolean {
  return isValidRune(code) && PRINTABLE.test(String.fromCodePoint(code));
}
