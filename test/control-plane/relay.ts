import { connect, createServer, type Server, type Socket } from 'node:net';
import { portOf } from './ports';

/** A port of 127.0.0.1 behind which several others answer in turn, connection by connection: as a Service does. */
export class Relay {
  /** Ports that answer. */
  targets: readonly number[] = [];
  private readonly sockets = new Set<Socket>();
  private connections = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const relay = new Relay(server, portOf(server));
    server.on('connection', (socket) => relay.join(socket));
    return relay;
  }

  /** Ends all connections, and from now on each new one at once, until there are targets again. */
  cut(): void {
    this.targets = [];
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(from: Socket): void {
    const port = this.targets[this.connections++ % this.targets.length];
    if (port === undefined) return void from.destroy();
    const to = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
