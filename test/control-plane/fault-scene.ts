import { renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type AdapterOptions, startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { until } from './aggregation';
import { ControlPlane, type ControlPlaneOptions } from './control-plane';
import { Exporter } from './exporter';
import { FaultyPrometheus } from './faulty-prometheus';
import type { HeadedReply } from './https-client';
import { Prometheus } from './prometheus';

export const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
export const REQUESTS = `${CUSTOM}/namespaces/default/services/web/http_requests`;
export const ALL_REQUESTS = `${CUSTOM}/namespaces/default/services/*/http_requests`;
export const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
export const QUEUE = `${EXTERNAL}/namespaces/default/queue_depth`;

export const GOOD_RULE = {
  seriesQuery: 'http_requests_total',
  resources: { overrides: { namespace: { resource: 'namespace' }, service: { resource: 'service' } } },
  name: { matches: '^(.*)_total$' },
  metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
};
export const EXTERNAL_RULE = {
  seriesQuery: 'queue_depth',
  resources: { overrides: { namespace: { resource: 'namespace' } } },
  metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
};
/** Nothing is kept, so that each request shows how the source is. */
export const ASK_ALWAYS = { freshness: '0s' };
export const RULES = { rules: [GOOD_RULE], externalRules: [EXTERNAL_RULE], plimsoll: ASK_ALWAYS };
export const CONFIG = JSON.stringify(RULES);
/** Longer than any test: what works before it does not wait for it. */
export const NEVER = '--metrics-relist-interval=1h';

const statusShape = z.object({
  kind: z.literal('Status'),
  code: z.number(),
  reason: z.string().optional(),
  message: z.string(),
  details: z.object({ retryAfterSeconds: z.number().optional() }).optional(),
});
const valuesShape = z.object({ items: z.array(z.object({ value: z.string() })) });

/** A control plane, and a Prometheus that has one value for a rule and one for an external rule. */
export class FaultScene {
  private readonly started: { stop(): Promise<void> }[] = [];

  private constructor(
    readonly plane: ControlPlane,
    readonly exporter: Exporter,
    readonly prometheus: Prometheus,
  ) {}

  /** @param options of the control plane */
  static async start(options: ControlPlaneOptions = {}): Promise<FaultScene> {
    const started: { stop(): Promise<void> }[] = [];
    try {
      const plane = await ControlPlane.start(options);
      started.push(plane);
      const exporter = await Exporter.start();
      started.push(exporter);
      exporter.set('http_requests_total', { namespace: 'default', service: 'web' }, 25);
      exporter.set('queue_depth', { namespace: 'default', queue: 'orders' }, 7);
      const prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
      started.push(prometheus);
      await until('the target is scraped', async () => (await prometheus.query('queue_depth')).length > 0);
      await plane.create('/api/v1/namespaces/default/services', {
        metadata: { name: 'web' },
        spec: { ports: [{ port: 80 }] },
      });
      return new FaultScene(plane, exporter, prometheus);
    } catch (error) {
      await stopAll(started);
      throw error;
    }
  }

  /** Starts an adapter for one test. */
  async adapter(
    source: { readonly url: string },
    options: Partial<AdapterOptions> = {},
  ): Promise<AggregatedServer> {
    const adapter = await startOurAdapter(this.plane, source, { config: CONFIG, ...options });
    this.started.push(adapter);
    return adapter;
  }

  /** Starts for one test what stands before Prometheus. */
  async faultyPrometheus(): Promise<FaultyPrometheus> {
    const faulty = await FaultyPrometheus.start(this.prometheus);
    this.started.push(faulty);
    return faulty;
  }

  /** Stops what was started for the test that is over. */
  async stopStarted(): Promise<void> {
    await stopAll(this.started);
  }

  async stop(): Promise<void> {
    await this.stopStarted();
    await stopAll([this.plane, this.exporter, this.prometheus]);
  }
}

async function stopAll(started: { stop(): Promise<void> }[]): Promise<void> {
  for (const each of started.splice(0).reverse()) await each.stop();
}

/** A value of a reply that has one. */
export async function value(adapter: AggregatedServer, path: string): Promise<string | undefined> {
  const [first] = await values(adapter, path);
  return first;
}

export async function values(adapter: AggregatedServer, path: string): Promise<readonly string[]> {
  const { status, text } = await adapter.direct(path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return valuesShape.parse(JSON.parse(text)).items.map((item) => item.value);
}

/** Expects what a client gets of a metric whose source does not answer. */
export function unavailable({ status, text, headers }: HeadedReply): void {
  expect([status, text]).toEqual([503, expect.stringContaining('"kind":"Status"')]);
  const { reason, details } = statusShape.parse(JSON.parse(text));
  expect(reason).toBe('ServiceUnavailable');
  expect(details?.retryAfterSeconds).toBeGreaterThan(0);
  // With it the client of the autoscaler's controller would ask again ten times, and hold up other autoscalers.
  expect(headers).not.toHaveProperty('retry-after');
  // Where the source is, and what it said, is not for everybody.
  expect(text).not.toMatch(/127\.0\.0\.1|ECONN|nginx|gateway/);
}

/** The sum of one of its own metrics. @param name without the prefix; with labels for one series */
export async function metric(adapter: AggregatedServer, name: string): Promise<number> {
  const { text } = await adapter.direct('/metrics');
  const lines = text.split('\n').filter((line) => {
    const series = `plimsoll_adapter_${name}`;
    return line.startsWith(`${series} `) || line.startsWith(`${series}{`);
  });
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

export function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

export function vector(
  samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[],
): string {
  const result = samples.map((each) => ({ metric: each.labels, value: [Date.now() / 1000, each.value] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}
