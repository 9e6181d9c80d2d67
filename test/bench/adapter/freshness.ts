import { setTimeout as sleep } from 'node:timers/promises';
import type { AggregatedServer } from '../../control-plane/aggregated-server';
import type { ControlPlane } from '../../control-plane/control-plane';
import type { Exporter } from '../../control-plane/exporter';
import { createNamespace, createPod } from './world';

/** Seconds from the scrape that had it first until it was answered; undefined if it was not while one waited. */
export interface Freshness {
  readonly newPod: number | undefined;
  readonly newMetric: number | undefined;
}

const NAMESPACE = 'fresh';
/** A metric that is there before any adapter starts. */
const KNOWN = 'fresh_known';
const POLL_MS = 10;

let number = 0;

/** Before adapters start: a metric that they are to know by the time they are measured. */
export async function prepareFreshness(plane: ControlPlane, exporter: Exporter): Promise<void> {
  await createNamespace(plane, NAMESPACE);
  exporter.set(KNOWN, { namespace: NAMESPACE, pod: 'known' }, 1);
}

/** How soon a pod that begins to be scraped, and a metric of a name that is new, are served. */
export async function measureFreshness(
  plane: ControlPlane,
  server: AggregatedServer,
  exporter: Exporter,
  waitMs: number,
): Promise<Freshness> {
  const newPod = await visible(KNOWN);
  return { newPod, newMetric: await visible(`fresh_${number}_requests`) };

  async function visible(metric: string): Promise<number | undefined> {
    const pod = `fresh-${number++}`;
    await createPod(plane, NAMESPACE, pod, { app: 'fresh' });
    const scrapes = exporter.scraped;
    exporter.set(metric, { namespace: NAMESPACE, pod }, 1);
    while (exporter.scraped === scrapes) await sleep(POLL_MS);
    const scraped = performance.now();
    const path = `/apis/custom.metrics.k8s.io/v1beta1/namespaces/${NAMESPACE}/pods/*/${metric}`;
    while (performance.now() - scraped < waitMs) {
      const { status, text } = await server.direct(path);
      if (status === 200 && text.includes(`"${pod}"`)) return (performance.now() - scraped) / 1000;
      await sleep(POLL_MS);
    }
    return undefined;
  }
}
