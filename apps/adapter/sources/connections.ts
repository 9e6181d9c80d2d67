import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TunnelAgent, type Proxies, type Proxy } from '../../proxy';
import type { TlsFiles, TlsUse } from './tls-files';

/** How long a connection may be idle. Below the 75 s of nginx and the 5 minutes of Prometheus, so that we close first. */
const IDLE_MS = 55_000;

/** Said here, so that no variable of the environment turns it off. */
const VERIFIED = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** How a request gets to its URL. */
export interface Route {
  readonly agent: HttpAgent;
  /** The proxy by which it goes; undefined for none. */
  readonly proxy: Proxy | undefined;
}

/** What connections are made with. */
export interface ConnectionsProps {
  readonly tls: TlsFiles;
  readonly concurrency: number;
  /** None, unless it is given. */
  readonly proxies?: Proxies;
  /** Whom to believe that it is the proxy, where that is asked over TLS. */
  readonly proxyTls?: TlsFiles;
}

interface Kept extends Route {
  /** Undefined without TLS. */
  readonly use: TlsUse | undefined;
  readonly proxyUse: TlsUse | undefined;
}

/** Kept connections to one source. Those over TLS are made anew when certificates or authorities change. */
export class Connections {
  private readonly sockets = new Set<Socket>();
  /** By the protocol of the source, and the proxy. */
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly props: ConnectionsProps) {}

  /** Told of the connection of each request: agents forget those that they no longer keep. */
  readonly follow = (socket: Socket): void => {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  };

  /**
   * @throws SourceError if what TLS needs cannot be read
   * @throws UsageError if the environment names a proxy that cannot be
   */
  async route(url: URL): Promise<Route> {
    const { tls, proxies, proxyTls } = this.props;
    const proxy = proxies?.(url);
    const use = url.protocol === 'https:' ? await tls.current() : undefined;
    const proxyUse = proxy?.protocol === 'https:' ? await proxyTls?.current() : undefined;
    const key = `${url.protocol} ${proxy?.shown ?? ''}`;
    const before = this.kept.get(key);
    if (before && before.use === use && before.proxyUse === proxyUse) return before;
    if (before) retire(before.agent);
    const made = { agent: this.agent(proxy, use, proxyUse), proxy, use, proxyUse };
    this.kept.set(key, made);
    return made;
  }

  /**
   * Told that a connection was refused: unless there is another agent already, looks at once whether certificates or
   * authorities changed.
   * @param used the agent; undefined where there was none yet
   * @returns whether another one takes its place
   */
  async renew(used: HttpAgent | undefined): Promise<boolean> {
    const kept = Array.from(this.kept.values());
    const found = kept.find(({ agent, use }) => (used === undefined ? use !== undefined : agent === used));
    if (!found) return used !== undefined;
    return found.use !== undefined && this.props.tls.renew(found.use);
  }

  /** Closes all connections, and waits until they are. */
  async close(): Promise<void> {
    const closed = Array.from(
      this.sockets,
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const { agent } of this.kept.values()) agent.destroy();
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private agent(proxy: Proxy | undefined, use: TlsUse | undefined, proxyUse: TlsUse | undefined): HttpAgent {
    const { concurrency } = this.props;
    const options: AgentOptions = {
      keepAlive: true,
      maxSockets: concurrency,
      maxFreeSockets: concurrency,
      timeout: IDLE_MS,
    };
    if (use) {
      const inside = { ...options, ...VERIFIED, ...use };
      if (!proxy) return new HttpsAgent(inside);
      return new TunnelAgent({ proxy, inside, secureContext: proxyUse?.secureContext });
    }
    return proxy?.protocol === 'https:'
      ? new HttpsAgent({ ...options, ...VERIFIED, ...proxyUse })
      : new HttpAgent(options);
  }
}

/** What is under way is finished; nothing is kept after that. */
function retire(agent: HttpAgent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
