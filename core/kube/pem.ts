const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, each on its own and unread; what else is in the text is left out. */
export function certificateBlocks(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}
