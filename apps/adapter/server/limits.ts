/** What clients may ask of the server. Times are in milliseconds. */
export interface ServerLimits {
  /**
   * Requests of callers that were recognised, anonymous ones included, that are worked on at a time; more are answered
   * 429, except those of `system:masters`. Infinity is no limit.
   */
  readonly inFlight: number;
  /** For one request from its head to its answer, reviews by the API server included, after which it is answered 504. */
  readonly requestMs: number;
  /** Path and query; a longer one is answered 414. */
  readonly targetBytes: number;
  /** All headers of a request; HTTP/1.1 counts the target too. More is answered 431, or resets the stream. */
  readonly headerBytes: number;
  /** No request needs a body: this much is thrown away, more is answered 413. */
  readonly bodyBytes: number;
  /** For the TLS handshake. */
  readonly handshakeMs: number;
  /** For the head of a request over HTTP/1.1, and for any body. */
  readonly headersMs: number;
  /** Longest pause between two requests on one connection. */
  readonly idleMs: number;
  /** Connections from one address, those in their handshake included; more are closed at once. */
  readonly connectionsPerAddress: number;
  /** What one HTTP/2 connection may cost. */
  readonly http2: Http2Limits;
}

export interface Http2Limits {
  /** Streams that are open at a time. */
  readonly streams: number;
  /** In each window a connection may have so many of each of these; with one more it is closed. */
  readonly windowMs: number;
  /** Streams that the client gives up before they are answered. */
  readonly resets: number;
  readonly pings: number;
  readonly settings: number;
}

/**
 * The generic API server's own, where it has one (`pkg/server/config.go`, `secure_serving.go` of k8s.io/apiserver):
 * 400 in flight, 60 s a request, 32 s for a head, 90 s idle, 100 streams. It accepts 1 MiB of headers; nobody needs that
 * much, but a user with hundreds of groups needs more than Node's 16 KiB. Go's client sends a ping with each reset.
 */
export const DEFAULT_LIMITS: ServerLimits = {
  inFlight: 400,
  requestMs: 60_000,
  targetBytes: 64 * 1024,
  headerBytes: 256 * 1024,
  bodyBytes: 16 * 1024,
  handshakeMs: 10_000,
  headersMs: 32_000,
  idleMs: 90_000,
  connectionsPerAddress: 512,
  http2: { streams: 100, windowMs: 10_000, resets: 200, pings: 400, settings: 50 },
};
