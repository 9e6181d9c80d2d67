import { messageOf } from '../errors';
import { commandLine, flagValue } from '../kube/command-line';
import { findServicePort } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { ApiService } from '../kube/kinds/core';
import type { Container, Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import { resolveServiceUrl, type ServiceAddress } from '../kube/service-url';
import { portFlag } from '../workloads';
import { followApiService, type ApiBackend, type Report, type StepProblem } from './api-backend';
import { KEDA_SERVICE_PORT, partOf } from './keda';
import { METRICS_API_GROUPS } from './metrics-api-groups';

/** Without `--secure-port`, as the entry point of its image has it. */
const SECURE_PORT = 6443;

/** A step of the way from an APIService to the operator of KEDA. */
type KedaStep = ApiBackend['problems'][number]['step'] | 'flags' | 'listen' | 'operator';

/**
 * The metrics API server of KEDA and the way to it (cmd/adapter/main.go). What could not be found is absent, and
 * `problems` says why.
 */
export interface KedaMetricsServerDeployment extends Omit<ApiBackend, 'problems'> {
  readonly apiServices: readonly ApiService[];
  readonly workload: Workload;
  /** Absent if it does not start with its arguments. */
  readonly securePort?: number | undefined;
  /** Where it asks the operator; absent if that is no Service. */
  readonly operator?: ServiceAddress | undefined;
  readonly problems: readonly StepProblem<KedaStep>[];
}

/** Every metrics API server of KEDA that an APIService leads to. */
export function findKedaMetricsServers(inventory: Inventory): readonly KedaMetricsServerDeployment[] {
  return inventory.apiServices
    .filter(({ spec }) => spec.group === METRICS_API_GROUPS.external)
    .flatMap((apiService) => {
      const backend = followApiService(apiService, inventory);
      const { workload } = backend;
      const container = workload && partOf(workload, 'metrics-server');
      if (!container) return [];
      const problems: StepProblem<KedaStep>[] = [...backend.problems];
      const report: Report<KedaStep> = (step, object, message, fix) =>
        problems.push({ step, object, message, fix });
      const securePort = readPort(backend, workload, container, report);
      const operator = findOperator(workload, container, inventory, report);
      return [{ ...backend, apiServices: [apiService], workload, securePort, operator, problems }];
    });
}

function readPort(
  { service, podPort }: ApiBackend,
  workload: Workload,
  container: Container,
  report: Report<KedaStep>,
): number | undefined {
  const server = refText(refOf(workload));
  try {
    const what = `container ${container.name}`;
    const port = portFlag(commandLine(container), 'secure-port', what) ?? SECURE_PORT;
    if (service && podPort !== undefined && podPort !== port) {
      report(
        'listen',
        refOf(service),
        `it leads to port ${podPort} of ${server}, but the metrics API server of KEDA listens on ${port} (--secure-port)`,
        `set targetPort of ${refText(refOf(service))} to ${port}`,
      );
    }
    return port;
  } catch (error) {
    report('flags', refOf(workload), messageOf(error), `correct its arguments in ${server}`);
    return undefined;
  }
}

function findOperator(
  workload: Workload,
  container: Container,
  inventory: Inventory,
  report: Report<KedaStep>,
): ServiceAddress | undefined {
  const namespace = namespaceOf(workload);
  const text =
    flagValue(commandLine(container), 'metrics-service-address') ??
    `keda-operator.${namespace}.svc.cluster.local:${KEDA_SERVICE_PORT}`;
  const say = (what: string) =>
    report(
      'operator',
      refOf(workload),
      `it asks the operator of KEDA at ${text}, which ${what}`,
      `set --metrics-service-address of ${refText(refOf(workload))} to the Service of the operator and port ${KEDA_SERVICE_PORT}`,
    );
  const address = resolveServiceUrl(`http://${text}`, namespace, inventory);
  if ('reason' in address) {
    say(address.outside ? address.reason : 'is no address of the form HOST:PORT');
    return undefined;
  }
  const { service, port } = address;
  if (!findServicePort(inventory, address.namespace, service, port))
    say(`is port ${port} of Service ${address.namespace}/${service}, which does not exist`);
  return address;
}
