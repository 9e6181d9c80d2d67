import type { Inventory } from '../core/kube/inventory';
import type { Prometheus } from '../core/kube/kinds/monitoring';
import { refOf, refText } from '../core/kube/object';
import {
  explainPodEndpoint,
  explainServiceEndpoint,
  podsOf,
  servicesOf,
  type Monitor,
  type ScrapeJob,
} from '../core/operator';

/** Says, from the objects, why a scrape job finds nothing to scrape. */
export function whyNoTargets(
  job: ScrapeJob,
  prometheus: Prometheus,
  inventory: Inventory,
): readonly string[] {
  const monitor = [...inventory.serviceMonitors, ...inventory.podMonitors].find(
    (candidate) => refText(refOf(candidate)) === refText(job.source),
  );
  const reasons = monitor ? reasonsOf(monitor, job.endpointIndex, prometheus, inventory) : [];
  const because = reasons.length === 0 ? 'no pod that it selects runs' : [...new Set(reasons)].join('; ');
  return [`endpoint ${job.endpointIndex} has no targets: ${because}`];
}

function reasonsOf(
  monitor: Monitor,
  index: number,
  prometheus: Prometheus,
  inventory: Inventory,
): readonly string[] {
  if (monitor.kind === 'PodMonitor') {
    const endpoint = monitor.spec.podMetricsEndpoints[index];
    const pods = podsOf(monitor, inventory, prometheus);
    if (pods.length === 0) return ['it selects no pods'];
    return endpoint ? pods.flatMap((pod) => explainPodEndpoint(pod, endpoint).problems) : [];
  }
  const endpoint = monitor.spec.endpoints[index];
  const services = servicesOf(monitor, inventory, prometheus);
  if (services.length === 0) {
    return ['it selects no Service by namespace and labels'];
  }
  return endpoint
    ? services.flatMap((service) => explainServiceEndpoint(service, endpoint, inventory).problems)
    : [];
}
