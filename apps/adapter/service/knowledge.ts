import { PLIMSOLL_REGISTRY, Registry, type DiscoveryResult } from '../../../core/adapter';
import type { ApiResource } from '../../../core/kube/api-resources';
import type { AdapterConfig } from '../../../core/rules';

/** What the adapter knows: its rules as they are now, what the cluster serves, and which series there are. */
export class Knowledge {
  private current: Registry;
  private readonly listeners = new Set<(registry: Registry) => void>();

  constructor(config: AdapterConfig) {
    this.current = Registry.tolerant(config, [], PLIMSOLL_REGISTRY);
  }

  get registry(): Registry {
    return this.current;
  }

  /** Calls whenever the registry is another one. */
  onChange(listener: (registry: Registry) => void): void {
    this.listeners.add(listener);
  }

  /** Other rules. What was listed for the same selectors stays known. */
  setConfig(config: AdapterConfig): void {
    this.set(this.current.withConfig(config));
  }

  /** The cluster serves these. */
  setResources(resources: Iterable<ApiResource>): void {
    this.set(this.current.withResources(resources));
  }

  /** Series were listed. */
  setListings(results: ReadonlyMap<string, DiscoveryResult>): void {
    this.set(this.current.updated(results));
  }

  private set(registry: Registry): void {
    this.current = registry;
    for (const listener of this.listeners) listener(registry);
  }
}
