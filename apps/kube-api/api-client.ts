import type { IncomingMessage } from 'node:http';
import type { Proxies } from '../proxy';
import type { ApiAccess, Credentials } from './api-access';
import { type ApiError, statusError } from './api-error';
import { Connections } from './connections';
import { Deadline } from './deadline';
import type { RequestRate } from './request-rate';

/** What the API server is asked for: the objects as they are. */
const JSON_TYPE = 'application/json';

/** How a patch is written (`k8s.io/apimachinery/pkg/types/patch.go`). */
export const PATCH = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  /** Of an object in JSON, which is YAML too; the path has to name a `fieldManager`. */
  apply: 'application/apply-patch+yaml',
} as const;

/** One of the ways to write a patch. */
export type PatchType = (typeof PATCH)[keyof typeof PATCH];

/** An answer, with what tells it from later ones. */
export interface TaggedAnswer {
  readonly body: unknown;
  /** The media type with its parameters. */
  readonly type: string;
  readonly etag: string | undefined;
}

/** Options of a client. */
export interface ApiClientOptions {
  readonly userAgent?: string;
  /**
   * Limits requests that are answered at once. Watches, which last for minutes, are not counted: there are as many of
   * them as kinds are watched, and each that ends is renewed after a pause.
   */
  readonly rate?: RequestRate;
  /** None unless they are given. */
  readonly proxies?: Proxies;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly accept?: string;
  readonly etag?: string | undefined;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly alone?: boolean;
}

/** A client of the Kubernetes API, with the credentials of each moment, over connections that are kept. */
export class ApiClient {
  private readonly connections: Connections;

  constructor(
    private readonly access: ApiAccess,
    private readonly options: ApiClientOptions = {},
  ) {
    this.connections = new Connections(options.proxies);
  }

  /**
   * The JSON behind a path.
   * @param timeoutMs for the whole answer
   * @param accept media types
   * @throws ApiError if the answer is not a success
   */
  async get(path: string, timeoutMs: number, signal: AbortSignal, accept = JSON_TYPE): Promise<unknown> {
    return this.exchange({ method: 'GET', path, accept }, timeoutMs, signal);
  }

  /**
   * The JSON behind a path if it is no longer what had this tag.
   * @returns undefined if it is
   * @throws ApiError if the answer is not a success
   */
  async getChanged(
    path: string,
    etag: string | undefined,
    timeoutMs: number,
    signal: AbortSignal,
    accept = JSON_TYPE,
  ): Promise<TaggedAnswer | undefined> {
    const deadline = new Deadline(signal, timeoutMs, `${path}: no answer within ${timeoutMs} ms`);
    return deadline.within(async () => {
      const response = await this.open({ method: 'GET', path, accept, etag }, timeoutMs, deadline.signal);
      const text = await readAll(response);
      if (response.statusCode === NOT_MODIFIED) return undefined;
      const { etag: tag, 'content-type': type = '' } = response.headers;
      return { body: JSON.parse(text) as unknown, type, etag: tag };
    });
  }

  /**
   * Creates an object.
   * @returns what the server answers: the object as it is then
   * @throws ApiError if the answer is not a success
   */
  post(path: string, body: unknown, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    return this.exchange({ method: 'POST', path, body, contentType: JSON_TYPE }, timeoutMs, signal);
  }

  /** Replaces an object; as {@link post}. With a resourceVersion in it, code 409 says that it has changed since. */
  put(path: string, body: unknown, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    return this.exchange({ method: 'PUT', path, body, contentType: JSON_TYPE }, timeoutMs, signal);
  }

  /** Changes an object; as {@link post}. */
  patch(
    path: string,
    body: unknown,
    type: PatchType,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<unknown> {
    return this.exchange({ method: 'PATCH', path, body, contentType: type }, timeoutMs, signal);
  }

  /**
   * Calls back with each line of an answer as it comes, until the server ends it.
   * @param silenceMs longest time without a byte, from the request on
   * @param accept media types
   * @throws ApiError if the answer is not a success
   */
  async lines(
    path: string,
    silenceMs: number,
    signal: AbortSignal,
    onLine: (line: string) => void,
    accept = JSON_TYPE,
  ): Promise<void> {
    const deadline = new Deadline(signal, silenceMs, `${path}: nothing heard for ${silenceMs} ms`);
    await deadline.within(async () => {
      const response = await this.open(
        { method: 'GET', path, accept, alone: true },
        silenceMs,
        deadline.signal,
      );
      let rest = '';
      response.setEncoding('utf8');
      for await (const text of response as AsyncIterable<string>) {
        deadline.renew();
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        lines.filter((line) => line !== '').forEach(onLine);
      }
    });
  }

  /** Closes its connections. */
  close(): void {
    this.connections.close();
  }

  private exchange(asked: Asked, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    const deadline = new Deadline(signal, timeoutMs, `${asked.path}: no answer within ${timeoutMs} ms`);
    return deadline.within(
      async () => JSON.parse(await readAll(await this.open(asked, timeoutMs, deadline.signal))) as unknown,
    );
  }

  private async open(asked: Asked, withinMs: number, signal: AbortSignal): Promise<IncomingMessage> {
    const { method, path, body, alone = false } = asked;
    if (!alone) await this.options.rate?.wait(signal, withinMs);
    const credentials = await this.access.credentials();
    const { url } = this.access;
    const response = await this.connections.send(
      {
        method,
        url: new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url),
        headers: this.headers(asked, credentials),
        signal,
        alone,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      credentials,
    );
    const { statusCode = 0 } = response;
    if (
      (statusCode >= 200 && statusCode < 300) ||
      (statusCode === NOT_MODIFIED && asked.etag !== undefined)
    ) {
      return response;
    }
    throw await refusal(response);
  }

  private headers(asked: Asked, credentials: Credentials): Readonly<Record<string, string>> {
    const { accept = JSON_TYPE, etag, contentType } = asked;
    const authorization = authorizationOf(credentials);
    return {
      accept,
      'user-agent': this.options.userAgent ?? 'plimsoll',
      ...(authorization === undefined ? {} : { authorization }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    };
  }
}

const NOT_MODIFIED = 304;

function authorizationOf({ token, basic }: Credentials): string | undefined {
  if (token !== undefined && token !== '') return `Bearer ${token}`;
  if (!basic) return undefined;
  return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`;
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function refusal(response: IncomingMessage): Promise<ApiError> {
  const code = response.statusCode ?? 0;
  const seconds = Number(response.headers['retry-after'] ?? 0);
  const body = await readAll(response);
  return statusError(parsed(body), code, Number.isFinite(seconds) ? seconds * 1000 : 0);
}

/** Proxies answer errors in other words than JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body.slice(0, 200) };
  }
}
