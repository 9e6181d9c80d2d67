import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createAcceptor, type Server as Acceptor } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { UsageError } from '../../../core/errors';
import { type UserInfo } from '../../../core/adapter/api/authorization';
import { type RoutedRequest } from './call';
import { QuietLog } from '../quiet-log';
import { Connections } from './connections';
import { Http1 } from './http1';
import { Http2 } from './http2';
import { Pipeline, type IncomingRequest, type Outcome, type PipelineProps } from './pipeline';
import { ServingContexts, type ServingMaterial } from './serving-certificates';
import { type TlsPolicy } from './tls-policy';

/** Which protocol a client gets that speaks both. */
export type Http2Mode = 'preferred' | 'accepted' | 'off';

/** A request that was answered, or whose client was gone before it was. */
export interface AnsweredRequest {
  readonly method: string;
  readonly target: string;
  /** Absent if the request was refused before it was routed. */
  readonly routed?: RoutedRequest | undefined;
  /** Absent if nobody was recognised. */
  readonly user?: UserInfo | undefined;
  readonly status: number;
  readonly seconds: number;
  /** Whether nobody was there any more to take the answer. */
  readonly gone: boolean;
}

/** A TLS server of an API, and whom it lets in. */
export interface AdapterHttpServerProps<Routed extends RoutedRequest> extends PipelineProps<Routed> {
  readonly tls: ServingMaterial;
  readonly policy: TlsPolicy;
  readonly http2: Http2Mode;
  /** In milliseconds; need not be the time of day. */
  readonly now: () => number;
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

const IN_FLIGHT_CHECK_MS = 20;
/** How long a server that stops waits for handshake and first request of a connection that it has just accepted. */
const FIRST_REQUEST_MS = 1000;

/** Serves an aggregated API: HTTP/1.1 and HTTP/2 over TLS, for callers that are known and may do what they ask for. */
export class AdapterHttpServer<Routed extends RoutedRequest> {
  private readonly acceptor: Acceptor;
  private readonly server: Server;
  private readonly connections: Connections;
  private readonly http1: Http1;
  private readonly http2: Http2;
  private readonly pipeline: Pipeline<Routed>;
  private contexts: ServingContexts;

  /** @throws UsageError if a certificate cannot be read or does not belong to its key */
  constructor(private readonly props: AdapterHttpServerProps<Routed>) {
    const { limits, logger, now } = props;
    const quiet = new QuietLog(logger, Date.now);
    this.pipeline = new Pipeline(props);
    this.connections = new Connections(limits.connectionsPerAddress);
    const serve = (request: IncomingRequest, respond: (outcome: Outcome) => void) =>
      this.serve(request, respond);
    this.http1 = new Http1(serve, this.connections, limits);
    this.http2 = new Http2({
      serve,
      connections: this.connections,
      limits,
      now,
      onAbuse: (address, what) =>
        quiet.warn(`${address} ${what}`, 'connection closed: too many frames', { address, what }),
    });
    this.contexts = new ServingContexts(props.tls, props.policy);
    this.server = this.secureServer();
    this.acceptor = createAcceptor({ noDelay: true, keepAlive: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      if (this.connections.admit(socket)) this.server.emit('connection', socket);
    });
  }

  /** Requests that are worked on. */
  get inFlight(): number {
    return this.pipeline.inFlight;
  }

  /** Connections that are open. */
  get openConnections(): number {
    return this.connections.size;
  }

  /**
   * @param address to listen on: `0.0.0.0`, `::`, or one of the machine's
   * @param port 0 for any that is free
   * @returns the port
   * @throws UsageError if the port belongs to somebody else, or to root
   */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(unavailable(address, port, error));
      this.acceptor.once('error', fail);
      this.acceptor.listen(port, address, () => {
        this.acceptor.off('error', fail);
        const bound = this.acceptor.address();
        resolve(typeof bound === 'object' && bound ? bound.port : port);
      });
    });
  }

  /**
   * Shows other certificates to connections that come from now on.
   * @throws UsageError if one cannot be read or does not belong to its key; then nothing has changed
   */
  setMaterial(material: ServingMaterial): void {
    const contexts = new ServingContexts(material, this.props.policy);
    this.server.setSecureContext(contexts.options);
    this.contexts = contexts;
  }

  /** From now on clients are told to go elsewhere with their next request; all are still answered. */
  dismiss(): void {
    this.http1.dismiss();
    this.http2.dismiss();
  }

  /**
   * Accepts no more connections, and ends when everything in flight is answered or the time is over.
   * @returns how many requests were cut off
   */
  async stop(graceMs: number): Promise<number> {
    const closed = new Promise<void>((resolve) => this.acceptor.close(() => resolve()));
    this.dismiss();
    this.http1.closeIdle();
    this.http2.refuseNew();
    const began = performance.now();
    const isWaitedFor = () => {
      const waited = performance.now() - began;
      if (waited >= graceMs) return false;
      // A client may have sent its request before the server has seen the end of the handshake.
      const expected = this.http1.expected + this.http2.connected + this.connections.shakingHands;
      return this.unanswered > 0 || (expected > 0 && waited < FIRST_REQUEST_MS);
    };
    while (isWaitedFor()) await delay(IN_FLIGHT_CHECK_MS);
    const cut = this.unanswered;
    await this.connections.destroyAll();
    this.http1.close();
    await closed;
    return cut;
  }

  private get unanswered(): number {
    return this.http1.unanswered + this.http2.unanswered;
  }

  /** Shakes hands on the connections that it is given. */
  private secureServer(): Server {
    const { limits, logger } = this.props;
    const server = createServer({
      ...this.contexts.options,
      // Who sent a certificate, and whether it is good for anything, is found out request by request.
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshakeMs,
      ALPNProtocols: PROTOCOLS[this.props.http2],
      SNICallback: (name, done) => done(null, this.contexts.forName(name)),
    });
    server.on('secureConnection', (socket) => this.connected(socket));
    server.on('tlsClientError', (error, socket) => {
      logger.debug('handshake failed', { address: socket.remoteAddress, cause: error.message });
      socket.destroy();
    });
    return server;
  }

  private connected(socket: TLSSocket): void {
    socket.on('error', () => socket.destroy());
    if (!this.connections.secured(socket)) return;
    if (socket.alpnProtocol === 'h2') this.http2.accept(socket);
    else this.http1.accept(socket);
  }

  private async serve(request: IncomingRequest, respond: (outcome: Outcome) => void): Promise<void> {
    const started = performance.now();
    const outcome = await this.pipeline.answer(request);
    const gone = request.gone.closed;
    respond(outcome);
    const { method, target } = request;
    const { reply, routed, user } = outcome;
    const seconds = (performance.now() - started) / 1000;
    this.props.onAnswered?.({ method, target, routed, user, status: reply.status, seconds, gone });
  }
}

/** In the order in which the server prefers them. */
const PROTOCOLS: Readonly<Record<Http2Mode, string[]>> = {
  preferred: ['h2', 'http/1.1'],
  accepted: ['http/1.1', 'h2'],
  off: ['http/1.1'],
};

function unavailable(address: string, port: number, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`--secure-port=${port}: another program listens there; choose another`);
    case 'EACCES':
      return new UsageError(`--secure-port=${port}: not allowed for this user; choose one from 1024 on`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(
        `--bind-address=${address}: not an address of this machine; 0.0.0.0 is all of IPv4`,
      );
    default:
      return error;
  }
}
