import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type Socket } from 'node:net';
import { headTooLarge, requestNotReceived, tooLarge } from '../../../core/adapter/api';
import { RequestHeaders, type Peer } from '../auth';
import { type ApiReply } from './call';
import { type Connections } from './connections';
import { FrameBudget } from './frame-budget';
import { type ServerLimits } from './limits';
import { replyHeaders, type Serve } from './protocol';
import { RequestSignal } from './request-signal';
import { statusReply } from './status-reply';

/** More headers than any request needs; Node's own limit is below what a user with many groups brings. */
const MAX_HEADERS = 4000;
/** Frames of a connection that are no HTTP/2, and streams beyond the limit. */
const MAX_INVALID_FRAMES = 100;
/** The highest number of a stream, which says that none is refused yet. */
const LAST_STREAM = 2 ** 31 - 1;
/** Between the first and the last goodbye. */
const GOODBYE_MS = 500;

/** What one connection may still do. */
interface Budgets {
  readonly resets: FrameBudget;
  readonly pings: FrameBudget;
  readonly settings: FrameBudget;
}

/** What the server has to know to serve HTTP/2. */
interface Http2Props {
  readonly serve: Serve;
  readonly connections: Connections;
  readonly limits: ServerLimits;
  readonly now: () => number;
  /** Told why a connection was closed. */
  readonly onAbuse: (address: string, what: string) => void;
}

/** HTTP/2 on connections that somebody else accepts. */
export class Http2 {
  private readonly server: Http2Server;
  private readonly sessions = new Map<ServerHttp2Session, Socket>();
  /** Connections that end with their last answer. */
  private readonly leaving = new WeakSet<ServerHttp2Session>();
  private readonly open = new Map<ServerHttp2Stream, ServerHttp2Session>();
  private refusing = false;
  /** Connections that were told to go for what they did. */
  private readonly closing = new WeakSet<ServerHttp2Session>();

  constructor(private readonly props: Http2Props) {
    const { limits } = props;
    this.server = createServer({
      settings: { maxConcurrentStreams: limits.http2.streams, maxHeaderListSize: limits.headerBytes },
      maxHeaderListPairs: MAX_HEADERS,
      maxSessionInvalidFrames: MAX_INVALID_FRAMES,
      maxSessionRejectedStreams: MAX_INVALID_FRAMES,
    });
    this.server.on('sessionError', () => undefined);
  }

  /** Requests without an answer. */
  get unanswered(): number {
    return this.open.size;
  }

  accept(socket: Socket): void {
    this.server.once('session', (session) => this.started(session, socket));
    this.server.emit('connection', socket);
  }

  /** Connections that are open. */
  get connected(): number {
    return this.sessions.size;
  }

  /** Tells each client to send no more requests; a connection ends with its last answer. */
  dismiss(): void {
    for (const session of this.sessions.keys()) this.dismissOne(session);
  }

  /**
   * Says goodbye twice (RFC 9113, 6.8): requests that are on their way at the first are still taken. Closed at once, the
   * connection would be reset by them, and the client would not know which of its requests were taken.
   */
  private dismissOne(session: ServerHttp2Session): void {
    if (session.closed || session.destroyed) return;
    session.goaway(constants.NGHTTP2_NO_ERROR, LAST_STREAM);
    setTimeout(() => this.finish(session), GOODBYE_MS).unref();
  }

  /** Takes no more requests on a connection, and closes it when it has none. */
  private finish(session: ServerHttp2Session): void {
    if (session.closed || session.destroyed || this.leaving.has(session)) return;
    this.leaving.add(session);
    session.goaway(constants.NGHTTP2_NO_ERROR);
    this.closeIfDone(session);
  }

  /**
   * Node loses answers, and corrupts its memory, if the client gives up requests of a connection that is being closed, or
   * if one is closed in the middle of what is read from it: so that is done when nothing is open, and a moment later.
   */
  private closeIfDone(session: ServerHttp2Session): void {
    if (!this.leaving.has(session)) return;
    setImmediate(() => {
      for (const other of this.open.values()) if (other === session) return;
      session.close();
    });
  }

  /** From now on a connection that comes is dismissed at once. */
  refuseNew(): void {
    this.refusing = true;
  }

  private started(session: ServerHttp2Session, socket: Socket): void {
    const { limits, now } = this.props;
    const { windowMs, resets, pings, settings } = limits.http2;
    const budgets: Budgets = {
      resets: new FrameBudget(resets, windowMs, now),
      pings: new FrameBudget(pings, windowMs, now),
      settings: new FrameBudget(settings, windowMs, now),
    };
    this.sessions.set(session, socket);
    session.once('close', () => this.sessions.delete(session));
    session.on('error', () => session.destroy());
    session.on('ping', () => this.spend(session, socket, budgets.pings, 'pings'));
    session.on('remoteSettings', () => this.spend(session, socket, budgets.settings, 'settings'));
    session.setTimeout(limits.idleMs);
    session.on('timeout', () => this.idle(session));
    const peer = this.props.connections.peer(socket);
    session.on('stream', (stream: ServerHttp2Stream, _: unknown, flags: number, raw: readonly string[]) => {
      const bodiless = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      this.receive(stream, session, new RequestHeaders(raw), bodiless, peer, () =>
        this.spend(session, socket, budgets.resets, 'requests that it gave up'),
      );
    });
    if (this.refusing) this.dismissOne(session);
  }

  private receive(
    stream: ServerHttp2Stream,
    session: ServerHttp2Session,
    headers: RequestHeaders,
    bodiless: boolean,
    peer: Peer,
    onGivenUp: () => void,
  ): void {
    stream.on('error', () => undefined);
    // The client reset it before this was called: no further event comes for it.
    if (stream.closed || stream.destroyed) return onGivenUp();
    const gone = new RequestSignal();
    let answered = false;
    this.open.set(stream, session);
    stream.once('close', () => {
      this.open.delete(stream);
      this.closeIfDone(session);
      gone.close();
      if (!answered) onGivenUp();
    });
    const method = headers.first(':method') ?? 'GET';
    const target = headers.first(':path') ?? '';
    const answer = () => {
      void this.props.serve({ method, target, headers, peer, gone }, ({ reply, stranger }) => {
        answered = true;
        send(reply, method, stream);
        if (stranger) this.finish(session);
      });
    };
    const refuse = (reply: ApiReply) => {
      answered = true;
      send(reply, method, stream);
    };
    const { headerBytes } = this.props.limits;
    // nghttp2 holds the client to its own limit only once the client has agreed to it.
    if (headers.bytes > headerBytes) {
      refuse(statusReply(headTooLarge(431, `the headers have more than ${headerBytes} bytes`)));
    } else if (bodiless) answer();
    else this.afterBody(stream, answer, refuse);
  }

  /** Reads the body and forgets it, as far as it is neither too large nor too slow. */
  private afterBody(stream: ServerHttp2Stream, answer: () => void, refuse: (reply: ApiReply) => void): void {
    const { bodyBytes, headersMs } = this.props.limits;
    let bytes = 0;
    let done = false;
    const finish = (then: () => void) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      then();
    };
    const timer = setTimeout(() => {
      finish(() => refuse(statusReply(requestNotReceived())));
      stream.close(constants.NGHTTP2_NO_ERROR);
    }, headersMs);
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytes) return;
      finish(() => refuse(statusReply(tooLarge(`a body has at most ${bodyBytes} bytes`))));
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
    stream.once('end', () => finish(answer));
    stream.once('close', () => finish(() => undefined));
  }

  /** An answer that the client does not read must not keep the connection either. */
  private idle(session: ServerHttp2Session): void {
    session.close();
    setTimeout(() => session.destroy(), this.props.limits.idleMs).unref();
  }

  private spend(session: ServerHttp2Session, socket: Socket, budget: FrameBudget, what: string): void {
    if (!budget.spend() || session.destroyed || this.closing.has(session)) return;
    this.closing.add(session);
    this.props.onAbuse(socket.remoteAddress ?? '', what);
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // A moment later, so that the client gets to see why.
    setImmediate(() => session.destroy(new Error(`too many ${what}`), constants.NGHTTP2_ENHANCE_YOUR_CALM));
  }
}

function send(reply: ApiReply, method: string, stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  const bodiless = method === 'HEAD';
  stream.respond({ ':status': reply.status, ...replyHeaders(reply) }, { endStream: bodiless });
  if (!bodiless) stream.end(reply.body);
}
