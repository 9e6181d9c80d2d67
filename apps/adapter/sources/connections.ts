import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsFiles, TlsUse } from './tls-files';

/** How long a connection may be idle. Below the 75 s of nginx and the 5 minutes of Prometheus, so that we close first. */
const IDLE_MS = 55_000;

/** Kept connections to one source. Those over TLS are made anew when certificates or authorities change. */
export class Connections {
  private readonly sockets = new Set<Socket>();
  private readonly plain: HttpAgent;
  private secure: { readonly agent: HttpsAgent; readonly use: TlsUse } | undefined;
  private readonly options: AgentOptions;

  constructor(
    private readonly tls: TlsFiles,
    concurrency: number,
  ) {
    this.options = {
      keepAlive: true,
      maxSockets: concurrency,
      maxFreeSockets: concurrency,
      timeout: IDLE_MS,
    };
    this.plain = new HttpAgent(this.options);
  }

  /** Told of the connection of each request: agents forget those that they no longer keep. */
  readonly follow = (socket: Socket): void => {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  };

  /** @throws SourceError if what TLS needs cannot be read */
  async agent(protocol: string): Promise<HttpAgent> {
    if (protocol !== 'https:') return this.plain;
    const use = await this.tls.current();
    if (this.secure?.use === use) return this.secure.agent;
    if (this.secure) retire(this.secure.agent);
    const agent = new HttpsAgent({
      ...this.options,
      // Said here, so that no variable of the environment turns it off.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...use,
    });
    this.secure = { agent, use };
    return agent;
  }

  /**
   * Told that a connection was refused: unless there is another agent already, looks at once whether certificates or
   * authorities changed.
   * @param used the agent; undefined where there was none yet
   * @returns whether another one takes its place
   */
  async renew(used: HttpAgent | undefined): Promise<boolean> {
    if (!this.secure || used === this.plain) return false;
    return (used !== undefined && used !== this.secure.agent) || this.tls.renew(this.secure.use);
  }

  /** Closes all connections, and waits until they are. */
  async close(): Promise<void> {
    const closed = Array.from(
      this.sockets,
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    this.plain.destroy();
    this.secure?.agent.destroy();
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }
}

/** What is under way is finished; nothing is kept after that. */
function retire(agent: HttpsAgent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
