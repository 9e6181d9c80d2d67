import { messageOf } from '../errors';
import type { Inventory } from '../kube/inventory';
import type { ApiService } from '../kube/kinds/core';
import type { Container } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import { isMetricsServer, metricsServerFlags, type MetricsServerFlags } from '../workloads';
import { followApiService, type ApiBackend, type Report, type StepProblem } from './api-backend';
import { RESOURCE_METRICS_GROUP } from './metrics-api-groups';

/** A step of the way from an APIService to metrics-server. */
type MetricsServerStep = ApiBackend['problems'][number]['step'] | 'container' | 'flags' | 'listen';

/**
 * What serves resource metrics, as the objects describe it: the metrics-server behind the Service of an APIService.
 * What could not be found is absent, and `problems` says why.
 */
export interface MetricsServerDeployment extends Omit<ApiBackend, 'problems'> {
  readonly apiService: ApiService;
  readonly container?: Container | undefined;
  readonly flags?: MetricsServerFlags | undefined;
  readonly problems: readonly StepProblem<MetricsServerStep>[];
}

/** @returns undefined if no APIService is of resource metrics */
export function findMetricsServer(inventory: Inventory): MetricsServerDeployment | undefined {
  const apiService = inventory.apiServices.find(({ spec }) => spec.group === RESOURCE_METRICS_GROUP);
  if (!apiService) return undefined;
  const backend = followApiService(apiService, inventory);
  const problems: StepProblem<MetricsServerStep>[] = [...backend.problems];
  const report: Report<MetricsServerStep> = (step, object, message, fix) =>
    problems.push({ step, object, message, fix });
  return { apiService, ...backend, ...readServer(backend, report), problems };
}

function readServer(
  { service, podPort, workload }: ApiBackend,
  report: Report<MetricsServerStep>,
): Pick<MetricsServerDeployment, 'container' | 'flags'> {
  if (!workload) return {};
  const ref = refOf(workload);
  const container = workload.spec.template.spec.containers.find(({ image }) => isMetricsServer(image));
  if (!container) {
    report(
      'container',
      ref,
      `no container runs metrics-server, so what it says of ${RESOURCE_METRICS_GROUP} is not known`,
      'run metrics-server in it, unless something else serves resource metrics',
    );
    return {};
  }
  const flags = readFlags(container, (reason) =>
    report('flags', ref, reason, `correct its arguments in ${refText(ref)}`),
  );
  if (service && flags && podPort !== undefined && podPort !== flags.securePort) {
    report(
      'listen',
      refOf(service),
      `it leads to port ${podPort} of ${refText(ref)}, but metrics-server listens on ${flags.securePort} (--secure-port)`,
      `set targetPort of ${refText(refOf(service))} to ${flags.securePort}`,
    );
  }
  return { container, flags };
}

function readFlags(container: Container, fail: (reason: string) => void): MetricsServerFlags | undefined {
  try {
    return metricsServerFlags(container, `container ${container.name}`);
  } catch (error) {
    fail(messageOf(error));
    return undefined;
  }
}
