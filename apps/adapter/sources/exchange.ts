import {
  request as requestHttp,
  STATUS_CODES,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { connectionProblem, forwarded, type TunnelRequest } from '../../proxy';
import type { Route } from './connections';
import { asReason } from './deadline';
import type { Target } from './endpoint';
import { SourceError } from './outcome';

/** Longest body that is read of an answer that is an error anyway. */
const ERROR_BYTES = 64 * 1024;

/** What only a proxy answers. */
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** Headers as they are sent; a name may come several times. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** A request as it goes over the wire. */
export interface Outgoing extends Target {
  readonly headers: Headers;
}

/** An answer, read to its end. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning only, if an error is longer than 64 KiB. */
  readonly body: Buffer;
  /** The proxy that was asked, whose answer it may be: host and port. Absent for answers of the source. */
  readonly proxy?: string;
}

/** How a request is sent. */
export interface ExchangeOptions {
  readonly route: Route;
  /** Told of the connection. */
  readonly follow: (socket: Socket) => void;
  /** Longest body of a 2xx; more is not read. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

/** A connection that was kept had been closed by the other side: the request was never read. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

/**
 * Sends one request and reads its answer. Where a kept connection turns out to be closed, it is sent again at once.
 * @throws SourceError `connection` or `too-long`; the reason of the signal
 */
export async function exchange(outgoing: Outgoing, options: ExchangeOptions): Promise<Incoming> {
  // Each time one connection is dropped, and at last there is a new one.
  for (let stale = 0; stale <= options.route.agent.maxSockets; stale += 1) {
    try {
      return await send(outgoing, options);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
    }
  }
  throw new SourceError('connection', 'it closes each connection that is kept');
}

function send(outgoing: Outgoing, { route, follow, limitBytes, signal }: ExchangeOptions): Promise<Incoming> {
  const { method, body } = outgoing;
  const { protocol, options, forwarder } = wayOf(outgoing, route);
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(asReason(signal));
      return;
    }
    const asked: TunnelRequest = { ...options, method, agent: route.agent, stop: signal };
    const request = (protocol === 'https:' ? requestHttps : requestHttp)(asked);
    const abort = () => request.destroy(asReason(signal));
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', abort));
    request.once('socket', follow);
    let answered = false;
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(asReason(signal));
      else if (request.reusedSocket && !answered && closedBefore(error)) reject(new StaleConnection());
      else reject(broken(error, forwarder));
    });
    request.once('response', (response) => {
      answered = true;
      const { statusCode: status = 0, headers } = response;
      if (forwarder !== undefined && status === PROXY_AUTHENTICATION_REQUIRED) {
        response.destroy();
        reject(broken(`it answers ${status} ${STATUS_CODES[status]}`, forwarder));
        return;
      }
      const by = forwarder === undefined ? {} : { proxy: forwarder };
      readBody(response, limitBytes).then(
        (read) => resolve({ status, headers, body: read, ...by }),
        (error: unknown) => reject(signal.aborted ? asReason(signal) : asSourceError(error)),
      );
    });
    request.end(body);
  });
}

/** The connection that a request takes, and what is sent on it. */
function wayOf(outgoing: Outgoing, { proxy }: Route) {
  const { url } = outgoing;
  const headers = headersOf(outgoing);
  if (!proxy || url.protocol === 'https:') {
    return { protocol: url.protocol, options: { ...urlToHttpOptions(url), headers }, forwarder: undefined };
  }
  const options = forwarded(url, proxy);
  return {
    protocol: proxy.protocol,
    options: { ...options, headers: { ...headers, ...options.headers } },
    forwarder: proxy.shown,
  };
}

function headersOf({ headers, body }: Outgoing): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {
    accept: 'application/json',
    // What is not compressed cannot be a bomb, and costs neither side the time.
    'accept-encoding': 'identity',
    'user-agent': 'plimsoll-adapter',
  };
  const own = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    own.set(key, [...(own.get(key) ?? []), value]);
  }
  for (const [name, values] of own) sent[name] = values.length === 1 ? (values[0] ?? '') : values;
  if (body !== undefined) {
    sent['content-type'] = 'application/x-www-form-urlencoded';
    sent['content-length'] = String(Buffer.byteLength(body));
  }
  return sent;
}

/** Stops reading at the limit: what is too long is not even held. */
function readBody(response: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const good = isGood(response.statusCode ?? 0);
  const limit = good ? limitBytes : Math.min(limitBytes, ERROR_BYTES);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const full = () => {
      if (good) reject(new SourceError('too-long', `its answer is longer than ${limitBytes} bytes`));
      else resolve(Buffer.concat(chunks));
      response.destroy();
    };
    response.on('error', reject);
    response.once('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    );
    response.once('close', () =>
      reject(new SourceError('connection', 'the connection broke off in its answer')),
    );
    if (good && Number(response.headers['content-length'] ?? 0) > limit) {
      full();
      return;
    }
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limit) full();
    });
  });
}

/** Whether an answer is what was asked for. */
export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

function closedBefore({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function asSourceError(error: unknown): SourceError {
  return error instanceof SourceError ? error : broken(error);
}

/** @param proxy the one to which the connection is */
function broken(error: unknown, proxy?: string): SourceError {
  const where = proxy === undefined ? '' : `proxy ${proxy}: `;
  return new SourceError('connection', `no answer: ${where}${connectionProblem(error)}`);
}
