import type { ApiResources } from '../core/kube/api-resources';
import { generatedHpa, readScaledObject, triggerOf } from '../core/keda';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import type { ScaledObjectManifest } from '../core/kube/kinds/keda';
import { groupOf, refOf, refText, type KubeObject } from '../core/kube/object';
import { Selector, type LabelSelector } from '../core/kube/selector';
import { narrowMetric, parseHpaSpec, type HpaSpec, type MetricSpec } from '../core/hpa';

/** A request that answers with the present value of one metric of an autoscaler. */
export interface MetricQuery {
  /** `backend/backend-1`. */
  readonly autoscaler: string;
  /** Name of the ScaledObject that KEDA makes the autoscaler of, in the same form. */
  readonly scaledObject?: string;
  readonly metric: string;
  /** Path on the API server, the one the autoscaler's controller asks. */
  readonly path: string;
  /** JSON key that is in the answer exactly when there is a value. */
  readonly valueKey: 'value' | 'usage';
}

/**
 * One query per metric of each HorizontalPodAutoscaler among the objects, in their order, and of each that KEDA makes of
 * a ScaledObject. What triggers of other types are called is not known; they are left out.
 */
export function metricQueries(objects: readonly KubeObject[]): MetricQuery[] {
  const inventory = new Inventory(objects);
  const resources = inventory.apiResources;
  const autoscalers: readonly { readonly object: KubeObject; readonly scaledObject?: string }[] = [
    ...inventory.horizontalPodAutoscalers.map((object) => ({ object })),
    ...inventory.scaledObjects.map((manifest) => ({
      object: madeOf(manifest),
      scaledObject: `${namespaceOf(manifest)}/${manifest.metadata.name}`,
    })),
  ];
  return autoscalers.flatMap(({ object, ...made }) => {
    const spec = parseHpaSpec(object['spec'], refText(refOf(object)));
    const namespace = namespaceOf(object);
    const target: Target = {
      namespace,
      pods: podSelector(inventory, namespace, spec),
      customMetrics: customMetricsVersion(inventory),
      resources,
    };
    const metrics = (spec.metrics ?? []).flatMap((metric) => narrowMetric(metric) ?? []);
    return metrics.map((metric) => ({
      autoscaler: `${namespace}/${object.metadata.name}`,
      ...made,
      ...queryOf(metric, target),
    }));
  });
}

/** The autoscaler that KEDA makes. */
function madeOf(manifest: ScaledObjectManifest): KubeObject {
  const scaledObject = readScaledObject(manifest);
  const triggers = scaledObject.triggers.flatMap(({ type }, index) =>
    ['prometheus', 'cpu', 'memory'].includes(type) ? [triggerOf(scaledObject, index)] : [],
  );
  return generatedHpa(scaledObject, 'latest', triggers);
}

interface Target {
  readonly namespace: string;
  readonly pods: string;
  readonly customMetrics: string;
  readonly resources: ApiResources;
}

function queryOf(spec: MetricSpec, target: Target): Omit<MetricQuery, 'autoscaler' | 'scaledObject'> {
  const { namespace } = target;
  const custom = `/apis/custom.metrics.k8s.io/${target.customMetrics}/namespaces/${namespace}`;
  switch (spec.type) {
    case 'Pods': {
      const { name, selector } = spec.pods.metric;
      const parameters = { labelSelector: target.pods, metricLabelSelector: selectorText(selector) };
      return { metric: name, path: withQuery(`${custom}/pods/*/${name}`, parameters), valueKey: 'value' };
    }
    case 'Object': {
      const { describedObject, metric } = spec.object;
      const object =
        describedObject.kind === 'Namespace'
          ? 'metrics'
          : `${resourceName(describedObject, target.resources)}/${describedObject.name}`;
      const parameters = { metricLabelSelector: selectorText(metric.selector) };
      return {
        metric: metric.name,
        path: withQuery(`${custom}/${object}/${metric.name}`, parameters),
        valueKey: 'value',
      };
    }
    case 'External': {
      const { name, selector } = spec.external.metric;
      const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${name}`;
      return {
        metric: name,
        path: withQuery(path, { labelSelector: selectorText(selector) }),
        valueKey: 'value',
      };
    }
    case 'Resource':
      return { metric: spec.resource.name, ...podUsage(target) };
    case 'ContainerResource':
      return { metric: spec.containerResource.name, ...podUsage(target) };
  }
}

function podUsage({ namespace, pods }: Target): Pick<MetricQuery, 'path' | 'valueKey'> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  return { path: withQuery(path, { labelSelector: pods }), valueKey: 'usage' };
}

/** `deployments.apps`, `services`: how the custom metrics API names the kind of an object. */
function resourceName(
  { apiVersion = '', kind }: { readonly apiVersion?: string | undefined; readonly kind: string },
  resources: ApiResources,
): string {
  const group = groupOf(apiVersion);
  const plural = resources.findKind(group, kind)?.plural ?? `${kind.toLowerCase()}s`;
  return group === '' ? plural : `${plural}.${group}`;
}

/** The selector of the scale target's pods; empty when the target is not among the objects. */
function podSelector(inventory: Inventory, namespace: string, { scaleTargetRef }: HpaSpec): string {
  const target = inventory.workloads.find(
    (workload) =>
      workload.kind === scaleTargetRef.kind &&
      workload.metadata.name === scaleTargetRef.name &&
      namespaceOf(workload) === namespace,
  );
  return selectorText(target?.spec.selector);
}

function selectorText(selector: LabelSelector | undefined): string {
  return selector === undefined ? '' : Selector.from(selector).toString();
}

/** The newest version of the custom metrics API that an APIService among the objects announces. */
function customMetricsVersion(inventory: Inventory): string {
  const announced = inventory.apiServices.some(
    ({ metadata }) => metadata.name === 'v1beta2.custom.metrics.k8s.io',
  );
  return announced ? 'v1beta2' : 'v1beta1';
}

function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== '');
  if (pairs.length === 0) return path;
  return `${path}?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
}
