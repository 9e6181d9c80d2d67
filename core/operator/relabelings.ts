import type {
  PodMetricsEndpoint,
  PodMonitor,
  RelabelConfig,
  ServiceMonitor,
  ServiceMonitorEndpoint,
} from '../kube/kinds/monitoring';
import { namespaceOf } from '../kube/inventory';
import type { LabelSelector } from '../kube/selector';
import { metaLabelName } from './meta-labels';
import type { DiscoveryRole } from './scrape-job';

/**
 * The relabelling rules that the Prometheus Operator writes before the user's own
 * (`pkg/prometheus/promcfg.go`, v0.93), in its order.
 */

const KEEP_JOB_NAME: RelabelConfig = { sourceLabels: ['job'], targetLabel: '__tmp_prometheus_job_name' };
const DROP_FINISHED: RelabelConfig = {
  action: 'drop',
  sourceLabels: ['__meta_kubernetes_pod_phase'],
  regex: '(Failed|Succeeded)',
};

/**
 * Rules for one endpoint of a ServiceMonitor.
 * @param podTargetLabels those of the Prometheus, which come after the monitor's own
 */
export function serviceMonitorRules(
  monitor: ServiceMonitor,
  endpoint: ServiceMonitorEndpoint,
  role: DiscoveryRole,
  podTargetLabels: readonly string[],
): RelabelConfig[] {
  const { spec } = monitor;
  const prefix = role === 'endpointslice' ? '__meta_kubernetes_endpointslice' : '__meta_kubernetes_endpoint';
  return [
    KEEP_JOB_NAME,
    ...(spec.selectorMechanism === 'RoleSelector' ? [] : selectorRules('service', spec.selector)),
    ...(endpoint.port
      ? [keep([`${prefix}_port_name`], endpoint.port)]
      : containerPortRules(endpoint.targetPort)),
    ...addressTargetRules(prefix),
    copy('__meta_kubernetes_namespace', 'namespace'),
    copy('__meta_kubernetes_service_name', 'service'),
    copy('__meta_kubernetes_pod_name', 'pod'),
    copy('__meta_kubernetes_pod_container_name', 'container'),
    ...(endpoint.filterRunning === false ? [] : [DROP_FINISHED]),
    ...targetLabelRules('service', spec.targetLabels ?? []),
    ...targetLabelRules('pod', [...(spec.podTargetLabels ?? []), ...podTargetLabels]),
    { ...copy('__meta_kubernetes_service_name', 'job'), replacement: '${1}' },
    ...jobLabelRules('service', spec.jobLabel),
    ...endpointLabelRules(endpoint),
  ];
}

/**
 * Rules for one endpoint of a PodMonitor.
 * @param podTargetLabels those of the Prometheus, which come after the monitor's own
 */
export function podMonitorRules(
  monitor: PodMonitor,
  endpoint: PodMetricsEndpoint,
  podTargetLabels: readonly string[],
): RelabelConfig[] {
  const { spec } = monitor;
  return [
    KEEP_JOB_NAME,
    ...(endpoint.filterRunning === false ? [] : [DROP_FINISHED]),
    ...(spec.selectorMechanism === 'RoleSelector' ? [] : selectorRules('pod', spec.selector)),
    ...podPortRules(endpoint),
    copy('__meta_kubernetes_namespace', 'namespace'),
    copy('__meta_kubernetes_pod_container_name', 'container'),
    copy('__meta_kubernetes_pod_name', 'pod'),
    ...targetLabelRules('pod', [...(spec.podTargetLabels ?? []), ...podTargetLabels]),
    { targetLabel: 'job', replacement: `${namespaceOf(monitor)}/${monitor.metadata.name}` },
    ...jobLabelRules('pod', spec.jobLabel),
    ...endpointLabelRules(endpoint),
  ];
}

/**
 * Rules that keep the targets of one shard.
 * @param shards how many Prometheus servers share the targets
 * @param shard which of them, from 0: what the operator leaves to the environment variable SHARD
 */
export function shardRules(shards: number, shard: number): RelabelConfig[] {
  const active = Array.from({ length: shards }, (_, index) => index).join('|');
  return [
    // Servers of shards that are no longer asked for, but kept for their data, scrape nothing.
    { targetLabel: '__tmp_current_shard', replacement: String(shard), action: 'replace' },
    { sourceLabels: ['__tmp_current_shard'], regex: active, action: 'keep' },
    {
      sourceLabels: ['__address__', '__tmp_hash'],
      targetLabel: '__tmp_hash',
      regex: '(.+);',
      replacement: '$1',
      action: 'replace',
    },
    { sourceLabels: ['__tmp_hash'], targetLabel: '__tmp_hash', modulus: shards, action: 'hashmod' },
    { sourceLabels: ['__tmp_hash', '__tmp_disable_sharding'], regex: `${shard};|.+;.+`, action: 'keep' },
  ];
}

function selectorRules(object: 'service' | 'pod', selector: LabelSelector): RelabelConfig[] {
  const label = (key: string) => `__meta_kubernetes_${object}_label_${metaLabelName(key)}`;
  const present = (key: string) => `__meta_kubernetes_${object}_labelpresent_${metaLabelName(key)}`;
  const equalities = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => keep([label(key), present(key)], `(${value});true`));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }): RelabelConfig => {
    const wanted = operator === 'In' || operator === 'Exists';
    const byValue = operator === 'In' || operator === 'NotIn';
    return {
      action: wanted ? 'keep' : 'drop',
      sourceLabels: byValue ? [label(key), present(key)] : [present(key)],
      regex: byValue ? `(${(values ?? []).join('|')});true` : 'true',
    };
  });
  return [...equalities, ...expressions];
}

function podPortRules(endpoint: PodMetricsEndpoint): RelabelConfig[] {
  if (endpoint.port) return containerPortRules(endpoint.port);
  return containerPortRules(endpoint.portNumber || endpoint.targetPort);
}

/** Keeps a container port by its name or its number. */
function containerPortRules(port: string | number | undefined): RelabelConfig[] {
  if (!port) return [];
  const by = typeof port === 'string' ? 'name' : 'number';
  return [keep([`__meta_kubernetes_pod_container_port_${by}`], String(port))];
}

function addressTargetRules(prefix: string): RelabelConfig[] {
  return (['Node', 'Pod'] as const).map((kind) => ({
    sourceLabels: [`${prefix}_address_target_kind`, `${prefix}_address_target_name`],
    separator: ';',
    regex: `${kind};(.*)`,
    replacement: '${1}',
    targetLabel: kind.toLowerCase(),
  }));
}

function targetLabelRules(object: 'service' | 'pod', labels: readonly string[]): RelabelConfig[] {
  return labels.map((label) =>
    copyIfSet(`__meta_kubernetes_${object}_label_${metaLabelName(label)}`, metaLabelName(label)),
  );
}

function jobLabelRules(object: 'service' | 'pod', jobLabel: string | undefined): RelabelConfig[] {
  if (!jobLabel) return [];
  return [copyIfSet(`__meta_kubernetes_${object}_label_${metaLabelName(jobLabel)}`, 'job')];
}

/** The `endpoint` label: the port as the monitor calls it; a PodMonitor's `portNumber` gives none. */
function endpointLabelRules({
  port,
  targetPort,
}: ServiceMonitorEndpoint | PodMetricsEndpoint): RelabelConfig[] {
  const name = port || targetPort;
  return name === undefined || name === '' ? [] : [{ targetLabel: 'endpoint', replacement: String(name) }];
}

function keep(sourceLabels: string[], regex: string): RelabelConfig {
  return { action: 'keep', sourceLabels, regex };
}

function copy(from: string, to: string): RelabelConfig {
  return { sourceLabels: [from], targetLabel: to };
}

function copyIfSet(from: string, to: string): RelabelConfig {
  return { sourceLabels: [from], targetLabel: to, regex: '(.+)', replacement: '${1}' };
}
