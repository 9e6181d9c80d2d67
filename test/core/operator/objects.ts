import { Inventory } from '../../../core/kube/inventory';
import type { Prometheus } from '../../../core/kube/kinds/monitoring';
import type { KubeObject } from '../../../core/kube/object';
import {
  scrapeJobs,
  type DiscoveredPod,
  type DiscoveredService,
  type ScrapeJob,
} from '../../../core/operator';

type Fields = Readonly<Record<string, unknown>>;
type Meta = KubeObject['metadata'];

export function object(apiVersion: string, kind: string, metadata: Meta, spec: Fields): KubeObject {
  return { apiVersion, kind, metadata, spec };
}

export function serviceMonitor(metadata: Meta, spec: Fields): KubeObject {
  return object('monitoring.coreos.com/v1', 'ServiceMonitor', metadata, spec);
}

export function podMonitor(metadata: Meta, spec: Fields): KubeObject {
  return object('monitoring.coreos.com/v1', 'PodMonitor', metadata, spec);
}

export function prometheus(spec: Fields): KubeObject {
  return object('monitoring.coreos.com/v1', 'Prometheus', { name: 'main', namespace: 'monitoring' }, spec);
}

export function namespace(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A Prometheus that selects every monitor everywhere. */
export const SELECTS_ALL = {
  serviceMonitorSelector: {},
  serviceMonitorNamespaceSelector: {},
  podMonitorSelector: {},
  podMonitorNamespaceSelector: {},
};

/** The inventory of objects and the one Prometheus in it. */
export function readAll(...objects: KubeObject[]): { inventory: Inventory; owner: Prometheus } {
  const inventory = new Inventory(objects);
  const [owner] = inventory.prometheuses;
  if (!owner) throw new Error('no Prometheus among the objects');
  return { inventory, owner };
}

/** The first job that a monitor gives under a Prometheus that selects everything. */
export function jobOf(monitor: KubeObject, spec: Fields = {}): ScrapeJob {
  const { inventory, owner } = readAll(monitor, prometheus({ ...SELECTS_ALL, ...spec }));
  const [job] = scrapeJobs(owner, inventory);
  if (!job) throw new Error('the monitor gives no job');
  return job;
}

export function discoveredPod(
  name: string,
  ip: string,
  overrides: Partial<DiscoveredPod> = {},
): DiscoveredPod {
  return {
    namespace: 'app',
    name,
    ip,
    node: 'worker',
    phase: 'Running',
    ready: true,
    labels: { app: 'web' },
    containers: [{ name: 'web', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }],
    owner: { kind: 'ReplicaSet', name: 'web-1' },
    ...overrides,
  };
}

/** A Service `web` with port `http` in front of pods that listen on 8080. */
export function discoveredService(
  pods: readonly DiscoveredPod[],
  overrides: Partial<DiscoveredService> = {},
): DiscoveredService {
  return {
    namespace: 'app',
    name: 'web',
    labels: { app: 'web' },
    endpoints: pods.map((pod) => ({
      podName: pod.name,
      ip: pod.ip ?? '',
      node: pod.node,
      ready: pod.ready,
      ports: [{ name: 'http', port: 8080 }],
    })),
    ...overrides,
  };
}
