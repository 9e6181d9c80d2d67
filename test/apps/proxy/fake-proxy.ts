import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';

/** What a proxy was asked. */
export interface Asked {
  readonly method: string;
  /** An absolute URL, or host and port for CONNECT. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** What a proxy does instead of what it is there for: a status for the client, or nothing at all. */
export type Mood = 'willing' | 'silent' | { readonly status: number; readonly body?: string };

/** A proxy on the loopback interface, for which every host of the world is a port of this machine. */
export class FakeProxy {
  readonly asked: Asked[] = [];
  /** Connections of clients that are open. */
  readonly sockets = new Set<Socket>();
  /** The most that were open at a time. */
  most = 0;
  mood: Mood = 'willing';
  private readonly ends = new Set<Duplex>();
  private arrived: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly targetPort: () => number,
    private readonly scheme: string,
  ) {
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      this.most = Math.max(this.most, this.sockets.size);
      socket.on('error', () => {});
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('connect', (message: IncomingMessage, socket: Duplex) => this.tunnel(message, socket));
  }

  static async start(targetPort: () => number, tls?: TlsOptions): Promise<FakeProxy> {
    const listener = (message: IncomingMessage, response: ServerResponse) => fake.forward(message, response);
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const fake = new FakeProxy(server, targetPort, tls ? 'https' : 'http');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get shown(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  get url(): string {
    return `${this.scheme}://${this.shown}`;
  }

  /** Until it was asked so often. */
  async until(count: number): Promise<void> {
    while (this.asked.length < count) await new Promise<void>((resolve) => this.arrived.push(resolve));
  }

  /** Until no client has a connection. */
  async untilLeft(): Promise<void> {
    while (this.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const end of [...this.sockets, ...this.ends]) end.destroy();
    await closed;
  }

  private note({ method = '', url = '', headers }: IncomingMessage): void {
    this.asked.push({ method, url, headers });
    for (const told of this.arrived.splice(0)) told();
  }

  private tunnel(message: IncomingMessage, socket: Duplex): void {
    this.note(message);
    const { mood } = this;
    if (mood === 'silent') {
      // It notices that it is left alone.
      socket.resume().once('end', () => socket.end());
      return;
    }
    if (mood !== 'willing') {
      socket.end(`HTTP/1.1 ${mood.status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(this.targetPort(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    this.ends.add(target);
    target.on('error', () => socket.destroy());
    target.once('close', () => socket.destroy());
    socket.on('error', () => target.destroy());
    socket.once('close', () => target.destroy());
  }

  private forward(message: IncomingMessage, response: ServerResponse): void {
    this.note(message);
    const { mood } = this;
    if (mood === 'silent') return;
    if (mood !== 'willing') {
      response.writeHead(mood.status, { 'content-type': 'text/html' });
      response.end(mood.body ?? '');
      return;
    }
    const headers = { ...message.headers };
    delete headers['proxy-authorization'];
    const { pathname, search } = new URL(message.url ?? '');
    const onward = request(
      {
        ...{ host: '127.0.0.1', port: this.targetPort(), path: `${pathname}${search}` },
        ...{ method: message.method, headers, agent: false },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  }
}
