/** Shorter ones would be found by chance. */
const SECRET_LENGTH = 6;

/**
 * The beginning of a foreign text, fit for a message: on one line, without control characters, and without what was sent
 * as a secret, which some proxies echo.
 */
export function excerpt(text: string, secrets: readonly string[] = [], length = 100): string {
  const plain = secrets
    .filter((secret) => secret.length >= SECRET_LENGTH)
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return plain.length > length ? `${plain.slice(0, length)}…` : plain;
}
