import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { z } from 'zod';
import type { ApiAccess } from './api-access';

/** An answer that is not 200, or an event that says what went wrong. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status. */
    readonly code: number,
    message: string,
    /** How long the server wants to be left alone. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }

  /** Whether what was asked for is too old, so that everything has to be read again. */
  get gone(): boolean {
    return this.code === 410;
  }
}

/** `metav1.Status`, as far as it says what went wrong. */
const status = z.object({ code: z.number().optional(), message: z.string().optional() });

/** The error that a `metav1.Status` describes. */
export function statusError(value: unknown, fallbackCode: number, retryAfterMs = 0): ApiError {
  const read = status.safeParse(value);
  const { code = fallbackCode, message = `status ${code}` } = read.success ? read.data : {};
  return new ApiError(code, message, retryAfterMs);
}

/** Reads of the Kubernetes API: one connection for each, with the credentials of that moment. */
export class ApiClient {
  constructor(private readonly access: ApiAccess) {}

  /**
   * The JSON behind a path.
   * @param timeoutMs for the whole answer
   * @throws ApiError if the answer is not 200
   */
  async get(path: string, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    const patience = new Patience(signal, timeoutMs, `${path}: no answer within ${timeoutMs} ms`);
    return patience.within(
      async () => JSON.parse(await readAll(await this.open(path, patience.signal))) as unknown,
    );
  }

  /**
   * Calls back with each line of an answer as it comes, until the server ends it.
   * @param silenceMs longest time without a byte, from the request on
   * @throws ApiError if the answer is not 200
   */
  async lines(
    path: string,
    silenceMs: number,
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<void> {
    const patience = new Patience(signal, silenceMs, `${path}: nothing heard for ${silenceMs} ms`);
    await patience.within(async () => {
      const response = await this.open(path, patience.signal);
      let rest = '';
      response.setEncoding('utf8');
      for await (const text of response as AsyncIterable<string>) {
        patience.renew();
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        lines.filter((line) => line !== '').forEach(onLine);
      }
    });
  }

  private async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { token, ca } = await this.access.credentials();
    const response = await send(new URL(path, this.access.url), signal, {
      agent: false,
      headers: {
        accept: 'application/json',
        'user-agent': 'plimsoll',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(ca === undefined ? {} : { ca }),
    });
    if (response.statusCode === 200) return response;
    throw await refusal(response);
  }
}

/** Ends a request when its caller wants that, or when nothing was heard for too long. */
class Patience {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(caller: AbortSignal, ms: number, message: string) {
    this.timer = setTimeout(() => this.controller.abort(new Error(message)), ms);
    this.signal = AbortSignal.any([caller, this.controller.signal]);
  }

  /** Something was heard. */
  renew(): void {
    this.timer.refresh();
  }

  /** @throws the reason of an abort, where Node would only say that there was one */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.signal.aborted ? this.signal.reason : error;
    } finally {
      clearTimeout(this.timer);
    }
  }
}

function send(
  url: URL,
  signal: AbortSignal,
  options: RequestOptions & { readonly ca?: string },
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, { ...options, signal }, resolve)
      .once('error', reject)
      .end();
  });
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
