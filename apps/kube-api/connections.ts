import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
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

/** HTTP/1.1 connections to one server, kept for the next request while the identity on them is that of the moment. */
export class Connections {
  private readonly plain = new HttpAgent(KEPT);
  private secured: { readonly identity: Identity; readonly agent: HttpsAgent } | undefined;

  /**
   * @returns the answer, whatever its status, as soon as its head is there
   * @throws the error of the connection, or an abort
   */
  async send(outgoing: Outgoing, credentials: Credentials): Promise<IncomingMessage> {
    const identity = identityOf(credentials);
    if (outgoing.alone) return attempt(outgoing, identity, false);
    const agent = outgoing.url.protocol === 'https:' ? this.agentOf(identity) : this.plain;
    try {
      return await attempt(outgoing, identity, agent);
    } catch (error) {
      if (!(error instanceof ClosedMeanwhile)) throw error;
      return attempt(outgoing, identity, false);
    }
  }

  /** Closes the connections, those that are in use too. */
  close(): void {
    this.plain.destroy();
    this.secured?.agent.destroy();
  }

  private agentOf(identity: Identity): HttpsAgent {
    if (this.secured && same(this.secured.identity, identity)) return this.secured.agent;
    const agent = new HttpsAgent(KEPT);
    if (this.secured) retire(this.secured.agent);
    this.secured = { identity, agent };
    return agent;
  }
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

function same(a: Identity, b: Identity): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key && a.servername === b.servername;
}

/** The server closed a connection that was kept, at the moment at which the request was sent on it. */
class ClosedMeanwhile extends Error {}

/**
 * A request whose connection was closed meanwhile is sent once more, whatever its method, as the server had no time
 * to read it. Should it have: writes here carry a resourceVersion or say the same twice.
 */
function attempt(
  { method, url, headers, body, signal }: Outgoing,
  identity: Identity,
  agent: HttpAgent | false,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...identity, ...VERIFIED, method, headers, signal, agent }, resolve);
    sent.once('error', (error: NodeJS.ErrnoException) => {
      const closed = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(closed && !signal.aborted ? new ClosedMeanwhile(error.message) : error);
    });
    sent.end(body);
  });
}
