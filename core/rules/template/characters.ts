import { encodeRune, type GoString, isPrintable } from '../../kube/go-string';

/** White space of the language; what trim markers take. */
export const SPACES = ' \t\r\n';
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]$/u;

export function isSpace(rune: number): boolean {
  return rune === 0x20 || rune === 0x09 || rune === 0x0d || rune === 0x0a;
}

export function isDigit(rune: number): boolean {
  return rune >= 0x30 && rune <= 0x39;
}

/** What names consist of. */
export function isAlphaNumeric(rune: number): boolean {
  return rune >= 0 && LETTER_OR_DIGIT.test(String.fromCodePoint(rune));
}

/** `U+0041 'A'`, as `%#U` prints. */
export function quotedRune(rune: number): GoString {
  const code = `U+${rune.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(rune) ? `${code} '${encodeRune(rune)}'` : code;
}
