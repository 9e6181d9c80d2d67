import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls, { type TlsOptions } from 'node:tls';
import {
  createSource,
  type PrometheusSource,
  type SourceDeps,
  type SourceRequest,
} from '../../../../apps/adapter/sources';
import type { Logger } from '../../../../apps/runtime';
import type { SourceSettings } from '../../../../core/rules/sources';

/** Time that passes when a test says so; pauses shorter than a second pass at once. */
class FakeClock {
  nowMs = 1_700_000_000_000;
  readonly pauses: number[] = [];
  private readonly timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  readonly now = () => this.nowMs;
  readonly random = () => 1;
  readonly after = (ms: number, callback: () => void) => {
    if (ms < 1_000 || this.patientUntilMs >= ms) {
      this.pauses.push(ms);
      setImmediate(() => {
        this.nowMs += ms;
        callback();
      });
      return () => {};
    }
    const timer = { atMs: this.nowMs + ms, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  /** Pauses up to this long pass at once too. */
  patientUntilMs = 0;

  get running(): number {
    return this.timers.size;
  }

  advance(ms: number): void {
    this.nowMs += ms;
    for (const timer of this.timers) {
      if (timer.atMs > this.nowMs) continue;
      this.timers.delete(timer);
      timer.callback();
    }
  }
}

/** What a test server was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headersDistinct'];
  readonly body: string;
}

export type Answer = (asked: Asked, response: ServerResponse, message: IncomingMessage) => void;

/** A server on the loopback interface that answers what a test says, and remembers what it was asked. */
export class FakePrometheus {
  readonly asked: Asked[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  answer: Answer = vector([]);
  private arrived: (() => void)[] = [];

  private constructor(
    readonly server: Server,
    private readonly scheme: string,
  ) {
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(tls?: TlsOptions): Promise<FakePrometheus> {
    const listener: RequestListener = (message, response) => fake.take(message, response);
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const fake = new FakePrometheus(server, tls ? 'https' : 'http');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get last(): Asked {
    const last = this.asked.at(-1);
    if (!last) throw new Error('nothing was asked');
    return last;
  }

  /** The parameters of the last request, of URL and form. */
  get parameters(): URLSearchParams {
    const { url, body } = this.last;
    return new URLSearchParams([...new URL(url, this.url).searchParams, ...new URLSearchParams(body)]);
  }

  /** Until so many requests came. */
  async until(count: number): Promise<void> {
    while (this.asked.length < count) await new Promise<void>((resolve) => this.arrived.push(resolve));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private take(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => {
      const asked = {
        method: message.method ?? '',
        url: message.url ?? '',
        headers: message.headersDistinct,
        body: Buffer.concat(chunks).toString(),
      };
      this.asked.push(asked);
      for (const told of this.arrived.splice(0)) told();
      this.answer(asked, response, message);
    });
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return text(status, JSON.stringify(body), 'application/json', headers);
}

export function text(
  status: number,
  body: string,
  type: string,
  headers: Record<string, string> = {},
): Answer {
  return (_asked, response) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  };
}

/** An instant vector as Prometheus answers it. */
export function vector(values: readonly string[], more: object = {}): Answer {
  const result = values.map((value, index) => ({
    metric: { pod: `pod-${index}` },
    value: [1_700_000_000, value],
  }));
  return json(200, { status: 'success', data: { resultType: 'vector', result }, ...more });
}

/** Lets in who has one of these. */
export const only =
  (...allowed: readonly string[]): Answer =>
  (asked, ...rest) =>
    (allowed.includes(asked.headers.authorization?.[0] ?? '') ? vector([]) : text(401, '', 'text/plain'))(
      asked,
      ...rest,
    );

/** One answer after the other; the last stays. */
export function inOrder(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (...call) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(...call);
  };
}

/** Never answers. */
export const silence: Answer = () => {};

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Parameters<Logger['info']>[1];
}

/** A source against a server, with everything that a test looks at. */
export class Bench {
  readonly clock = new FakeClock();
  readonly log: LogLine[] = [];
  readonly observed: SourceRequest[] = [];
  private readonly ends: (() => Promise<void>)[] = [];
  private folderPath: string | undefined;

  readonly logger: Logger = {
    debug: (message, fields) => void this.log.push({ level: 'debug', message, fields }),
    info: (message, fields) => void this.log.push({ level: 'info', message, fields }),
    warn: (message, fields) => void this.log.push({ level: 'warn', message, fields }),
    error: (message, fields) => void this.log.push({ level: 'error', message, fields }),
  };

  async server(tls?: TlsOptions): Promise<FakePrometheus> {
    const server = await FakePrometheus.start(tls);
    this.ends.push(() => server.stop());
    return server;
  }

  source(
    settings: Partial<SourceSettings> & { readonly url: string },
    deps: Partial<SourceDeps> = {},
  ): PrometheusSource {
    const source = createSource(
      {
        name: 'main',
        verb: 'POST',
        timeoutMs: 10_000,
        concurrency: 4,
        headers: [],
        tls: {},
        ...settings,
      },
      {
        logger: this.logger,
        observe: (request) => void this.observed.push(request),
        now: this.clock.now,
        random: this.clock.random,
        after: this.clock.after,
        ...deps,
      },
    );
    this.ends.unshift(() => source.close());
    return source;
  }

  async file(name: string, content: string): Promise<string> {
    this.folderPath ??= await mkdtemp(join(tmpdir(), 'sources-'));
    const path = join(this.folderPath, name);
    await writeFile(path, content);
    return path;
  }

  logged(level: string): readonly string[] {
    return this.log.filter((line) => line.level === level).map(({ message }) => message);
  }

  async end(): Promise<void> {
    for (const end of this.ends.splice(0)) await end();
    if (this.folderPath !== undefined) await rm(this.folderPath, { recursive: true });
  }
}

/** Whether each connection of TLS was one that verifies, whatever the environment tells Node to believe. */
export async function eachVerified(work: () => Promise<void>): Promise<void> {
  const connect = jest.spyOn(tls, 'connect');
  try {
    await work();
    const verified = connect.mock.calls.map(([options]) => Object.entries(options));
    expect(verified.length).toBeGreaterThan(0);
    for (const options of verified) {
      expect(options).toContainEqual(['rejectUnauthorized', true]);
    }
  } finally {
    connect.mockRestore();
  }
}

/** Nobody gives up. */
export const patient = new AbortController().signal;

/** In an expected object: a text with this in it. */
export function containing(part: string): unknown {
  return expect.stringContaining(part);
}

/** In an expected object: a text like this. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
