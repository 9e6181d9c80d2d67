import { resolveTargetPort } from '../core/kube/endpoints';
import { namespaceOf } from '../core/kube/inventory';
import {
  discoverTargets,
  type DiscoveredPod,
  type DiscoveredService,
  type ScrapeJob,
  type Target,
} from '../core/operator';
import { DiscoveryThrottle } from './discovery-throttle';
import type { Endpoints, ServiceEndpoints } from './endpoints';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

/** A pod or a Service: what a job's targets are found through. */
type Source = VirtualPod | ServiceEndpoints;

/** Keeps the targets of scrape jobs as pods come and go. Only what changed since is looked at again. */
export class Discovery {
  private readonly found = new Map<ScrapeJob, Map<Source, readonly Target[]>>();
  private changed = new Set<Source>();
  private readonly throttle: DiscoveryThrottle;

  constructor(
    private readonly world: World,
    private readonly endpoints: Endpoints,
    private readonly jobs: readonly ScrapeJob[],
  ) {
    this.throttle = new DiscoveryThrottle(world.clock.now);
    for (const job of jobs) this.found.set(job, new Map());
    for (const pod of world.pods.all()) this.changed.add(pod);
    for (const service of endpoints.all()) this.changed.add(service);
  }

  notice(pod: VirtualPod): void {
    this.changed.add(pod);
    for (const service of this.endpoints.behind(pod)) this.changed.add(service);
  }

  /** When what was noticed until now is scraped by; to be asked once for each reload. Milliseconds. */
  reloadMs(): number {
    return this.throttle.reloadAfter(this.world.clock.now);
  }

  /** The targets of every job now. */
  targets(): ReadonlyMap<ScrapeJob, readonly Target[]> {
    for (const source of this.changed) {
      for (const job of this.jobs) this.look(job, source);
    }
    this.changed = new Set();
    return new Map([...this.found].map(([job, bySource]) => [job, [...bySource.values()].flat()]));
  }

  private look(job: ScrapeJob, source: Source): void {
    const isPod = 'runs' in source;
    if (isPod !== (job.role === 'pod')) return;
    const targets = isPod
      ? source.gone
        ? []
        : discoverTargets(job, { services: [], pods: [discoveredPod(source)] })
      : discoverTargets(job, {
          services: [discoveredService(source)],
          pods: source.pods.map(discoveredPod),
        });
    const bySource = this.found.get(job);
    if (targets.length > 0) bySource?.set(source, targets);
    else bySource?.delete(source);
  }
}

function discoveredPod(pod: VirtualPod): DiscoveredPod {
  const { metadata } = pod.workload.spec.template;
  const { containers, initContainers = [] } = pod.spec;
  const init = new Set(initContainers);
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: String(pod.number),
    ip: pod.ip,
    hostIp: pod.node?.ip,
    node: pod.node?.name,
    phase: pod.phase,
    ready: pod.ready,
    labels: pod.labels,
    annotations: metadata?.annotations,
    containers: [...containers, ...initContainers].map((container) => ({
      name: container.name,
      image: container.image,
      init: init.has(container),
      ports: container.ports,
    })),
    owner: pod.controller,
  };
}

function discoveredService({ service, pods }: ServiceEndpoints): DiscoveredService {
  const { metadata, spec } = service;
  return {
    namespace: namespaceOf(service),
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations,
    publishNotReadyAddresses: spec.publishNotReadyAddresses,
    endpoints: pods.map((pod) => ({
      podName: pod.name,
      ip: pod.ip ?? '',
      node: pod.node?.name,
      ready: pod.ready,
      terminating: pod.deleting,
      ports: (spec.ports ?? []).flatMap((port) => {
        const number = resolveTargetPort(port, pod.spec);
        return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol }];
      }),
    })),
  };
}
