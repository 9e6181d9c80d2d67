import { refOf, groupOf, type KubeObject } from '../../core/kube/object';
import type { ReadyCondition } from '../../core/model';
import type { HealthCheck, HealthCheckExpression } from './flux-objects';

/** API versions of what stages and releases wait for. */
const API_VERSIONS: Readonly<Record<ReadyCondition['kind'], string>> = {
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
};

/**
 * Kinds whose conditions kstatus does not know or does not wait for: it calls them ready as soon as they exist. An
 * expression that names what is not there yet is an error, which the controller waits out.
 */
const EXPRESSIONS: readonly HealthCheckExpression[] = [
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    current: "status.conditions.exists(c, c.type == 'Available' && c.status == 'True')",
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    // The operator says for which generation it is; the StatefulSet alone is still ready when that has changed.
    current:
      "['Reconciled', 'Available'].all(t, status.conditions.exists(c, c.type == t && c.status == 'True' && " +
      'c.observedGeneration == metadata.generation))',
  },
  {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    current: "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
  },
];

/** When a Kustomization is ready, as its spec says it. */
export interface Health {
  readonly healthChecks?: readonly HealthCheck[];
  readonly healthCheckExprs?: readonly HealthCheckExpression[];
}

/**
 * `healthChecks` rather than `wait`: with `wait` the controller looks at everything that it applied and at nothing else,
 * so that a StatefulSet which an operator makes of a Prometheus would not count.
 */
export function healthOf(checks: readonly HealthCheck[]): Health {
  if (checks.length === 0) return {};
  const expressions = EXPRESSIONS.filter((expression) => checks.some((check) => sameKind(check, expression)));
  return {
    healthChecks: checks,
    ...(expressions.length > 0 ? { healthCheckExprs: expressions } : {}),
  };
}

/** The check of what `install.sh` waits for. */
export function checkOf(condition: ReadyCondition): HealthCheck {
  const { kind, name } = condition;
  return {
    apiVersion: API_VERSIONS[kind],
    kind,
    name,
    ...('namespace' in condition ? { namespace: condition.namespace } : {}),
  };
}

/** Checks of custom resources that know themselves whether they are ready. */
export function customChecks(objects: readonly KubeObject[]): HealthCheck[] {
  return objects
    .filter((object) => EXPRESSIONS.some((expression) => sameKind(object, expression)))
    .map(refOf)
    .map(({ apiVersion, kind, name, namespace }) => ({
      apiVersion,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    }));
}

function sameKind(
  a: { readonly apiVersion: string; readonly kind: string },
  b: { readonly apiVersion: string; readonly kind: string },
): boolean {
  return a.kind === b.kind && groupOf(a.apiVersion) === groupOf(b.apiVersion);
}
