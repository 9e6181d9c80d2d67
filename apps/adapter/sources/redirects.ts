import type { Incoming, Outgoing } from './exchange';
import { excerpt } from './excerpt';
import { SourceError } from './outcome';

/** As many as Go's client follows. */
const REDIRECTS = 10;
const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer sends a request, or undefined if it is no redirect. */
export interface Redirect {
  readonly url: URL;
  /** It leads away from where credentials are for: another host, or no TLS any more. */
  readonly foreign: boolean;
}

/**
 * The redirect that an answer is. A GET follows as with Go's client; a POST is not sent again, since it would become a GET
 * without its form.
 * @throws SourceError if it is not followed
 */
export function redirectOf(
  sent: Outgoing,
  { status, headers }: Incoming,
  hops: number,
): Redirect | undefined {
  if (!STATUSES.has(status)) return undefined;
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, sent.url.href)) {
    throw new SourceError('refused', `it answered ${status} without saying where to go`);
  }
  const url = new URL(location, sent.url);
  const shown = excerpt(`${url.origin}${url.pathname}`);
  if (sent.method === 'POST') {
    const change = `use the URL that answers, or the verb GET`;
    throw new SourceError(
      'refused',
      `it redirects (${status}) to ${shown}, which a POST does not follow: ${change}`,
    );
  }
  if (hops >= REDIRECTS)
    throw new SourceError('refused', `it redirected ${REDIRECTS} times, last to ${shown}`);
  if (!/^https?:$/.test(url.protocol))
    throw new SourceError('refused', `it redirects (${status}) to ${shown}`);
  const downgrade = sent.url.protocol === 'https:' && url.protocol !== 'https:';
  url.username = '';
  url.password = '';
  return { url, foreign: downgrade || url.hostname !== sent.url.hostname };
}
