import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps, type RequestOptions } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { forwarded, TunnelAgent, type Proxies, type Proxy, type TunnelRequest } from '../proxy';
import type { Credentials } from './api-access';

/**
 * Connections that are kept: enough for a burst of reviews, and idle ones are closed before the API server does it
 * (after 90 s, `k8s.io/apiserver` `secure_serving.go`).
 */
const KEPT = { keepAlive: true, maxSockets: 32, maxFreeSockets: 8, timeout: 60_000 } as const;

/** Said on each connection: otherwise `NODE_TLS_REJECT_UNAUTHORIZED=0` has tokens sent to whoever answers. */
const VERIFIED = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** One request. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Whether it takes a connection of its own, as one that stays open for minutes does. */
  readonly alone: boolean;
}

/** Who the connections are, and whom they trust: what cannot change on one that is open. */
interface Identity {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** How a request gets to its URL. */
interface Way {
  /** With those of the identity, where that is asked for. */
  readonly options: RequestOptions;
  /** Of the connection, which may be one to a proxy. */
  readonly secure: boolean;
  readonly identity: Identity;
  readonly tunnel: Proxy | undefined;
}

/** HTTP/1.1 connections to one server, kept for the next request while the identity on them is that of the moment. */
export class Connections {
  private readonly plain = new HttpAgent(KEPT);
  private secured: { readonly way: Way; readonly agent: HttpsAgent } | undefined;

  /** @param proxies none unless they are given; those that are asked over TLS are believed by the authorities of Node */
  constructor(private readonly proxies: Proxies = () => undefined) {}

  /**
   * @returns the answer, whatever its status, as soon as its head is there
   * @throws the error of the connection, or an abort; UsageError for a proxy that cannot be
   */
  async send(outgoing: Outgoing, credentials: Credentials): Promise<IncomingMessage> {
    const { url, alone } = outgoing;
    const way = wayOf(url, identityOf(credentials), this.proxies(url));
    if (alone) return attempt(outgoing, way, unshared(way));
    try {
      return await attempt(outgoing, way, way.secure ? this.agentOf(way) : this.plain);
    } catch (error) {
      if (!(error instanceof ClosedMeanwhile)) throw error;
      return attempt(outgoing, way, unshared(way));
    }
  }

  /** Closes the connections, those that are in use too. */
  close(): void {
    this.plain.destroy();
    this.secured?.agent.destroy();
  }

  private agentOf(way: Way): HttpsAgent {
    const { tunnel } = way;
    if (this.secured && same(this.secured.way, way)) return this.secured.agent;
    const agent = tunnel ? new TunnelAgent({ proxy: tunnel, inside: KEPT }) : new HttpsAgent(KEPT);
    if (this.secured) retire(this.secured.agent);
    this.secured = { way, agent };
    return agent;
  }
}

function wayOf(url: URL, identity: Identity, proxy: Proxy | undefined): Way {
  if (url.protocol === 'https:') {
    return { options: { ...urlToHttpOptions(url), ...identity }, secure: true, identity, tunnel: proxy };
  }
  const options = proxy ? forwarded(url, proxy) : urlToHttpOptions(url);
  return { options, secure: proxy?.protocol === 'https:', identity: {}, tunnel: undefined };
}

/** For a connection that only one request has. */
function unshared({ tunnel }: Way): HttpsAgent | false {
  return tunnel ? new TunnelAgent({ proxy: tunnel }) : false;
}

/** Connections of before end as soon as what they carry is answered. */
function retire(agent: HttpsAgent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}

function identityOf({ ca, certificate, serverName }: Credentials): Identity {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...certificate,
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

function same({ identity: a, tunnel: byA }: Way, { identity: b, tunnel: byB }: Way): boolean {
  const identical = a.ca === b.ca && a.cert === b.cert && a.key === b.key && a.servername === b.servername;
  return identical && byA?.shown === byB?.shown;
}

/** The server closed a connection that was kept, at the moment at which the request was sent on it. */
class ClosedMeanwhile extends Error {}

/**
 * A request whose connection was closed meanwhile is sent once more, whatever its method, as the server had no time
 * to read it. Should it have: writes here carry a resourceVersion or say the same twice.
 */
function attempt(
  { method, headers, body, signal }: Outgoing,
  { options, secure }: Way,
  agent: HttpAgent | false,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked: TunnelRequest = {
      ...{ ...options, ...VERIFIED, method, signal, stop: signal, agent },
      headers: { ...headers, ...options.headers },
    };
    const sent = (secure ? requestHttps : requestHttp)(asked, resolve);
    sent.once('error', (error: NodeJS.ErrnoException) => {
      const closed = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(closed && !signal.aborted ? new ClosedMeanwhile(error.message) : error);
    });
    sent.end(body);
  });
}
