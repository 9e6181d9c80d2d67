import { METRICS_API_GROUPS } from '../core/chain';
import type { Inventory } from '../core/kube/inventory';
import type { ApiService } from '../core/kube/kinds/core';
import type { AdapterServer } from './adapter-server';
import type { ExternalMetricsServer } from './external-metrics-server';

/** Whoever serves metrics APIs. */
export class MetricsServers {
  readonly custom: AdapterServer | undefined;
  readonly external: AdapterServer | ExternalMetricsServer | undefined;

  constructor(
    { apiServices }: Inventory,
    readonly adapters: readonly AdapterServer[],
    others: readonly ExternalMetricsServer[],
  ) {
    // Of two objects with one name the later replaces the earlier.
    const registered = apiServices.filter(
      ({ metadata }, index) =>
        !apiServices.slice(index + 1).some((later) => later.metadata.name === metadata.name),
    );
    this.custom = serverOf(METRICS_API_GROUPS.custom, registered, adapters);
    this.external = serverOf(METRICS_API_GROUPS.external, registered, [...adapters, ...others]);
  }
}

function serverOf<Server extends { readonly deployment: { readonly apiServices: readonly ApiService[] } }>(
  group: string,
  registered: readonly ApiService[],
  servers: readonly Server[],
): Server | undefined {
  for (const apiService of registered) {
    if (apiService.spec.group !== group) continue;
    const server = servers.find(({ deployment }) => deployment.apiServices.includes(apiService));
    if (server) return server;
  }
  return undefined;
}
