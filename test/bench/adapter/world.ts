import type { Labels } from '../../../core/kube/selector';
import type { DataSample, DataSeries } from '../../conformance/prometheus/data';
import { type ControlPlane } from '../../control-plane/control-plane';

/** How many autoscalers there are, of how many pods each, and over how many namespaces they are spread. */
export interface Layout {
  readonly namespaces: number;
  readonly autoscalers: number;
  readonly podsEach: number;
}

/** One of the objects that an autoscaler asks for. */
interface PodName {
  readonly namespace: string;
  readonly app: string;
  readonly name: string;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Before now, for the range of a rate. */
const PAST_MS = 6 * MINUTE_MS;
const SCRAPE_MS = 15 * SECOND_MS;
/** What nobody asks for is there, no more: less than the five minutes that Prometheus looks back. */
const SPARSE_MS = 4 * MINUTE_MS;
/** Series of a pod, besides the one that is asked for. */
const OTHERS_EACH = 19;
/** Series of namespaces, with a name each. */
const ODD_SERIES = 736;
const PARALLEL_POSTS = 64;

/** The metric that autoscalers ask for, as its rule names it. */
const METRIC = 'http_requests_per_second';

/** Configuration of one targeted rule, and of one for what is scraped while the benchmark runs. */
export const TARGETED_CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
      resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
      name: { matches: '^(.*)_total$', as: '${1}_per_second' },
      metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
    },
    {
      seriesQuery: '{__name__=~"^fresh_.*",namespace!="",pod!=""}',
      resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
});

/** @returns the namespace of the autoscaler with this number */
function namespaceOf(layout: Layout, autoscaler: number): string {
  return `ns-${autoscaler % layout.namespaces}`;
}

function* podsOf(layout: Layout): Generator<PodName> {
  for (let autoscaler = 0; autoscaler < layout.autoscalers; autoscaler++) {
    const app = `web-${autoscaler}`;
    const namespace = namespaceOf(layout, autoscaler);
    for (let pod = 0; pod < layout.podsEach; pod++) {
      yield { namespace, app, name: `${app}-6b86c8ccc9-${String(pod).padStart(5, 'x')}` };
    }
  }
}

/** What an autoscaler with this number asks for. */
export function metricPath(layout: Layout, autoscaler: number, metric = METRIC): string {
  const selector = encodeURIComponent(`app=web-${autoscaler}`);
  const namespace = namespaceOf(layout, autoscaler);
  return `/apis/custom.metrics.k8s.io/v1beta1/namespaces/${namespace}/pods/*/${metric}?labelSelector=${selector}`;
}

/** Requests a second of a pod of the autoscaler with this number. */
export function rateOf(autoscaler: number): number {
  return ((autoscaler % 7) + 1) / 2;
}

/**
 * Twenty series of each pod, and some of namespaces. The one that is asked for has a sample each scrape, far enough
 * ahead for the whole run.
 * @param aheadMs how long the samples go on after now
 * @param others how many more series each pod has
 */
export function* seriesOf(
  layout: Layout,
  nowMs: number,
  aheadMs: number,
  others = OTHERS_EACH,
): Generator<DataSeries> {
  const sparse = samples(nowMs - PAST_MS, nowMs + aheadMs, SPARSE_MS, 0.1);
  let index = 0;
  for (const { namespace, app, name } of podsOf(layout)) {
    const autoscaler = Math.floor(index++ / layout.podsEach);
    const labels = { namespace, pod: name, instance: `10.244.${index % 250}.7:8080`, job: app };
    const offset = index % SCRAPE_MS;
    yield {
      labels: { __name__: 'http_requests_total', ...labels },
      samples: samples(nowMs - PAST_MS + offset, nowMs + aheadMs, SCRAPE_MS, rateOf(autoscaler)),
    };
    for (let number = 0; number < others; number++) {
      yield { labels: otherLabels(number, labels), samples: sparse };
    }
  }
  for (let odd = 0; odd < ODD_SERIES; odd++) {
    const labels = { __name__: `quota_${odd}`, namespace: namespaceOf(layout, odd), job: 'quota' };
    yield { labels, samples: sparse };
  }
}

/** Half of what the containers of a pod use, half of what its program counts. */
function otherLabels(number: number, labels: Labels): Labels {
  return number % 2 === 0
    ? { __name__: `container_thing_${number}_seconds_total`, container: 'app', image: 'web:1', ...labels }
    : { __name__: `operations_${number}_total`, service: 'web', code: '200', ...labels };
}

function samples(fromMs: number, toMs: number, everyMs: number, perSecond: number): DataSample[] {
  const result: DataSample[] = [];
  for (let at = fromMs; at < toMs; at += everyMs) {
    result.push({ at, value: ((perSecond * (at - fromMs)) / SECOND_MS).toFixed(3), start: 0 });
  }
  return result;
}

/** Creates the pods, which nothing runs: adapters ask only for their names. */
export async function createPods(plane: ControlPlane, layout: Layout): Promise<void> {
  for (let number = 0; number < layout.namespaces; number++) {
    await createNamespace(plane, `ns-${number}`);
  }
  const pods = podsOf(layout);
  const worker = async (): Promise<void> => {
    for (const { namespace, app, name } of pods) await createPod(plane, namespace, name, { app });
  };
  await Promise.all(Array.from({ length: PARALLEL_POSTS }, worker));
}

/** With the account without which no pod may be created: nobody else makes it. */
export async function createNamespace(plane: ControlPlane, name: string): Promise<void> {
  await plane.create('/api/v1/namespaces', { metadata: { name } });
  await plane.create(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
}

export async function createPod(
  plane: ControlPlane,
  namespace: string,
  name: string,
  labels: Labels,
): Promise<void> {
  await plane.create(`/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, labels: { ...labels, 'pod-template-hash': '6b86c8ccc9' } },
    spec: {
      nodeName: 'node-1',
      containers: [
        {
          name: 'app',
          image: 'registry.example.com/web:1',
          ports: [{ name: 'http', containerPort: 8080 }],
          env: [{ name: 'PORT', value: '8080' }],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
        },
      ],
    },
  });
}
