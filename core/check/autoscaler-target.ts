import { hpaConfigOf, validateHpa } from '../hpa';
import { autoscalerConflict } from '../keda';
import { podLabels, servingContainers } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import { groupOf, refOf, refText } from '../kube/object';
import { Selector } from '../kube/selector';
import { AUTOSCALER_VERSION, type Autoscaler } from './autoscalers';
import type { Check } from './check';
import { didYouMean } from '../did-you-mean';

/** Kinds whose objects an autoscaler scales and that this project reads; others have a scale too. */
const SCALED_KINDS = ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet'];

/** Betas of the API: gone since 1.25 and 1.26. */
const GONE_VERSIONS = ['autoscaling/v2beta1', 'autoscaling/v2beta2'];

export const invalidAutoscaler: Check = {
  id: 'invalid-autoscaler',
  title: 'Autoscalers are valid',
  severity: 'error',
  *run({ autoscalers, cluster }) {
    const config = cluster && hpaConfigOf(cluster, true);
    for (const { ref, name, made, spec, problem } of autoscalers) {
      const problems = spec ? validateHpa(spec, name, config) : problem === undefined ? [] : [problem];
      // The API server says some things twice.
      for (const message of new Set(problems)) {
        yield {
          object: ref,
          message: made ? `the autoscaler that KEDA makes of it is refused: ${message}` : message,
          fix: made ? 'correct what the field comes from' : 'correct the field that the message names',
        };
      }
    }
  },
};

export const autoscalerVersionGone: Check = {
  id: 'autoscaler-version-gone',
  title: 'Autoscalers are of a version that API servers still serve',
  severity: 'error',
  *run({ autoscalers }) {
    for (const { ref } of autoscalers) {
      if (!GONE_VERSIONS.includes(ref.apiVersion)) continue;
      yield {
        object: ref,
        message: `it is of version ${ref.apiVersion}, which API servers do not serve since Kubernetes 1.26`,
        fix: `write it as ${AUTOSCALER_VERSION}`,
      };
    }
  },
};

export const autoscalerNotRead: Check = {
  id: 'autoscaler-not-read',
  title: `Autoscalers are ${AUTOSCALER_VERSION}, the version that is checked`,
  severity: 'info',
  *run({ autoscalers }) {
    for (const { ref, made } of autoscalers) {
      if (made || ref.apiVersion === AUTOSCALER_VERSION || GONE_VERSIONS.includes(ref.apiVersion)) continue;
      yield {
        object: ref,
        message: `it is of version ${ref.apiVersion}, which is not read, so its metrics are not verified`,
        fix: `write it as ${AUTOSCALER_VERSION}`,
      };
    }
  },
};

export const autoscalerTargetMissing: Check = {
  id: 'autoscaler-target-missing',
  title: 'What an autoscaler scales exists',
  severity: 'error',
  *run({ autoscalers, written }) {
    for (const { ref, namespace, spec, target } of autoscalers) {
      if (!spec || target) continue;
      const { apiVersion = '', kind, name } = spec.scaleTargetRef;
      if (kind === '' || name === '') continue;
      const readable = SCALED_KINDS.includes(`${groupOf(apiVersion)}/${kind}`);
      if (!readable && hasObject(written.ofKind(groupOf(apiVersion), kind), namespace, name)) continue;
      const names = written.workloads
        .filter((workload) => workload.kind === kind && namespaceOf(workload) === namespace)
        .map(({ metadata }) => metadata.name);
      yield {
        object: ref,
        message: `its target ${kind} ${namespace}/${name} (${apiVersion}) does not exist${didYouMean(name, names)}`,
        fix: `set spec.scaleTargetRef to a workload of namespace ${namespace}, with its apiVersion`,
      };
    }
  },
};

function hasObject(
  objects: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  }[],
  namespace: string,
  name: string,
): boolean {
  return objects.some((object) => object.metadata.name === name && namespaceOf(object) === namespace);
}

export const replicasOwnedTwice: Check = {
  id: 'replicas-owned-twice',
  title: 'A workload that an autoscaler scales does not set its own replicas',
  severity: 'warning',
  *run({ autoscalers }) {
    for (const { ref, target } of autoscalers) {
      if (target?.spec.replicas === undefined) continue;
      yield {
        object: refOf(target),
        message: `spec.replicas is ${target.spec.replicas}, but ${refText(ref)} owns it: every apply undoes what it scaled`,
        fix: `remove spec.replicas from ${refText(refOf(target))}`,
      };
    }
  },
};

export const scalingDisabled: Check = {
  id: 'scaling-disabled',
  title: 'No workload that an autoscaler scales is set to 0 replicas',
  severity: 'error',
  *run({ autoscalers, cluster }) {
    // Since 1.36 an autoscaler leaves zero replicas only if it went there itself.
    const leavesZero = !(cluster && hpaConfigOf(cluster, true).rules.remembersScaleToZero);
    for (const { ref, made, spec, target } of autoscalers) {
      // KEDA leaves zero replicas itself.
      if (made || target?.spec.replicas !== 0 || (leavesZero && spec?.minReplicas === 0)) continue;
      yield {
        object: refOf(target),
        message: `spec.replicas is 0, which switches ${refText(ref)} off`,
        fix: `remove spec.replicas from ${refText(refOf(target))}`,
      };
    }
  },
};

export const podsOfTwoAutoscalers: Check = {
  id: 'pods-of-two-autoscalers',
  title: 'No pod belongs to two autoscalers',
  severity: 'error',
  *run({ autoscalers }) {
    for (const [index, later] of autoscalers.entries()) {
      const earlier = autoscalers.slice(0, index).find((other) => sharePods(later, other));
      if (!earlier?.target || !later.target) continue;
      const same = earlier.target === later.target;
      // Two of one workload, and one of them KEDA's: a finding of its own.
      if (same && (earlier.made || later.made)) continue;
      yield {
        object: later.ref,
        message: same
          ? `${refText(earlier.ref)} scales ${refText(refOf(later.target))} too`
          : `the pods of its target ${refText(refOf(later.target))} are also selected by ${refText(refOf(earlier.target))}, the target of ${refText(earlier.ref)}`,
        fix: same
          ? `put the metrics of both into one autoscaler`
          : `set spec.selector and pod labels of ${refText(refOf(later.target))} and ${refText(refOf(earlier.target))} so that they do not overlap`,
      };
    }
  },
};

function sharePods(one: Autoscaler, other: Autoscaler): boolean {
  const [a, b] = [one.target, other.target];
  if (!a || !b || one.namespace !== other.namespace) return false;
  return a === b || selectsPodsOf(a, b) || selectsPodsOf(b, a);
}

function selectsPodsOf(workload: Workload, other: Workload): boolean {
  return Selector.from(workload.spec.selector).matches(podLabels(other));
}

export const scaledObjectConflict: Check = {
  id: 'scaled-object-conflict',
  title: 'No workload has both a ScaledObject and an autoscaler',
  severity: 'error',
  *run({ written }) {
    for (const scaledObject of written.scaledObjects) {
      const { kind = 'Deployment', name } = scaledObject.spec.scaleTargetRef;
      for (const hpa of written.horizontalPodAutoscalers) {
        if (autoscalerConflict(scaledObject, hpa) === undefined) continue;
        yield {
          object: refOf(hpa),
          message: `${refText(refOf(scaledObject))} scales ${kind} ${namespaceOf(hpa)}/${name} too, by an autoscaler that KEDA makes for it`,
          fix: `remove one of ${refText(refOf(hpa))} and ${refText(refOf(scaledObject))}`,
        };
      }
    }
  },
};

export const missingResourceRequests: Check = {
  id: 'missing-resource-requests',
  title: 'Where utilization is a percentage of requests, every container has them',
  severity: 'error',
  *run({ autoscalers }) {
    for (const { ref, made, metrics, target } of autoscalers) {
      // The webhook of KEDA looks at those of its own.
      if (!target || made) continue;
      for (const { resource, container } of utilizations(metrics)) {
        const missing = withoutRequest(target, resource, container);
        if (missing.length === 0) continue;
        yield {
          object: refOf(target),
          message: `container ${missing.map((name) => `"${name}"`).join(', ')} requests no ${resource}, of which ${refText(ref)} wants a percentage`,
          fix: `set resources.requests.${resource} of container ${missing.map((name) => `"${name}"`).join(', ')}`,
        };
      }
    }
  },
};

/** Resources that are measured against requests, those of all containers or of one. */
function utilizations(
  metrics: Autoscaler['metrics'],
): { readonly resource: string; readonly container?: string | undefined }[] {
  return metrics.flatMap((metric) => {
    if (metric.type === 'Resource' && metric.resource.target.type === 'Utilization') {
      return [{ resource: metric.resource.name }];
    }
    if (metric.type === 'ContainerResource' && metric.containerResource.target.type === 'Utilization') {
      return [{ resource: metric.containerResource.name, container: metric.containerResource.container }];
    }
    return [];
  });
}

function withoutRequest(workload: Workload, resource: string, only: string | undefined): string[] {
  const { spec } = workload.spec.template;
  if (only === undefined && spec.resources?.requests?.[resource] !== undefined) return [];
  const containers = servingContainers(spec).filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && containers.length === 0) return [only];
  return containers.filter((container) => !requests(container, resource)).map(({ name }) => name);
}

/** The API server takes a limit for the request that is not set. */
function requests({ resources }: Container, resource: string): boolean {
  return (resources?.requests?.[resource] ?? resources?.limits?.[resource]) !== undefined;
}
