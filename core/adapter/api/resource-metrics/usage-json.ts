import { jsonString, jsonStringMap, jsonTime, timeWriter } from '../json-text';
import { type NodeUsage, type PodUsage, type Usage, type UsageObject } from './usage';

const API_VERSION = '"apiVersion":"metrics.k8s.io/v1beta1"';

/** What is the same for every object of an answer. */
export interface UsageContext {
  /** The window that the configuration says. */
  readonly windowMs: number;
  /** When the answer is given; upstream says it is when the object was made. */
  readonly atMs: number;
}

/** `PodMetricsList` of `metrics.k8s.io/v1beta1` as compact JSON, its fields in Go's order. */
export function encodePodUsages(pods: readonly PodUsage[], context: UsageContext): string {
  const encode = podEncoder(context);
  return listOf(
    'PodMetricsList',
    pods.map((pod) => `{${encode(pod)}}`),
  );
}

/** `PodMetrics`. */
export function encodePodUsage(pod: PodUsage, context: UsageContext): string {
  return `{"kind":"PodMetrics",${API_VERSION},${podEncoder(context)(pod)}}`;
}

/** `NodeMetricsList`. */
export function encodeNodeUsages(nodes: readonly NodeUsage[], context: UsageContext): string {
  const encode = nodeEncoder(context);
  return listOf(
    'NodeMetricsList',
    nodes.map((node) => `{${encode(node)}}`),
  );
}

/** `NodeMetrics`. */
export function encodeNodeUsage(node: NodeUsage, context: UsageContext): string {
  return `{"kind":"NodeMetrics",${API_VERSION},${nodeEncoder(context)(node)}}`;
}

/** `metadata` of an object. @param created as {@link jsonTime} writes it */
export function encodeMetadata({ namespace, name, labels }: UsageObject, created: string): string {
  const scope = namespace === '' ? '' : `"namespace":${jsonString(namespace)},`;
  const labelled = Object.keys(labels).length === 0 ? '' : `,"labels":${jsonStringMap(labels)}`;
  return `{"name":${jsonString(name)},${scope}"creationTimestamp":${created}${labelled}}`;
}

/** A window as Go prints a duration: `5m0s`, `1.5s`, `250ms`. */
export function windowText(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < SECOND) return `${milliseconds}ms`;
  const hours = milliseconds >= HOUR ? `${Math.floor(milliseconds / HOUR)}h` : '';
  const minutes = milliseconds >= MINUTE ? `${Math.floor((milliseconds % HOUR) / MINUTE)}m` : '';
  return `${hours}${minutes}${(milliseconds % MINUTE) / SECOND}s`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function podEncoder({ windowMs, atMs }: UsageContext): (pod: PodUsage) => string {
  const [created, window, time] = [jsonTime(atMs), jsonString(windowText(windowMs)), timeWriter()];
  return (pod) => {
    const containers = pod.containers.map(
      ({ name, ...usage }) => `{"name":${jsonString(name)},"usage":${encodeUsage(usage)}}`,
    );
    const metadata = encodeMetadata(pod, created);
    const head = `"metadata":${metadata},"timestamp":${time(pod.timestampMs)},"window":${window}`;
    return `${head},"containers":[${containers.join(',')}]`;
  };
}

function nodeEncoder({ windowMs, atMs }: UsageContext): (node: NodeUsage) => string {
  const [created, window, time] = [jsonTime(atMs), jsonString(windowText(windowMs)), timeWriter()];
  return (node) => {
    const metadata = encodeMetadata(node, created);
    const head = `"metadata":${metadata},"timestamp":${time(node.timestampMs)},"window":${window}`;
    return `${head},"usage":${encodeUsage(node.usage)}`;
  };
}

function encodeUsage({ cpu, memory }: Usage): string {
  return `{"cpu":"${cpu.toString()}","memory":"${memory.toString()}"}`;
}

function listOf(kind: string, items: readonly string[]): string {
  return `{"kind":"${kind}",${API_VERSION},"metadata":{},"items":[${items.join(',')}]}`;
}
