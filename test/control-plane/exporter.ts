import { createServer, type Server } from 'node:http';
import type { Labels } from '../../core/kube/selector';
import { portOf } from './ports';

/** A program with metrics whose values the test sets; Prometheus scrapes it. */
export class Exporter {
  private readonly samples = new Map<string, number>();
  private scrapes = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Exporter> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const exporter = new Exporter(server, portOf(server));
    server.on('request', (_, response) => {
      exporter.scrapes++;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(exporter.text());
    });
    return exporter;
  }

  /** How often it was scraped. */
  get scraped(): number {
    return this.scrapes;
  }

  set(name: string, labels: Labels, value: number): void {
    this.samples.set(seriesText(name, labels), value);
  }

  add(name: string, labels: Labels, by: number): void {
    const series = seriesText(name, labels);
    this.samples.set(series, (this.samples.get(series) ?? 0) + by);
  }

  remove(name: string, labels: Labels): void {
    this.samples.delete(seriesText(name, labels));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** With the time: else a scrape that a busy machine has no time for would be the end of all series until the next. */
  private text(): string {
    const now = Date.now();
    return [...this.samples].map(([series, value]) => `${series} ${valueText(value)} ${now}\n`).join('');
  }
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function seriesText(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${label}="${escaped}"`;
  });
  return `${name}{${pairs.join(',')}}`;
}
