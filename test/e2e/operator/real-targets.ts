import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { formatDuration, parsePrometheusDuration } from '../../../core/kube/duration';
import { discoverTargets, type DiscoveryState, type ScrapeJob, type Target } from '../../../core/operator';
import type { ControlPlane } from '../../control-plane/control-plane';
import { Prometheus } from '../../control-plane/prometheus';

/** Prometheus hands over what it has discovered every five seconds, and reads that every five seconds; on a busy machine later. */
const TIMEOUT_MS = 60_000;
const POLL_MS = 500;
/** A server that shall find nothing has nothing to show at first either, so it is given time to find something. */
const SILENT_MS = 12_000;

const configuration = z.looseObject({
  scrape_configs: z.array(z.looseObject({ kubernetes_sd_configs: z.array(z.looseObject({})) })).nullish(),
});

const targetsShape = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        scrapePool: z.string(),
        labels: z.record(z.string(), z.string()),
        scrapeUrl: z.string(),
        scrapeInterval: z.string(),
        scrapeTimeout: z.string(),
      }),
    ),
  }),
});

/** What came of a comparison. */
export interface TargetComparison {
  readonly differences: readonly string[];
  /** How many targets the real Prometheus has. */
  readonly targets: number;
  /** Names of the jobs that have targets. */
  readonly jobsWithTargets: readonly string[];
}

/** How the targets of the jobs in a state differ from those of a real Prometheus with the operator's configuration. */
export async function targetDifferences(
  plane: ControlPlane,
  yaml: string,
  jobs: readonly ScrapeJob[],
  state: DiscoveryState,
): Promise<TargetComparison> {
  const found = jobs.map((job) => ({ job, targets: discoverTargets(job, state) }));
  const ours = found.flatMap(({ targets }) => targets.map(targetText)).sort();
  const theirs = await realTargets(plane, yaml, ours);
  return {
    differences: [
      ...without(ours, theirs).map((text) => `only ours: ${text}`),
      ...without(theirs, ours).map((text) => `only Prometheus': ${text}`),
    ],
    targets: theirs.length,
    jobsWithTargets: found.filter(({ targets }) => targets.length > 0).map(({ job }) => job.name),
  };
}

/** The targets of a real Prometheus, once they are as expected, or when there has been time enough for that. */
async function realTargets(
  plane: ControlPlane,
  yaml: string,
  expected: readonly string[],
): Promise<readonly string[]> {
  const prometheus = await Prometheus.start({ config: reachable(plane, yaml) });
  try {
    const started = performance.now();
    for (;;) {
      const reply = await fetch(`${prometheus.url}/api/v1/targets?state=active`);
      const { data } = targetsShape.parse(await reply.json());
      const texts = data.activeTargets
        .map(({ scrapePool, labels, scrapeUrl, scrapeInterval, scrapeTimeout }) =>
          text(scrapePool, labels, scrapeUrl, [scrapeInterval, scrapeTimeout].map(parsePrometheusDuration)),
        )
        .sort();
      const waited = performance.now() - started;
      const asExpected = JSON.stringify(texts) === JSON.stringify(expected);
      if (waited > TIMEOUT_MS || (asExpected && waited > (expected.length === 0 ? SILENT_MS : 0)))
        return texts;
      await sleep(POLL_MS);
    }
  } finally {
    await prometheus.stop();
  }
}

/** The configuration for a Prometheus that is no pod of the cluster, and the first shard. */
function reachable(plane: ControlPlane, yaml: string): string {
  const { certificate, key } = plane.identity('prometheus', ['system:masters']);
  const files = { ca_file: plane.caBundle, cert_file: certificate, key_file: key };
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(plane.folder, `prometheus-${name}`);
    writeFileSync(path, content, { mode: 0o600 });
    return [name, path] as const;
  });
  const access = {
    api_server: `https://127.0.0.1:${plane.apiServer.port}`,
    tls_config: Object.fromEntries(paths),
  };
  const read = configuration.parse(parse(yaml.replaceAll('$(SHARD)', '0')));
  return stringify({
    ...read,
    scrape_configs: (read.scrape_configs ?? []).map((config) => ({
      ...config,
      kubernetes_sd_configs: config.kubernetes_sd_configs.map((one) => ({ ...one, ...access })),
    })),
  });
}

function targetText(target: Target): string {
  const { job, labels, scheme, address, metricsPath, params, interval, timeout } = target;
  const path = metricsPath === '' || metricsPath.startsWith('/') ? metricsPath : `/${metricsPath}`;
  const query = Object.entries(params)
    .flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const search = new URLSearchParams(query).toString();
  const url = `${scheme}://${address}${path}${search === '' ? '' : `?${search}`}`;
  return text(job.name, labels, url, [interval, timeout]);
}

function text(
  pool: string,
  labels: Readonly<Record<string, string>>,
  url: string,
  timing: readonly number[],
): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${pool} ${url} ${timing.map(formatDuration).join(' ')} ${JSON.stringify(sorted)}`;
}

function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return texts.filter((one) => !known.has(one));
}
