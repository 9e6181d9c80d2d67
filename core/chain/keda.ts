import { commandLine, flagValue, isSwitchedOn } from '../kube/command-line';
import { servingContainers } from '../kube/endpoints';
import { parseImage } from '../kube/image';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import type { AccessRequest } from '../kube/rbac';
import { kedaPart } from '../workloads';
import { requestsFor } from './access';

/** Where the operator answers its metrics API server (`--metrics-service-bind-address`). */
export const KEDA_SERVICE_PORT = 9666;
const SCALED_OBJECTS = { group: 'keda.sh', resource: 'scaledobjects' };
const AUTOSCALERS = { group: 'autoscaling', resource: 'horizontalpodautoscalers' };

/** The operator of KEDA, as its workload describes it (cmd/operator/main.go, pkg/util/watch.go). */
export interface KedaOperatorDeployment {
  readonly workload: Workload;
  /** Tag of its image. */
  readonly version: string;
  /** `WATCH_NAMESPACE`, without which it does not start. */
  readonly watches: readonly string[] | 'all' | 'unset';
}

/** Every operator of KEDA, in the order of the objects. */
export function findKedaOperators({ workloads }: Inventory): readonly KedaOperatorDeployment[] {
  return workloads.flatMap((workload) => {
    const container = partOf(workload, 'operator');
    if (!container) return [];
    const version = parseImage(container.image ?? '').tag ?? 'latest';
    return [{ workload, version, watches: watchedBy(container) }];
  });
}

/** Whether an operator sees the ScaledObjects of a namespace. */
export function kedaWatches({ watches }: KedaOperatorDeployment, namespace: string): boolean {
  return typeof watches === 'string' ? watches === 'all' : watches.includes(namespace);
}

/**
 * What the operator must be allowed to in order to scale by a ScaledObject.
 * @param target resource of the scale target, e.g. `deployments`
 */
export function kedaRequests(
  { watches }: KedaOperatorDeployment,
  namespace: string,
  target: { readonly group: string; readonly resource: string },
): readonly AccessRequest[] {
  const places = typeof watches === 'string' ? [undefined] : watches;
  const scale = { ...target, resource: `${target.resource}/scale` };
  return [
    ...places.flatMap((place) =>
      [SCALED_OBJECTS, AUTOSCALERS].flatMap((resource) => requestsFor(resource, place, ['list', 'watch'])),
    ),
    ...requestsFor(SCALED_OBJECTS, namespace, ['update']),
    ...requestsFor({ ...SCALED_OBJECTS, resource: 'scaledobjects/status' }, namespace, ['patch']),
    ...requestsFor(AUTOSCALERS, namespace, ['create', 'update']),
    ...requestsFor(scale, namespace, ['get', 'update']),
  ];
}

/** Secrets that operators make when they start: their certificates, unless somebody else brings them. */
export function secretsMadeByKeda({ workloads }: Inventory): readonly { namespace: string; name: string }[] {
  return workloads.flatMap((workload) => {
    const container = partOf(workload, 'operator');
    const words = container ? commandLine(container) : [];
    if (!isSwitchedOn(words, 'enable-cert-rotation')) return [];
    const name = flagValue(words, 'cert-secret-name') ?? 'kedaorg-certs';
    return [{ namespace: namespaceOf(workload), name }];
  });
}

/** The container of a pod that runs a part of KEDA. */
export function partOf(workload: Workload, part: ReturnType<typeof kedaPart>): Container | undefined {
  return servingContainers(workload.spec.template.spec).find(({ image }) => kedaPart(image) === part);
}

function watchedBy({ env = [] }: Container): KedaOperatorDeployment['watches'] {
  const variable = env.find(({ name }) => name === 'WATCH_NAMESPACE');
  if (!variable) return 'unset';
  const value = String(variable.value ?? '');
  return value === '' || value === '""' ? 'all' : value.split(',');
}
