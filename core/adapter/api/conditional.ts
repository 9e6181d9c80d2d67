/** A document that clients keep and ask for again with its tag. */
export interface TaggedReply {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** `''` with 304. */
  readonly body: string;
}

/**
 * A document with its ETag, or word that the client has it already (`aggregated.ServeHTTPWithETag`).
 * @param hash of the document, in capital hexadecimal digits as upstream's SHA-512
 * @param ifNoneMatch the header of the request; other than upstream it may name several tags, weak ones and `*`
 */
export function taggedReply(body: string, hash: string, ifNoneMatch: string | undefined): TaggedReply {
  const tag = `"${hash}"`;
  const headers = { ETag: tag, Vary: 'Accept', 'Cache-Control': 'public' };
  const known = (ifNoneMatch ?? '').split(',').map((text) => text.trim().replace(/^W\//, ''));
  return known.includes(tag) || known.includes('*')
    ? { status: 304, headers, body: '' }
    : { status: 200, headers, body };
}
