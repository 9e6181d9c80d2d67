import { findServicePort, resolveTargetPort, workloadsBehind } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { ApiService, Service, ServicePort } from '../kube/kinds/core';
import type { Workload } from '../kube/kinds/pod';
import { refOf, refText, type ObjectRef } from '../kube/object';

/** A step of some way through the objects that leads nowhere. */
export interface StepProblem<Step extends string> {
  readonly step: Step;
  /** The object to change. */
  readonly object: ObjectRef;
  readonly message: string;
  readonly fix: string;
}

/** Takes note of a problem. */
export type Report<Step extends string> = (
  step: Step,
  object: ObjectRef,
  message: string,
  fix: string,
) => void;

type ApiStep = 'service' | 'port' | 'workload';

/** What serves an API that the API server does not serve itself. What could not be found is absent. */
export interface ApiBackend {
  readonly service?: Service | undefined;
  readonly servicePort?: ServicePort | undefined;
  readonly workload?: Workload | undefined;
  /** Port of the pods that `servicePort` reaches. */
  readonly podPort?: number | undefined;
  readonly problems: readonly StepProblem<ApiStep>[];
}

/** Follows an APIService to its Service, the workload behind that and the port of its pods. */
export function followApiService(apiService: ApiService, inventory: Inventory): ApiBackend {
  const problems: StepProblem<ApiStep>[] = [];
  const report: Report<ApiStep> = (step, object, message, fix) =>
    problems.push({ step, object, message, fix });
  const target = findService(apiService, inventory, report);
  const workload = target && findWorkload(target.service, inventory, report);
  const podPort = workload && findPodPort(target, workload, report);
  return { ...target, workload, podPort, problems };
}

interface ServiceTarget {
  readonly service: Service;
  readonly servicePort?: ServicePort | undefined;
}

function findPodPort(
  { service, servicePort }: ServiceTarget,
  workload: Workload,
  report: Report<ApiStep>,
): number | undefined {
  if (!servicePort) return undefined;
  const podPort = resolveTargetPort(servicePort, workload.spec.template.spec);
  if (podPort === undefined) {
    const owner = refText(refOf(workload));
    report(
      'port',
      refOf(service),
      `port ${servicePort.port} leads to port "${servicePort.targetPort}", which no container of ${owner} has`,
      `name a container port of ${owner} "${servicePort.targetPort}", or set targetPort to one that it has`,
    );
  }
  return podPort;
}

function findService(
  apiService: ApiService,
  inventory: Inventory,
  report: Report<ApiStep>,
): ServiceTarget | undefined {
  const ref = refOf(apiService);
  const { service: wanted } = apiService.spec;
  if (!wanted) {
    report(
      'service',
      ref,
      `spec.service is not set, so the API server serves ${apiService.spec.group} itself, and it cannot`,
      'set spec.service to the Service that serves it',
    );
    return undefined;
  }
  const { namespace, name, port = 443 } = wanted;
  const service = inventory.services.find(
    (candidate) => candidate.metadata.name === name && namespaceOf(candidate) === namespace,
  );
  if (!service) {
    report(
      'service',
      ref,
      `Service ${namespace}/${name} does not exist`,
      `create Service ${namespace}/${name} with port ${port}, or set spec.service to the Service that serves the API`,
    );
    return undefined;
  }
  const servicePort = findServicePort(inventory, namespace, name, port)?.port;
  if (!servicePort) {
    const ports = service.spec.ports?.map((candidate) => candidate.port).join(', ');
    report(
      'port',
      ref,
      `${refText(refOf(service))} has no port ${port}${ports ? `, only ${ports}` : ''}`,
      `set spec.service.port of ${refText(ref)} to ${ports ?? 'a port of the Service'}`,
    );
  }
  return { service, servicePort };
}

function findWorkload(service: Service, inventory: Inventory, report: Report<ApiStep>): Workload | undefined {
  const [workload] = workloadsBehind(service, inventory.workloads);
  if (!workload) {
    report(
      'workload',
      refOf(service),
      'selects the pods of no workload, so the API that it serves has no endpoints',
      `set spec.selector of ${refText(refOf(service))} to the pod labels of the metrics adapter`,
    );
  }
  return workload;
}
