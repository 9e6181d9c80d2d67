import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DataSeries } from '../conformance/prometheus/data';
import { PrometheusProgram } from '../conformance/prometheus/program';
import { freePort } from './ports';
import { Program } from './program';
import { prometheusPath } from './programs';
import { removeFolder, temporaryFolder } from './warden';

const START_TIMEOUT_MS = 120_000;

export interface PrometheusOptions {
  /** Addresses on 127.0.0.1 that are scraped, by job. */
  readonly targets?: Readonly<Record<string, { readonly port: number; readonly intervalSeconds?: number }>>;
  /** Series that are there from the start; their samples may lie ahead. */
  readonly data?: Iterable<DataSeries>;
  /** The whole configuration in place of the one that `targets` make; YAML. */
  readonly config?: string;
  readonly flags?: readonly string[];
}

const queryShape = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/** A Prometheus server on 127.0.0.1 with data of its own. */
export class Prometheus {
  private constructor(
    private readonly start: () => Promise<Program>,
    private program: Program,
    private readonly folder: string,
    /** Port of its API. */
    readonly port: number,
  ) {}

  static async start(options: PrometheusOptions = {}): Promise<Prometheus> {
    const path = prometheusPath();
    const folder = temporaryFolder('prometheus');
    try {
      if (options.data) await PrometheusProgram.build().fill(join(folder, 'data'), options.data);
      writeFileSync(join(folder, 'prometheus.yml'), options.config ?? scrapeConfig(options.targets ?? {}));
      const port = await freePort();
      const start = async (): Promise<Program> => {
        const program = startProgram(path, folder, port, options.flags ?? []);
        try {
          await program.until(
            async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
            START_TIMEOUT_MS,
          );
        } catch (error) {
          await program.stop();
          throw error;
        }
        return program;
      };
      return new Prometheus(start, await start(), folder, port);
    } catch (error) {
      removeFolder(folder);
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.program.pid;
  }

  /** Samples of an instant query, as labels and value. */
  async query(
    query: string,
  ): Promise<readonly { labels: Readonly<Record<string, string>>; value: string }[]> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${query}: ${response.status} ${text}`);
    const { data } = queryShape.parse(JSON.parse(text));
    return data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
  }

  /** How many requests it has answered, by path of its API as its own metrics name it. */
  async requests(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const counts = new Map<string, number>();
    for (const [, handler = '', count] of text.matchAll(
      /^prometheus_http_requests_total\{.*handler="([^"]*)".*\} (\S+)$/gm,
    )) {
      counts.set(handler, (counts.get(handler) ?? 0) + Number(count));
    }
    return counts;
  }

  /** Makes it hang or go on, as a server that is too slow. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.program.signal(signal);
  }

  /** Ends it as a crash would; its data stays. */
  async kill(): Promise<void> {
    await this.program.stop('SIGKILL');
  }

  /** Starts it again at its port, and waits until it answers. */
  async revive(): Promise<void> {
    this.program = await this.start();
  }

  async stop(): Promise<void> {
    // It has nothing to save.
    await this.program.stop('SIGKILL');
    removeFolder(this.folder);
  }
}

function startProgram(path: string, folder: string, port: number, flags: readonly string[]): Program {
  return Program.start({
    name: 'prometheus',
    path,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      // All stays in the head, whose samples may lie hours ahead of what is scraped.
      '--storage.tsdb.min-block-duration=24h',
      '--storage.tsdb.max-block-duration=24h',
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=st-storage,xor2-encoding',
      '--log.level=warn',
      ...flags,
    ],
    logFile: join(folder, 'prometheus.log'),
  });
}

/** JSON is YAML. */
function scrapeConfig(targets: NonNullable<PrometheusOptions['targets']>): string {
  return JSON.stringify({
    scrape_configs: Object.entries(targets).map(([job, { port, intervalSeconds = 1 }]) => ({
      job_name: job,
      scrape_interval: `${intervalSeconds}s`,
      scrape_timeout: `${intervalSeconds}s`,
      honor_labels: true,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  });
}
