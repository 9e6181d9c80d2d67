import {
  request as requestHttp,
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { asReason } from './deadline';
import type { Target } from './endpoint';
import { SourceError } from './outcome';

/** Longest body that is read of an answer that is an error anyway. */
const ERROR_BYTES = 64 * 1024;

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
}

/** How a request is sent. */
export interface ExchangeOptions {
  readonly agent: Agent;
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
  for (let stale = 0; stale <= options.agent.maxSockets; stale += 1) {
    try {
      return await send(outgoing, options);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
    }
  }
  throw new SourceError('connection', 'it closes each connection that is kept');
}

function send(outgoing: Outgoing, { agent, follow, limitBytes, signal }: ExchangeOptions): Promise<Incoming> {
  const { method, url, body } = outgoing;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(asReason(signal));
      return;
    }
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      agent,
      headers: headersOf(outgoing),
    });
    const abort = () => request.destroy(asReason(signal));
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', abort));
    request.once('socket', follow);
    let answered = false;
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(asReason(signal));
      else if (request.reusedSocket && !answered && closedBefore(error)) reject(new StaleConnection());
      else reject(broken(error));
    });
    request.once('response', (response) => {
      answered = true;
      readBody(response, limitBytes).then(
        (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
        (error: unknown) => reject(signal.aborted ? asReason(signal) : asSourceError(error)),
      );
    });
    request.end(body);
  });
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

function broken(error: unknown): SourceError {
  return new SourceError('connection', `no answer: ${connectionProblem(error)}`);
}

/** Where a name has several addresses, the error of each is in a list and the message is empty. */
function connectionProblem(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(connectionProblem).join('; ');
  return error instanceof Error ? error.message : String(error);
}
