/**
 * The secret that a file holds, without the line break that editors add.
 * @throws if it cannot be sent in a header
 */
export function secretOf(text = ''): string {
  const secret = text.replace(/^\ufeff/, '').trim();
  if (secret === '') throw new Error('the file is empty');
  if (/[^\x20-\x7e\x80-\u{10ffff}]/u.test(secret)) {
    throw new Error('the file has line breaks or control characters inside');
  }
  return secret;
}
