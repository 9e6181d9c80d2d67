import { request as requestHttp, STATUS_CODES, type ClientRequest } from 'node:http';
import { Agent, request as requestHttps, type AgentOptions, type RequestOptions } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { connectionProblem } from './connection-problem';
import type { Proxy } from './environment';
import { addressOf, authorizationFor } from './forward';

/** How tunnels are made. */
export interface TunnelProps {
  readonly proxy: Proxy;
  /** Of the connections inside: what a connection without a proxy would be made with. */
  readonly inside?: AgentOptions;
  /** Whom to believe that it is the proxy, where that is asked over TLS; without it the authorities of Node. */
  readonly secureContext?: SecureContext | undefined;
}

/** Options of a request, with what ends a tunnel that is not there yet. */
export interface TunnelRequest extends RequestOptions {
  /** Destroying the request has no effect before it has a connection. */
  readonly stop?: AbortSignal;
}

/** Connections of TLS to servers, each through a tunnel (`CONNECT`, RFC 9110, 9.3.6), kept as by Node's own agent. */
export class TunnelAgent extends Agent {
  /** Requests for tunnels that are under way, of which Node's agent does not know yet. */
  private readonly opening = new Set<ClientRequest>();

  constructor(private readonly tunnels: TunnelProps) {
    super(tunnels.inside);
  }

  override createConnection(
    options: TunnelRequest,
    callback: (error: Error | null, stream?: Duplex) => void,
  ): undefined {
    this.open(options)
      .then((socket) => {
        // Inside all is as without a proxy: Node's agent has the names to verify, certificates and sessions.
        const inside = { ...options, socket };
        return super.createConnection(inside) ?? undefined;
      })
      .then(
        (secure) => callback(null, secure),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
  }

  /** Ends what is under way too. */
  override destroy(): void {
    for (const request of this.opening) request.destroy(new Error('closed'));
    super.destroy();
  }

  private open({ host, port, stop }: TunnelRequest): Promise<Socket> {
    const { proxy, secureContext } = this.tunnels;
    const name = host ?? '';
    const authority = `${isIPv6(name) ? `[${name}]` : name}:${port ?? 443}`;
    const request = (proxy.protocol === 'https:' ? requestHttps : requestHttp)({
      ...addressOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorizationFor(proxy) },
      agent: false,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    this.opening.add(request);
    return tunnelOf(request, stop)
      .catch((error: unknown) => {
        throw new Error(`proxy ${proxy.shown}: ${connectionProblem(error)}`);
      })
      .finally(() => this.opening.delete(request));
  }
}

/** The connection as soon as the proxy has made the one behind it. */
function tunnelOf(request: ClientRequest, stop: AbortSignal | undefined): Promise<Socket> {
  return new Promise<Socket>((resolve, reject) => {
    const abandon = () => request.destroy(new Error('given up'));
    request.once('error', reject);
    request.once('connect', ({ statusCode: status = 0 }, socket) => {
      stop?.removeEventListener('abort', abandon);
      if (status >= 200 && status < 300) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(
        new Error(`it answers ${[status, STATUS_CODES[status]].join(' ').trim()} to CONNECT ${request.path}`),
      );
    });
    request.once('close', () => stop?.removeEventListener('abort', abandon));
    stop?.addEventListener('abort', abandon, { once: true });
    if (stop?.aborted) abandon();
    request.end();
  });
}
