import type { Target } from './endpoint';
import type { Incoming, Outgoing } from './exchange';
import { excerpt } from './excerpt';
import { SourceError } from './outcome';

/** As many as Go's client follows. */
const REDIRECTS = 10;
const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** With these a request is sent again as it is. */
const SAME_REQUEST: ReadonlySet<number> = new Set([307, 308]);

/**
 * What an answer that is a redirect wants to be sent instead; undefined if it is none. It is followed within the same
 * host, and from HTTP to HTTPS there: whoever could answer for the source must not have the adapter ask, and show, what
 * only it can reach. A POST is sent again where Go's client would; with other redirects it would become a GET without its
 * form.
 * @throws SourceError if it is not followed
 */
export function redirectOf(sent: Outgoing, { status, headers }: Incoming, hops: number): Target | undefined {
  if (!STATUSES.has(status)) return undefined;
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, sent.url.href)) {
    throw new SourceError('refused', `it answered ${status} without saying where to go`);
  }
  const url = new URL(location, sent.url);
  const shown = excerpt(`${url.origin}${url.pathname}`);
  if (!isSameHost(sent.url, url)) {
    const change = 'such a redirect is not followed: use the URL that answers';
    throw new SourceError('refused', `it redirects (${status}) to ${shown}; ${change}`);
  }
  if (sent.method === 'POST' && !SAME_REQUEST.has(status)) {
    const change = `use the URL that answers, or the verb GET`;
    throw new SourceError(
      'refused',
      `it redirects (${status}) to ${shown}, which a POST does not follow: ${change}`,
    );
  }
  if (hops >= REDIRECTS)
    throw new SourceError('refused', `it redirected ${REDIRECTS} times, last to ${shown}`);
  url.username = '';
  url.password = '';
  return { method: sent.method, url, ...(sent.body === undefined ? {} : { body: sent.body }) };
}

/** Another port is another server, but for that of HTTPS. */
function isSameHost(from: URL, to: URL): boolean {
  if (from.protocol === to.protocol) return from.host === to.host;
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
}
