import { NotSupportedError } from '../errors';
import type { Labels } from '../kube/selector';

/** One end of an HTTP request as an agent knows it; empty texts where it knows nothing, as of the outside world. */
export interface FlowEnd {
  readonly ip: string;
  readonly namespace: string;
  readonly pod: string;
  readonly workload: string;
  readonly workloadKind: string;
  /** From the labels `app.kubernetes.io/name`, `k8s-app` or `app`. */
  readonly app: string;
}

/** HTTP requests of one kind that crossed an L7 proxy. */
export interface HttpFlow {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly method: string;
  readonly protocol: string;
  readonly status: number;
  /** The side whose proxy it was: the receiver's on ingress, the sender's on egress. */
  readonly reporter: 'server' | 'client';
}

/** How the agent is told to count HTTP requests. */
export interface HubbleHttp {
  /** Names of the context labels, without those every series has. */
  readonly contextLabels: readonly string[];
  /** Labels of the series that counts a request. */
  labelsOf(flow: HttpFlow): Labels;
  /** Whether the series of a pod go, a minute after the pod, from the side named. */
  readonly forgets: { readonly source: boolean; readonly destination: boolean };
}

type LabelReader = (flow: HttpFlow) => string;

const CONTEXT_READERS: Readonly<Record<string, LabelReader>> = {
  source_ip: ({ source }) => source.ip,
  source_namespace: ({ source }) => source.namespace,
  source_pod: ({ source }) => source.pod,
  source_workload: ({ source }) => source.workload,
  source_workload_kind: ({ source }) => source.workloadKind,
  source_app: ({ source }) => source.app,
  destination_ip: ({ destination }) => destination.ip,
  destination_namespace: ({ destination }) => destination.namespace,
  destination_pod: ({ destination }) => destination.pod,
  destination_workload: ({ destination }) => destination.workload,
  destination_workload_kind: ({ destination }) => destination.workloadKind,
  destination_app: ({ destination }) => destination.app,
  traffic_direction: ({ reporter }) => (reporter === 'server' ? 'ingress' : 'egress'),
};

/** What `sourceContext` and `destinationContext` put into the labels `source` and `destination`. */
const END_READERS: Readonly<Record<string, (end: FlowEnd) => string>> = {
  namespace: ({ namespace }) => namespace,
  pod: ({ namespace, pod }) => qualified(namespace, pod),
  'pod-name': ({ pod }) => pod,
  workload: ({ namespace, workload }) => qualified(namespace, workload),
  'workload-name': ({ workload }) => workload,
  app: ({ app }) => app,
  ip: ({ ip }) => ip,
};

/** Options that change nothing about the labels. */
const IGNORED_OPTIONS = ['exemplars'];

/**
 * Reads the agent's `hubble-metrics` setting: metrics separated by spaces, each with options as in
 * `httpV2:exemplars=true;labelsContext=source_namespace,destination_pod`.
 * @returns undefined if HTTP requests are not counted
 * @throws NotSupportedError for the older metric `http`, or an option or context that is not modelled
 */
export function parseHubbleMetrics(setting: string): HubbleHttp | undefined {
  const metrics = setting.split(/\s+/).map((metric) => metric.split(/:(.*)/s));
  if (metrics.some(([name]) => name === 'http')) {
    throw new NotSupportedError('Hubble metric http: use httpV2, which tells apart who reported a request');
  }
  const http = metrics.find(([name]) => name === 'httpV2');
  return http ? hubbleHttp(http[1] ?? '') : undefined;
}

function hubbleHttp(options: string): HubbleHttp {
  const readers = new Map<string, LabelReader>();
  for (const option of options.split(';').filter((text) => text !== '')) {
    const [key = '', value = ''] = option.split(/=(.*)/s);
    for (const [label, reader] of readersOf(key, value)) readers.set(label, reader);
  }
  const names = [...readers.keys()];
  return {
    contextLabels: names,
    labelsOf: (flow) => ({
      method: flow.method,
      protocol: flow.protocol,
      status: String(flow.status),
      reporter: flow.reporter,
      ...Object.fromEntries([...readers].map(([label, reader]) => [label, reader(flow)])),
    }),
    forgets: {
      source: names.includes('source_namespace') && names.includes('source_pod'),
      destination: names.includes('destination_namespace') && names.includes('destination_pod'),
    },
  };
}

function readersOf(option: string, value: string): readonly (readonly [string, LabelReader])[] {
  switch (option) {
    case 'labelsContext':
      return value.split(',').map((label) => [label, contextReader(label)]);
    case 'sourceContext': {
      const read = endReader(option, value);
      return [['source', ({ source }) => read(source)]];
    }
    case 'destinationContext': {
      const read = endReader(option, value);
      return [['destination', ({ destination }) => read(destination)]];
    }
    default:
      if (IGNORED_OPTIONS.includes(option)) return [];
      throw new NotSupportedError(`option ${option} of Hubble metric httpV2`);
  }
}

function contextReader(label: string): LabelReader {
  const reader = CONTEXT_READERS[label];
  if (!reader) throw new NotSupportedError(`label ${label} in labelsContext of Hubble metric httpV2`);
  return reader;
}

/** Alternatives are separated by `|`; the first that is known is taken. */
function endReader(option: string, value: string): (end: FlowEnd) => string {
  const readers = value.split('|').map((context) => {
    const reader = END_READERS[context];
    if (!reader) throw new NotSupportedError(`${option}=${context} of Hubble metric httpV2`);
    return reader;
  });
  return (end) => readers.map((reader) => reader(end)).find((text) => text !== '') ?? '';
}

function qualified(namespace: string, name: string): string {
  return namespace !== '' && name !== '' ? `${namespace}/${name}` : name;
}
