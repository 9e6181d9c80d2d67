import type { AdapterDeployment } from '../core/chain';
import { namespaceOf } from '../core/kube/inventory';
import { resolveServiceUrl } from '../core/kube/service-url';
import type { SourceSettings } from '../core/rules';
import type { PrometheusServer } from './prometheus-server';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';
import { wayToPrometheus } from './ways';

/** Where the sources of an adapter lead: that of its flags, whose name is `''`, and those of its file. */
export class AdapterSources {
  private readonly ways = new Map<string, () => PrometheusServer | string>();

  /** @param pod that of the adapter, if one serves */
  constructor(
    private readonly surroundings: Surroundings,
    private readonly deployment: AdapterDeployment,
    settings: ReadonlyMap<string, SourceSettings>,
    private readonly pod: () => VirtualPod | undefined,
  ) {
    const { pods } = surroundings.world;
    this.ways.set(
      '',
      pods.memo(() => this.ofFlags()),
    );
    for (const [name, source] of settings) {
      this.ways.set(
        name,
        pods.memo(() => this.ofFile(source)),
      );
    }
  }

  /** The server that a source leads to, or why there is none. */
  server(name: string): PrometheusServer | string {
    return this.ways.get(name)?.() ?? `there is no source ${name}`;
  }

  private ofFlags(): PrometheusServer | string {
    const pod = this.pod();
    const { prometheus } = this.deployment;
    if (!pod || !prometheus) return 'the address of Prometheus is not known';
    return wayToPrometheus(this.surroundings, pod, prometheus);
  }

  private ofFile({ name, url }: SourceSettings): PrometheusServer | string {
    const pod = this.pod();
    const { workload } = this.deployment;
    const { inventory } = this.surroundings.world;
    if (!pod || !workload) return 'the adapter does not run';
    const address = resolveServiceUrl(url, namespaceOf(workload), inventory);
    const found =
      'reason' in address ? `${url} ${address.reason}` : wayToPrometheus(this.surroundings, pod, address);
    return typeof found === 'string' ? `source ${name}: ${found}` : found;
  }
}
