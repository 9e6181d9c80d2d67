import type { HpaConfig } from '../core/hpa';
import { parseGoDuration } from '../core/kube/duration';
import { podLabels } from '../core/kube/endpoints';
import { namespaceOf } from '../core/kube/inventory';
import type { KubeObject } from '../core/kube/object';
import { Selector } from '../core/kube/selector';
import { Autoscaler } from './autoscaler';
import type { Controllers } from './controllers';
import type { MetricsApi } from './metrics-api';
import type { World } from './world';

/** The HorizontalPodAutoscalers of the cluster: those among the objects, and those that operators make later. */
export class Autoscalers {
  private readonly syncing: Autoscaler[] = [];

  constructor(
    private readonly world: World,
    private readonly controllers: Controllers,
    private readonly config: HpaConfig,
    private readonly metricsIn: (namespace: string) => MetricsApi,
    private readonly requireUsage: (autoscaler: Autoscaler) => void,
  ) {}

  /** Those that are synced, in the order in which they were added. */
  get all(): readonly Autoscaler[] {
    return this.syncing;
  }

  /** @throws UsageError, NotSupportedError if the API server would refuse the object, or it is of an older version */
  read(object: KubeObject): Autoscaler {
    const { config, controllers, metricsIn, world } = this;
    const autoscaler = new Autoscaler(world, controllers, config, object, metricsIn);
    this.requireUsage(autoscaler);
    return autoscaler;
  }

  /** Has one synced from now on. */
  add(autoscaler: Autoscaler): void {
    this.syncing.push(autoscaler);
    this.findRivals();
    autoscaler.start(parseGoDuration(this.world.cluster.autoscaling.syncPeriod));
  }

  /** Tells autoscalers of the others that select a pod of theirs. */
  private findRivals(): void {
    const selecting = this.syncing.flatMap((autoscaler) => {
      const { target } = autoscaler;
      return target ? [{ autoscaler, selector: Selector.from(target.workload.spec.selector) }] : [];
    });
    const rivals = new Map<Autoscaler, Set<string>>();
    for (const { workload } of this.controllers.all()) {
      const labels = podLabels(workload);
      const found = selecting.filter(
        ({ autoscaler, selector }) =>
          autoscaler.namespace === namespaceOf(workload) && selector.matches(labels),
      );
      if (found.length < 2) continue;
      for (const { autoscaler } of found) {
        const names = found
          .map((other) => other.autoscaler.ref.name)
          .filter((name) => name !== autoscaler.ref.name);
        rivals.set(autoscaler, new Set([...(rivals.get(autoscaler) ?? []), ...names]));
      }
    }
    for (const [autoscaler, names] of rivals) autoscaler.otherHpas = [...names];
  }
}
