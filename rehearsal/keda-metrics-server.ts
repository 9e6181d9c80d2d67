import {
  accountOf,
  AUTHENTICATION_CONFIG,
  DELEGATION,
  KEDA_SERVICE_PORT,
  refusedText,
  type KedaMetricsServerDeployment,
} from '../core/chain';
import { scaledObjectIn } from '../core/keda';
import type { Quantity } from '../core/kube/quantity';
import type { AccessRequest } from '../core/kube/rbac';
import type { Selector } from '../core/kube/selector';
import type { KedaOperator } from './keda-operator';
import type { MetricFailure } from './keda-scaler';
import { addressText } from './network';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';
import { wayIn, wayToService } from './ways';

/** What a client gets when the server waits for the operator until the request's time is over. */
const TIMEOUT = 'Timeout: request did not complete within the allotted timeout';

/** The metrics API server of KEDA: passes requests for external metrics on to the operator. */
export class KedaMetricsServer {
  /** Why the API server gets no answer; undefined if it gets one. */
  readonly unavailable: () => string | undefined;
  /** Why it refuses everybody; undefined if it can find out who may ask. */
  readonly undelegated: string | undefined;
  private pod: VirtualPod | undefined;
  private readonly operator: () => KedaOperator | string;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: KedaMetricsServerDeployment,
    private readonly operators: readonly KedaOperator[],
  ) {
    const { pods, journal } = surroundings.world;
    const { workload } = deployment;
    this.undelegated = this.refusal(DELEGATION);
    this.unavailable = pods.memo(() => this.wayIn());
    this.operator = pods.memo(() => this.wayToOperator());
    pods.onChange((pod) => {
      if (pod.workload === workload) this.notice(pod);
    });
    for (const { step, object, message } of deployment.problems)
      journal.state('adapter', object, step, [message]);
  }

  /** The value of an external metric, or the message of the error that the client gets. */
  metric(namespace: string, metric: string, selector: Selector): Quantity | MetricFailure {
    const scaledObject = scaledObjectIn(selector);
    if (typeof scaledObject !== 'string') return { answer: scaledObject.error, cause: scaledObject.error };
    const operator = this.operator();
    if (typeof operator === 'string') return { answer: TIMEOUT, cause: operator };
    return operator.metric(namespace, scaledObject, metric);
  }

  private wayIn(): string | undefined {
    const { surroundings, deployment, pod } = this;
    const name = 'the metrics API server of KEDA';
    return wayIn(surroundings, deployment, { name, listens: deployment.securePort, runs: pod !== undefined });
  }

  private notice(pod: VirtualPod): void {
    const runs = pod.running && !pod.deleting;
    if (!runs && this.pod === pod) this.pod = undefined;
    if (!runs || this.pod) return;
    const { world, network } = this.surroundings;
    const problem = this.refusal([AUTHENTICATION_CONFIG]) ?? network.apiProblem(pod);
    const messages =
      problem === undefined ? [] : [`the metrics API server of KEDA does not start: ${problem}`];
    world.journal.state('adapter', pod.owner, 'start', messages);
    if (problem === undefined) this.pod = pod;
  }

  private refusal(requests: readonly AccessRequest[]): string | undefined {
    return refusedText(this.surroundings.world.rbac, accountOf(this.deployment.workload), requests);
  }

  private wayToOperator(): KedaOperator | string {
    const { deployment, operators, pod, surroundings } = this;
    const address = deployment.operator;
    if (!pod || !address) return 'where the operator of KEDA is, is not known';
    const where = `the operator of KEDA at ${addressText(address)}`;
    const found = wayToService(surroundings, pod, address);
    if (typeof found === 'string') return `${where}: ${found}`;
    // Of several pods only the one that leads listens; the connection is tried until it ends there.
    const ready = surroundings.endpoints.find(address.namespace, address.service)?.ready ?? [];
    const operator = operators.find(({ leader }) => leader && ready.includes(leader));
    if (operator && found.port === KEDA_SERVICE_PORT) return operator;
    return `${where}: nothing of it listens on port ${found.port} of Pod ${found.pod.name}`;
  }
}
