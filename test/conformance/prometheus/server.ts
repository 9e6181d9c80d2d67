import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import type { Feature } from '../../../core/promqltest';
import { type DataSeries, numberOf } from './data';
import { buildServer } from './module';
import { PrometheusProgram } from './program';

/** A query, and when it is evaluated. */
export type Question =
  | { readonly expression: string; readonly kind: 'instant'; readonly atMs: number }
  | {
      readonly expression: string;
      readonly kind: 'range';
      readonly startMs: number;
      readonly endMs: number;
      readonly stepMs: number;
    };

/** What a server, or Plimsoll's engine, says to a query. */
export type Answer =
  | { readonly kind: 'error'; readonly message: string }
  | {
      readonly kind: 'result';
      readonly value: AnswerValue;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
    };

export type AnswerValue =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector' | 'matrix'; readonly series: readonly AnswerSeries[] };

export interface AnswerSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const replyShape = z.union([
  z.object({ status: z.literal('error'), error: z.string() }),
  z.object({
    status: z.literal('success'),
    warnings: z.array(z.string()).default([]),
    infos: z.array(z.string()).default([]),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({ resultType: z.literal('string'), result: point }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: labels, value: point })),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(point) })),
      }),
    ]),
  }),
]);
type ReplyData = Extract<z.infer<typeof replyShape>, { status: 'success' }>['data'];

/** Flags that make a server keep what the data has, without which it would not open it. */
const STORAGE_FEATURES = ['st-storage', 'xor2-encoding'];

/** A Prometheus server over data of its own. */
export class PrometheusServer {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  /** What became of the process, once it has ended. */
  private ended: string | undefined;
  private readonly end: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.end = new Promise((resolve) => {
      const settle = (how: string): void => {
        this.ended = how;
        resolve();
      };
      child.once('error', (error) => settle(messageOf(error)));
      child.once('exit', (code, signal) => settle(`exit ${code ?? signal}`));
    });
  }

  /** Builds what is needed, writes the data, starts the server and waits until it answers. */
  static async start(data: readonly DataSeries[], features: readonly Feature[]): Promise<PrometheusServer> {
    const program = buildServer();
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-prometheus-'));
    try {
      const storage = join(folder, 'data');
      await PrometheusProgram.build().answers('tsdb', data, [storage]);
      const config = join(folder, 'prometheus.yml');
      writeFileSync(config, 'global: {}\n');
      const port = await freePort();
      const child = spawn(
        program,
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${storage}`,
          `--web.listen-address=127.0.0.1:${port}`,
          `--enable-feature=${[...STORAGE_FEATURES, ...features].join(',')}`,
          '--log.level=error',
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const server = new PrometheusServer(child, folder, port);
      try {
        await server.ready();
      } catch (error) {
        await server.stop();
        throw error;
      }
      return server;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    if (this.ended === undefined) this.child.kill();
    await this.end;
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(question: Question): Promise<Answer> {
    const reply = replyShape.parse(JSON.parse(await this.post(pathOf(question), parametersOf(question))));
    if (reply.status === 'error') return { kind: 'error', message: withoutParameter(reply.error) };
    const { warnings, infos, data } = reply;
    return { kind: 'result', warnings, infos, value: valueOf(data) };
  }

  private async ready(): Promise<void> {
    let last = 'no answer';
    for (let attempt = 0; attempt < 600 && this.ended === undefined; attempt++) {
      try {
        last = await this.post('/api/v1/query', 'query=1');
        if (last.includes('"success"')) return;
      } catch (error) {
        last = messageOf(error);
      }
      await sleep(50);
    }
    throw new Error(`the Prometheus server does not answer: ${this.ended ?? last}`);
  }

  private post(path: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.port,
          path,
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** An error that is found before the evaluation, without what the API puts before it. */
function withoutParameter(message: string): string {
  return message.replace(/^invalid parameter "query": /, '');
}

function pathOf({ kind }: Question): string {
  return kind === 'instant' ? '/api/v1/query' : '/api/v1/query_range';
}

function parametersOf(question: Question): string {
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
  const times: Readonly<Record<string, string>> =
    question.kind === 'instant'
      ? { time: seconds(question.atMs) }
      : {
          start: seconds(question.startMs),
          end: seconds(question.endMs),
          step: seconds(question.stepMs),
        };
  return new URLSearchParams({ query: question.expression, ...times }).toString();
}

function valueOf(data: ReplyData): AnswerValue {
  switch (data.resultType) {
    case 'scalar':
      return { type: 'scalar', value: numberOf(data.result[1]) };
    case 'string':
      return { type: 'string', value: data.result[1] };
    case 'vector':
      return {
        type: 'vector',
        series: data.result.map(({ metric, value }) => ({ labels: metric, points: [pointOf(value)] })),
      };
    case 'matrix':
      return {
        type: 'matrix',
        series: data.result.map(({ metric, values }) => ({ labels: metric, points: values.map(pointOf) })),
      };
  }
}

function pointOf([seconds, value]: z.infer<typeof point>): AnswerSeries['points'][number] {
  return { atMs: Math.round(seconds * 1000), value: numberOf(value) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
