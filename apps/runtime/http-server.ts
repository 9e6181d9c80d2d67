import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../../core/errors';
import { pathOf, text, type Handler, type HttpReply } from './http';
import type { Logger } from './logger';

/** What a client may ask of the server. */
const LIMITS = {
  bodyBytes: 1024 * 1024,
  /** For the head of a request, for the whole of it, and between two on one connection; in milliseconds. */
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
} as const;
const IN_FLIGHT_CHECK_MS = 20;

/** An HTTP server that can stop without dropping a request. */
export class HttpServer {
  private readonly server: Server;
  private readonly inFlight = new Set<ServerResponse>();
  private lastOnConnection = false;

  constructor(
    private readonly handler: Handler,
    private readonly logger: Logger,
  ) {
    this.server = createServer({
      headersTimeout: LIMITS.headersMs,
      requestTimeout: LIMITS.requestMs,
      keepAliveTimeout: LIMITS.idleMs,
    });
    this.server.on('connection', (socket) => {
      // An answer that waits for one before it on the connection is not told that this was closed.
      socket.once('close', () => {
        for (const response of this.inFlight)
          if (response.req.socket === socket) this.inFlight.delete(response);
      });
    });
    this.server.on('request', (message: IncomingMessage, response: ServerResponse) => {
      this.inFlight.add(response);
      response.once('close', () => this.inFlight.delete(response));
      void this.serve(message, response);
    });
  }

  /**
   * Listens on all addresses.
   * @param port 0 for any that is free
   * @returns the port
   * @throws UsageError if the port belongs to somebody else, or to root
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(unavailable(port, error));
      this.server.once('error', fail);
      this.server.listen(port, () => {
        this.server.off('error', fail);
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** From now on each answer ends its connection: clients that keep theirs go elsewhere for the next request. */
  dismiss(): void {
    this.lastOnConnection = true;
  }

  /**
   * Accepts no more connections, and ends when everything in flight is answered or the time is over.
   * @returns how many requests were cut off
   */
  async stop(graceMs: number): Promise<number> {
    this.dismiss();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const deadline = performance.now() + graceMs;
    while (this.inFlight.size > 0 && performance.now() < deadline) await delay(IN_FLIGHT_CHECK_MS);
    const cut = this.inFlight.size;
    this.server.closeAllConnections();
    await closed;
    return cut;
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const method = message.method ?? 'GET';
    const path = pathOf(message.url ?? '/');
    try {
      const body = await readBody(message);
      if (body === 'cut-off') return;
      const reply =
        body === 'too-large'
          ? text(413, `a body has at most ${LIMITS.bodyBytes} bytes`, { connection: 'close' })
          : await this.answer({ method, path, headers: message.headers, body });
      this.send(reply, method, response);
      this.logger.debug('answered', { method, path, status: reply.status, ms: performance.now() - started });
    } catch (error) {
      this.logger.error('answer not sent', { method, path, error: asError(error) });
      response.destroy();
    }
  }

  private async answer(request: Parameters<Handler>[0]): Promise<HttpReply> {
    try {
      return await this.handler(request);
    } catch (error) {
      const { method, path } = request;
      this.logger.error('request failed', { method, path, error: asError(error) });
      return text(500, 'internal error');
    }
  }

  private send({ status, type, body, headers }: HttpReply, method: string, response: ServerResponse): void {
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      // Bodies may be what a client sent: a browser must not guess that they are a page.
      'x-content-type-options': 'nosniff',
      ...(this.lastOnConnection ? { connection: 'close' } : {}),
      ...headers,
    });
    response.end(method === 'HEAD' ? undefined : body);
  }
}

/** The whole body; or why there is none. */
function readBody(message: IncomingMessage): Promise<Buffer | 'too-large' | 'cut-off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is read and thrown away: a client that is still sending would not see the answer.
      if (bytes > LIMITS.bodyBytes) {
        chunks.length = 0;
        resolve('too-large');
      } else {
        chunks.push(chunk);
      }
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('close', () => resolve('cut-off'));
    message.once('error', () => resolve('cut-off'));
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unavailable(port: number, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`PORT="${port}": another program listens there; choose another`);
    case 'EACCES':
      return new UsageError(`PORT="${port}": not allowed for this user; choose one from 1024 on`);
    default:
      return error;
  }
}
