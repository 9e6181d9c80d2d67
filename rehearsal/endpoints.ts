import { selectsPod } from '../core/kube/endpoints';
import { namespaceOf } from '../core/kube/inventory';
import type { Service } from '../core/kube/kinds/core';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

/** The pods behind one Service. */
export class ServiceEndpoints {
  /** Pods that the Service selects, that have an address and have not ended. */
  pods: readonly VirtualPod[] = [];
  /** Those that requests are sent to. */
  ready: readonly VirtualPod[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(readonly service: Service) {}

  /** Calls back after pods came, went, or changed. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  update(pod: VirtualPod): void {
    const known = this.pods.includes(pod);
    const member = !pod.gone && pod.ip !== undefined && pod.outcome === undefined;
    if (!known && !member) return;
    if (known && !member) this.pods = this.pods.filter((other) => other !== pod);
    if (!known && member) this.pods = [...this.pods, pod];
    const { ready } = this;
    this.ready = this.pods.filter((candidate) => candidate.ready);
    if (ready.length === 0 && this.ready.length === 0) return;
    for (const listener of this.listeners) listener();
  }
}

/** Keeps the endpoints of all Services. */
export class Endpoints {
  private readonly services = new Map<string, ServiceEndpoints>();
  private readonly byPod = new WeakMap<VirtualPod, readonly ServiceEndpoints[]>();

  constructor(world: World) {
    for (const service of world.inventory.services) this.addService(service);
    world.pods.onChange((pod) => {
      for (const endpoints of this.behind(pod)) endpoints.update(pod);
    });
  }

  addService(service: Service): void {
    const key = `${namespaceOf(service)}/${service.metadata.name}`;
    if (!this.services.has(key)) this.services.set(key, new ServiceEndpoints(service));
  }

  find(namespace: string, name: string): ServiceEndpoints | undefined {
    return this.services.get(`${namespace}/${name}`);
  }

  all(): Iterable<ServiceEndpoints> {
    return this.services.values();
  }

  /** The Services that select a pod. */
  behind(pod: VirtualPod): readonly ServiceEndpoints[] {
    let found = this.byPod.get(pod);
    if (!found) {
      found = [...this.services.values()].filter(({ service }) =>
        selectsPod(service, pod.namespace, pod.labels),
      );
      this.byPod.set(pod, found);
    }
    return found;
  }
}
