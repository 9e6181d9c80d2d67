import { AUTHENTICATION_CONFIG, KEDA_SERVICE_PORT, type KedaMetricsServerDeployment } from '../core/chain';
import { scaledObjectIn } from '../core/keda';
import { refOf } from '../core/kube/object';
import type { Quantity } from '../core/kube/quantity';
import type { Selector } from '../core/kube/selector';
import { AggregatedServer, refusalOf } from './aggregated-server';
import type { ExternalMetricsServer, MetricFailure } from './external-metrics-server';
import type { KedaOperator } from './keda-operator';
import { addressText } from './network';
import type { Surroundings } from './surroundings';
import { wayToService } from './ways';

const NAME = 'the metrics API server of KEDA';
/** What a client gets when the server waits for the operator until the request's time is over. */
const TIMEOUT = 'Timeout: request did not complete within the allotted timeout';

/** The metrics API server of KEDA: passes requests for external metrics on to the operator. */
export class KedaMetricsServer implements ExternalMetricsServer {
  private readonly server: AggregatedServer;
  private readonly operator: () => KedaOperator | string;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: KedaMetricsServerDeployment,
    private readonly operators: readonly KedaOperator[],
  ) {
    const { pods, journal } = surroundings.world;
    const { workload, problems, securePort } = deployment;
    for (const { step, object, message } of problems) journal.state('adapter', object, step, [message]);
    const refused = refusalOf(surroundings, deployment, [AUTHENTICATION_CONFIG]);
    if (refused !== undefined) {
      journal.state('adapter', refOf(workload), 'start', [`${NAME} does not start: ${refused}`]);
    }
    this.server = new AggregatedServer(surroundings, deployment, {
      name: NAME,
      listens: securePort,
      starts: refused === undefined && securePort !== undefined,
      begin: () => undefined,
      end: () => undefined,
    });
    this.operator = pods.memo(() => this.wayToOperator());
  }

  get unavailable(): () => string | undefined {
    return this.server.unavailable;
  }

  get undelegated(): string | undefined {
    return this.server.undelegated;
  }

  metric(namespace: string, metric: string, selector: Selector): Quantity | MetricFailure {
    const scaledObject = scaledObjectIn(selector);
    if (typeof scaledObject !== 'string') return { answer: scaledObject.error, cause: scaledObject.error };
    const operator = this.operator();
    if (typeof operator === 'string') return { answer: TIMEOUT, cause: operator };
    return operator.metric(namespace, scaledObject, metric);
  }

  private wayToOperator(): KedaOperator | string {
    const { deployment, operators, surroundings } = this;
    const { pod } = this.server;
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
