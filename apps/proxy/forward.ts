import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import type { Proxy } from './environment';

/**
 * How a URL of `http` is asked of a proxy: in absolute form (RFC 9112, 3.2.2). The connection is one to the proxy; its
 * agent and the function of the request have to be of the proxy's protocol.
 */
export function forwarded(url: URL, proxy: Proxy): RequestOptions {
  return {
    ...urlToHttpOptions(url),
    ...addressOf(proxy),
    path: `${url.origin}${url.pathname}${url.search}`,
    headers: { host: url.host, ...authorizationFor(proxy) },
  };
}

/** Where the proxy is. The name that it has to prove is said, as Node would take that of the header Host. */
export function addressOf({ protocol, hostname, port }: Proxy): RequestOptions {
  return { protocol, hostname, port, servername: isIP(hostname) === 0 ? hostname : '' };
}

/** The header that lets one in. */
export function authorizationFor({ authorization }: Proxy): Record<string, string> {
  return authorization === undefined ? {} : { 'proxy-authorization': authorization };
}
