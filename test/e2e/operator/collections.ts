import { namespaceOf } from '../../../core/kube/inventory';
import { groupOf, type KubeObject } from '../../../core/kube/object';

/** Plural names of the kinds that matter here, and whether their objects lie in namespaces. */
const KINDS: Readonly<Record<string, readonly [plural: string, namespaced: boolean]>> = {
  Namespace: ['namespaces', false],
  Node: ['nodes', false],
  PriorityClass: ['priorityclasses', false],
  CustomResourceDefinition: ['customresourcedefinitions', false],
  ServiceAccount: ['serviceaccounts', true],
  Service: ['services', true],
  Pod: ['pods', true],
  Secret: ['secrets', true],
  ConfigMap: ['configmaps', true],
  Deployment: ['deployments', true],
  StatefulSet: ['statefulsets', true],
  DaemonSet: ['daemonsets', true],
  Prometheus: ['prometheuses', true],
  ServiceMonitor: ['servicemonitors', true],
  PodMonitor: ['podmonitors', true],
  Probe: ['probes', true],
  ScrapeConfig: ['scrapeconfigs', true],
};

/** Path of the collection that an object belongs to; undefined for a kind that does not matter here. */
export function collectionOf(object: KubeObject): string | undefined {
  const kind = KINDS[object.kind];
  if (!kind) return undefined;
  const [plural, namespaced] = kind;
  const root = groupOf(object.apiVersion) === '' ? '/api' : '/apis';
  const place = namespaced ? `/namespaces/${namespaceOf(object)}` : '';
  return `${root}/${object.apiVersion}${place}/${plural}`;
}
