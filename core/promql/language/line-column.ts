/**
 * Where a byte of an expression stands, as `line:column` the way Prometheus' messages count: both from 1, columns in
 * bytes of UTF-8 (`posrange.PositionRange.StartPosInput`).
 */
export function lineColumn(text: string, byteOffset: number): string {
  if (text === '') return 'unknown position';
  let line = 1;
  let lineStart = 0;
  let bytes = 0;
  for (const character of text) {
    if (bytes >= byteOffset) break;
    bytes += utf8Length(character);
    if (character === '\n') {
      line++;
      lineStart = bytes;
    }
  }
  return `${line}:${byteOffset - lineStart + 1}`;
}

/** How many bytes of UTF-8 stand before an index of a string. */
export function byteOffsetOf(text: string, index: number): number {
  let bytes = 0;
  for (const character of text.slice(0, index)) bytes += utf8Length(character);
  return bytes;
}

/** Bytes of one character; half a surrogate pair becomes U+FFFD, which takes three. */
function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
