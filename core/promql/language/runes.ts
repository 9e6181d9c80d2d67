/** The character at an index as Go sees it: half a surrogate pair is U+FFFD. Empty past the end. */
export function runeAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  if (code === undefined) return '';
  return code >= 0xd800 && code < 0xe000 ? '\ufffd' : String.fromCodePoint(code);
}
