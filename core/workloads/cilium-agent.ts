import { namespaceOf } from '../kube/inventory';
import { HUBBLE_METRICS } from './hubble';
import { parseHubbleMetrics, type HubbleHttp } from './hubble-config';
import { bystander, type Program, type Setting } from './program';

const CONFIG_MAP = 'cilium-config';
const DEFAULT_METRICS_PORT = 9965;

/**
 * The Cilium agent, as the ConfigMap `cilium-config` of its namespace tells it: `hubble-metrics` names what Hubble
 * counts, `hubble-metrics-server` the address it is exposed at. Without them it exposes nothing.
 */
export function ciliumAgent({ workload, inventory }: Setting): Program {
  const config = inventory.configMaps.find(
    ({ metadata }) => metadata.name === CONFIG_MAP && namespaceOf({ metadata }) === namespaceOf(workload),
  )?.data;
  const observes = parseHubbleMetrics(config?.['hubble-metrics'] ?? '');
  const agent = { ...bystander('cilium-agent'), exposes: () => false };
  if (!observes) return agent;
  const port = Number(/:(\d+)$/.exec(config?.['hubble-metrics-server'] ?? '')?.[1] ?? DEFAULT_METRICS_PORT);
  return {
    ...agent,
    exports: contractOf(observes),
    notModelled: [HUBBLE_METRICS.series.duration.name],
    observes,
    exposes: (at, path) => at === port && path === HUBBLE_METRICS.path,
  };
}

function contractOf({ contextLabels }: HubbleHttp) {
  const { requests, duration } = HUBBLE_METRICS.series;
  return {
    ...HUBBLE_METRICS,
    series: {
      requests: { ...requests, labels: ['method', 'protocol', 'status', 'reporter', ...contextLabels] },
      duration: { ...duration, labels: ['method', 'reporter', ...contextLabels] },
    },
  };
}
