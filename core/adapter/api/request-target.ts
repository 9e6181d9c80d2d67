/** The target of a request, taken apart as Go's `net/url` does for a server. */
export interface RequestTarget {
  /**
   * Path with its escapes resolved, once and all of it: as upstream, `%2F` is a slash like any other. Nothing is
   * cleaned: `..`, `//` and a slash at the end stay.
   */
  readonly path: string;
  readonly query: Query;
}

/** Parameters of a query in order; those with escapes that are none are left out (`url.URL.Query`). */
export class Query {
  private constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  static parse(text: string): Query {
    const values = new Map<string, string[]>();
    for (const pair of text.split('&')) {
      if (pair === '' || pair.includes(';')) continue;
      const equals = pair.indexOf('=');
      const key = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
      const value = unescapeQuery(equals < 0 ? '' : pair.slice(equals + 1));
      if (key === undefined || value === undefined) continue;
      const before = values.get(key);
      if (before) before.push(value);
      else values.set(key, [value]);
    }
    return new Query(values);
  }

  /** Of a parameter that is given several times the first counts. */
  first(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}

/** Why a target is none, and the code to say it with. */
export interface BadTarget {
  readonly code: 400 | 414;
  readonly reason: string;
}

/** Go's servers read a megabyte of headers, of which the target is a part. */
const MAX_LENGTH = 1024 * 1024;
/** Scheme and authority of the absolute form, which the host of the request is then part of. */
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[A-Za-z0-9.:[\]_~!$&'()*+,;=@-]*(?=[/?]|$)/;
/** Characters that no part of a target may have unescaped; what is not ASCII upstream takes, nobody sends. */
const FORBIDDEN = /[^!-~]/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const NUL = '\0';

/**
 * Takes the target of a request line apart.
 * @param target as it was received: `/path?query`, or in absolute form
 */
export function parseTarget(target: string): RequestTarget | BadTarget {
  if (target.length > MAX_LENGTH) return { code: 414, reason: 'the request target is too long' };
  if (FORBIDDEN.test(target)) return bad('the request target has characters that must be escaped');
  const local = target.startsWith('/') ? target : withoutAuthority(target);
  if (local === undefined) return bad('the request target is neither a path nor a URL');
  const mark = local.indexOf('?');
  const path = unescapePath(mark < 0 ? local : local.slice(0, mark));
  if (path === undefined) return bad('the path of the request has escapes that are not UTF-8 text');
  return { path, query: Query.parse(mark < 0 ? '' : local.slice(mark + 1)) };
}

function withoutAuthority(target: string): string | undefined {
  const prefix = ABSOLUTE.exec(target)?.[0];
  return prefix === undefined ? undefined : target.slice(prefix.length);
}

function bad(reason: string): BadTarget {
  return { code: 400, reason };
}

/** Other than upstream, what is not UTF-8 or has a NUL is refused: it can name nothing. */
function unescapePath(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (BROKEN_ESCAPE.test(text)) return undefined;
  try {
    const path = decodeURIComponent(text);
    return path.includes(NUL) ? undefined : path;
  } catch {
    return undefined;
  }
}

function unescapeQuery(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  if (BROKEN_ESCAPE.test(spaced)) return undefined;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLoosely(spaced);
  }
}

/** Bytes that are not UTF-8 become U+FFFD, so that whatever they stand in is refused for what it is. */
function decodeLoosely(text: string): string {
  const bytes = [...text.matchAll(/%([0-9A-Fa-f]{2})|([^])/g)].map(([, hex, character]) =>
    hex === undefined ? (character ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
