import type { Labels } from '../../../../core/kube/selector';
import { Random } from '../../../../rehearsal/random';
import { DATA_START_MS, type DataSample, type DataSeries } from '../../../conformance/prometheus/data';

/** Two namespaces and more have pods of the same names; some names are patterns that match others. */
export const NAMESPACES = ['shop', 'blog', 'kube-system'] as const;
export const PODS = ['web', 'web-1', 'web.v1', 'webxv1', 'db', 'db-0', 'job(1)'] as const;
export const NODES = ['n1', 'n2', 'n3.local', 'n3xlocal'] as const;
const CONTAINERS = ['app', 'proxy'] as const;

const MINUTE_MS = 60_000;
const SCRAPE_MS = 30_000;
/** How long the data goes on. */
export const CLUSTER_DATA_MS = 20 * MINUTE_MS;

/** A name of a series, the labels that tell its series apart, and whether it counts up. */
interface Family {
  readonly name: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly counter?: boolean;
}

const IN_PODS = { namespace: NAMESPACES, pod: PODS };
const FAMILIES: readonly Family[] = [
  { name: 'load', labels: IN_PODS },
  { name: 'memory', labels: { ...IN_PODS, container: CONTAINERS } },
  { name: 'limit', labels: { ...IN_PODS, container: CONTAINERS } },
  { name: 'requests_total', labels: { ...IN_PODS, code: ['200', '500'] }, counter: true },
  { name: 'latency_bucket', labels: { ...IN_PODS, le: ['0.1', '1', '+Inf'] }, counter: true },
  { name: 'pod_info', labels: { ...IN_PODS, node: NODES } },
  { name: 'quota', labels: { namespace: NAMESPACES } },
  { name: 'share', labels: { pod: PODS } },
  { name: 'capacity', labels: { node: NODES } },
  { name: 'node_load', labels: { node: NODES, cpu: ['0', '1', '2'] } },
];

/** Names of the series that have all of some labels. */
export function seriesWith(labels: readonly string[]): readonly string[] {
  return FAMILIES.filter((family) => labels.every((label) => label in family.labels)).map(({ name }) => name);
}

/** What pods, namespaces and nodes report: with gaps, NaN, infinities, series that lack a label. */
export function clusterData(seed: number): DataSeries[] {
  const random = new Random(seed);
  return FAMILIES.flatMap(({ name, labels, counter = false }) =>
    combinations(labels).flatMap((combination) => {
      const chance = random.below(100);
      if (chance < (name === 'pod_info' ? 70 : 12)) return [];
      const left = chance > 96 ? withoutOne(combination, random) : combination;
      return [{ labels: { __name__: name, ...left }, samples: samplesOf(counter, random) }];
    }),
  ).filter(firstOfItsLabels());
}

/** A label that should be there is missing. */
function withoutOne(labels: Labels, random: Random): Labels {
  const names = Object.keys(labels);
  const omitted = names[random.below(names.length)];
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== omitted));
}

function firstOfItsLabels(): (series: DataSeries) => boolean {
  const seen = new Set<string>();
  return ({ labels }) => {
    const key = JSON.stringify(labels);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  };
}

function samplesOf(counter: boolean, random: Random): DataSample[] {
  const samples: DataSample[] = [];
  const special = random.below(8) === 0;
  const until = random.below(12) === 0 ? CLUSTER_DATA_MS / 3 : CLUSTER_DATA_MS;
  let value = random.below(50);
  for (let at = random.below(SCRAPE_MS); at < until; at += SCRAPE_MS) {
    value = counter ? (random.below(30) === 0 ? 0 : value + random.below(20)) : value + random.next() * 4 - 2;
    const odd = special && !counter ? ['NaN', '+Inf', '-Inf', '0', '-0'][random.below(12)] : undefined;
    samples.push({ at: DATA_START_MS + at, value: odd ?? String(value), start: 0 });
  }
  return samples;
}

function combinations(labels: Readonly<Record<string, readonly string[]>>): Labels[] {
  return Object.entries(labels).reduce<Labels[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}
