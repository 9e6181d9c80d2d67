import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { z } from 'zod';
import { badRequest, headTooLarge, requestNotReceived, tooLarge } from '../../../core/adapter/api';
import { RequestHeaders } from '../auth';
import { type ApiReply } from './call';
import { type Connections } from './connections';
import { type ServerLimits } from './limits';
import { replyHeaders, type Serve } from './protocol';
import { RequestSignal } from './request-signal';
import { statusReply } from './status-reply';

/** How often connections are looked through for clients that are too slow. */
const CHECK_MS = 5000;

/** A request without an answer. */
interface Unanswered {
  readonly message: IncomingMessage;
  readonly gone: RequestSignal;
}

/** HTTP/1.1 on connections that somebody else accepts. */
export class Http1 {
  private readonly server: Server;
  private readonly open = new Map<ServerResponse, Unanswered>();
  private readonly fresh = new Set<Socket>();
  private lastOnConnection = false;

  constructor(
    private readonly serve: Serve,
    private readonly connections: Connections,
    private readonly limits: ServerLimits,
  ) {
    this.server = createServer({
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
      keepAliveTimeout: limits.idleMs,
    });
    // Node drops what is beyond a number; the size of all is limited anyway.
    this.server.maxHeadersCount = 0;
    this.server.on('request', (message: IncomingMessage, response: ServerResponse) => {
      this.receive(message, response);
    });
    this.server.on('clientError', (error: Error, socket: Duplex) => this.refuseBroken(error, socket));
    // This server never listens, and looks for slow clients only once it does.
    this.server.emit('listening');
  }

  /** Requests without an answer. */
  get unanswered(): number {
    return this.open.size;
  }

  accept(socket: Socket): void {
    this.fresh.add(socket);
    socket.once('close', () => this.left(socket));
    this.server.emit('connection', socket);
  }

  /** Connections that were just opened, and whose first request is on its way. */
  get expected(): number {
    return this.fresh.size;
  }

  /**
   * From now on each answer is the last on its connection. Connections without a request stay: to close one cuts off
   * the request that may be on its way.
   */
  dismiss(): void {
    this.lastOnConnection = true;
  }

  /** Closes the connections that had a request and have none now. */
  closeIdle(): void {
    this.server.closeIdleConnections();
  }

  close(): void {
    this.server.close();
  }

  private receive(message: IncomingMessage, response: ServerResponse): void {
    const gone = new RequestSignal();
    this.open.set(response, { message, gone });
    response.once('close', () => {
      this.open.delete(response);
      gone.close();
    });
    const { method = 'GET', url: target = '/', socket } = message;
    this.fresh.delete(socket);
    const headers = new RequestHeaders(message.rawHeaders);
    const answer = () => {
      const request = { method, target, headers, peer: this.connections.peer(socket), gone };
      void this.serve(request, ({ reply }) => this.send(reply, method, response, this.lastOnConnection));
    };
    const length = headers.first('content-length') ?? '0';
    if (headers.first('transfer-encoding') === undefined && length === '0') answer();
    else this.afterBody(message, Number(length), answer, (reply) => this.send(reply, method, response, true));
  }

  /** Node does not tell an answer that waits for those before it on its connection that the connection is closed. */
  private left(socket: Socket): void {
    this.fresh.delete(socket);
    for (const [response, { message, gone }] of this.open) {
      if (message.socket !== socket) continue;
      this.open.delete(response);
      gone.close();
      response.destroy();
    }
  }

  /** Reads the body and forgets it, as far as it is not too large. */
  private afterBody(
    message: IncomingMessage,
    announced: number,
    answer: () => void,
    refuse: (reply: ApiReply) => void,
  ): void {
    const { bodyBytes } = this.limits;
    let bytes = 0;
    let refused = false;
    const check = (known: number) => {
      if (refused || known <= bodyBytes) return;
      refused = true;
      refuse(statusReply(tooLarge(`a body has at most ${bodyBytes} bytes`)));
    };
    message.on('data', (chunk: Buffer) => check((bytes += chunk.length)));
    message.once('end', () => (refused ? undefined : answer()));
    check(announced);
  }

  private send(reply: ApiReply, method: string, response: ServerResponse, last: boolean): void {
    if (response.destroyed || response.headersSent) return;
    response.writeHead(reply.status, {
      ...replyHeaders(reply),
      ...(last ? { connection: 'close' } : {}),
    });
    response.end(method === 'HEAD' ? undefined : reply.body);
  }

  /** Answers what is no HTTP/1.1, or is not sent in time; after it nothing on the connection can be understood. */
  private refuseBroken(error: Error, socket: Duplex): void {
    // An answer that is under way, or belongs to a request before this one, must not be mixed up with it.
    const answering = [...this.open].some(
      ([response, { message }]) => message.socket === socket && (response.headersSent || message.complete),
    );
    if (socket.writable && !answering) socket.write(rawReply(replyFor(error)));
    socket.destroy();
  }
}

const coded = z.object({ code: z.string() });

function replyFor(error: Error): ApiReply {
  const { data } = coded.safeParse(error);
  switch (data?.code) {
    case 'HPE_HEADER_OVERFLOW':
      return statusReply(headTooLarge(431, 'the headers of the request are too large'));
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return statusReply(tooLarge('the extensions of a chunk have too many bytes'));
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return statusReply(requestNotReceived());
    default:
      return statusReply(badRequest('the request is not valid HTTP/1.1'));
  }
}

function rawReply(reply: ApiReply): string {
  const head = Object.entries({ ...replyHeaders(reply), connection: 'close' });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}\r\n${lines}\r\n${reply.body.toString()}`;
}
