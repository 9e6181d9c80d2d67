import type { KedaOperatorDeployment } from '../core/chain';
import { operatorError } from '../core/keda';
import { namespaceOf } from '../core/kube/inventory';
import type { Quantity } from '../core/kube/quantity';
import type { MetricFailure } from './external-metrics-server';
import type { KedaScaler } from './keda-scaler';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';

/** From a ready operator to the autoscalers that it makes. */
const SYNC_MS = 1000;

/** An operator of KEDA: looks after its ScaledObjects while a pod of it leads. */
export class KedaOperator {
  private leading: VirtualPod | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: KedaOperatorDeployment,
    private readonly scalers: readonly KedaScaler[],
  ) {
    const { pods } = surroundings.world;
    pods.onChange((pod) => {
      if (pod.workload === deployment.workload) this.notice(pod);
    });
  }

  /** The only pod that answers; undefined if none does. */
  get leader(): VirtualPod | undefined {
    return this.leading;
  }

  /** What it answers to its metrics API server. */
  metric(namespace: string, scaledObject: string, metric: string): Quantity | MetricFailure {
    const scaler = this.scalers.find(
      (candidate) =>
        candidate.scaledObject.namespace === namespace && candidate.scaledObject.name === scaledObject,
    );
    const missing = `ScaledObject.keda.sh "${scaledObject}" not found`;
    const found = scaler
      ? scaler.metric(metric)
      : { answer: `error getting scalers ${missing}`, cause: missing };
    return 'answer' in found ? { ...found, answer: operatorError(found.answer) } : found;
  }

  private notice(pod: VirtualPod): void {
    if (this.leading === pod && (!pod.running || pod.deleting)) {
      this.leading = undefined;
      for (const scaler of this.scalers) scaler.stop();
    }
    if (!this.leading) this.elect();
  }

  private elect(): void {
    const { deployment, surroundings } = this;
    const { world, network } = surroundings;
    const { workload } = deployment;
    const candidate = world.pods
      .inNamespace(namespaceOf(workload))
      .find((pod) => pod.workload === workload && pod.ready && !pod.deleting);
    if (!candidate) return;
    const problem = network.apiProblem(candidate);
    const messages = problem === undefined ? [] : [`no ScaledObject is looked after: ${problem}`];
    world.journal.state('adapter', candidate.owner, 'API server', messages);
    if (problem !== undefined) return;
    this.leading = candidate;
    world.clock.after(SYNC_MS, () => {
      if (this.leading !== candidate) return;
      for (const scaler of this.scalers) scaler.start(candidate);
    });
  }
}
