import { podMakers, prometheusWorkload, referencesOf } from '../../../core/chain';
import { Inventory, namespaceOf } from '../../../core/kube/inventory';
import type { Workload } from '../../../core/kube/kinds/pod';
import { groupOf, type KubeObject } from '../../../core/kube/object';
import { Selector } from '../../../core/kube/selector';
import type { GraphNode, ObjectNode, ReleaseNode } from './nodes';
import { metricGroupsOf, scaleTargetOf } from './scale-target';

/**
 * What objects need by what they say, whatever stage they are in: their namespace, the kind they are of, what their pods
 * mount and run as, the pods behind an API, the API and the workload of an autoscaler.
 */
export class ObjectNeeds {
  private readonly inventory: Inventory;
  private readonly byIdentity = new Map<string, ObjectNode>();
  private readonly releases: readonly ReleaseNode[];

  constructor(nodes: readonly GraphNode[]) {
    const objects = nodes.filter((node) => node.kind === 'object');
    this.releases = nodes.filter((node) => node.kind === 'release');
    this.inventory = new Inventory(objects.map(({ sourced }) => sourced.object));
    for (const node of objects) {
      const { apiVersion, kind, metadata } = node.sourced.object;
      this.byIdentity.set(identity(groupOf(apiVersion), kind, metadata.namespace, metadata.name), node);
    }
  }

  of(node: GraphNode): GraphNode[] {
    if (node.kind === 'release') return this.namespace(node.source.release.namespace);
    const { object } = node.sourced;
    return [
      ...this.namespace(object.metadata.namespace),
      ...this.definition(object),
      ...this.bound(object),
      ...this.behindApi(object),
      ...this.forPods(object),
      // Later stages may open more of the network, and need not be waited for.
      ...this.admittingPods(object).filter(({ stage }) => stage <= node.stage),
      ...this.forAutoscaler(object),
    ].filter((need) => need !== node);
  }

  private namespace(name: string | undefined): GraphNode[] {
    return name === undefined ? [] : this.find('', 'Namespace', undefined, name);
  }

  /** The definition of a custom kind, or the release that brings one of its group. */
  private definition({ apiVersion, kind }: KubeObject): GraphNode[] {
    const group = groupOf(apiVersion);
    const own = this.inventory.customResourceDefinitions
      .filter(({ spec }) => spec.group === group && spec.names.kind === kind)
      .flatMap(({ metadata }) =>
        this.find('apiextensions.k8s.io', 'CustomResourceDefinition', undefined, metadata.name),
      );
    const brought = this.releases.filter(({ source }) =>
      source.definitions.some((name) => name.slice(name.indexOf('.') + 1) === group),
    );
    return [...own, ...brought];
  }

  /** The role that a binding gives. */
  private bound(object: KubeObject): GraphNode[] {
    const group = 'rbac.authorization.k8s.io';
    if (groupOf(object.apiVersion) !== group) return [];
    const { roleBindings, clusterRoleBindings } = this.inventory;
    return [...roleBindings, ...clusterRoleBindings]
      .filter(({ kind, metadata }) => isSame({ kind, metadata }, object))
      .flatMap(({ roleRef, metadata }) =>
        this.find(
          group,
          roleRef.kind,
          roleRef.kind === 'Role' ? metadata.namespace : undefined,
          roleRef.name,
        ),
      );
  }

  /** The Service of an APIService, and the workloads behind it. */
  private behindApi(object: KubeObject): GraphNode[] {
    const service = this.inventory.apiServices.find((candidate) => isSame(candidate, object))?.spec.service;
    if (!service || object.kind !== 'APIService') return [];
    const selector = this.inventory.services.find(
      ({ metadata, spec }) =>
        metadata.name === service.name && metadata.namespace === service.namespace && spec.selector,
    )?.spec.selector;
    const workloads = this.inventory.workloads.filter(
      (workload) =>
        selector !== undefined &&
        namespaceOf(workload) === service.namespace &&
        Object.entries(selector).every(([key, value]) => podLabels(workload)[key] === value),
    );
    return [
      ...this.find('', 'Service', service.namespace, service.name),
      ...workloads.flatMap((workload) => this.nodeOf(workload)),
    ];
  }

  /** What pods cannot start without: accounts, files, priorities. */
  private forPods(object: KubeObject): GraphNode[] {
    const maker = this.podsOf(object);
    if (!maker) return [];
    const namespace = namespaceOf(maker);
    const { priorityClassName } = maker.spec.template.spec;
    return [
      ...referencesOf(maker).flatMap(({ kind, name }) => this.find('', kind, namespace, name)),
      ...(priorityClassName === undefined
        ? []
        : this.find('scheduling.k8s.io', 'PriorityClass', undefined, priorityClassName)),
    ];
  }

  /** What pods start without and then fail: rights of their account, and policies that open their network. */
  private admittingPods(object: KubeObject): GraphNode[] {
    const maker = this.podsOf(object);
    if (!maker) return [];
    const namespace = namespaceOf(maker);
    return [
      ...this.rightsOf(namespace, maker.spec.template.spec.serviceAccountName),
      ...this.policiesOf(namespace, podLabels(maker)),
    ];
  }

  private podsOf(object: KubeObject): Workload | undefined {
    const prometheus = this.inventory.prometheuses.find((candidate) => isSame(candidate, object));
    if (prometheus) return prometheusWorkload(prometheus);
    return podMakers(this.inventory).find((candidate) => isSame(candidate, object));
  }

  private rightsOf(namespace: string, account: string | undefined): GraphNode[] {
    const { roleBindings, clusterRoleBindings } = this.inventory;
    return [...roleBindings, ...clusterRoleBindings]
      .filter(({ subjects = [] }) =>
        subjects.some(
          (subject) =>
            subject.kind === 'ServiceAccount' && subject.namespace === namespace && subject.name === account,
        ),
      )
      .flatMap((binding) => this.nodeOf(binding));
  }

  private policiesOf(namespace: string, labels: Readonly<Record<string, string>>): GraphNode[] {
    const { networkPolicies, ciliumNetworkPolicies } = this.inventory;
    const plain = networkPolicies.filter(({ spec }) => Selector.from(spec.podSelector).matches(labels));
    const cilium = ciliumNetworkPolicies.filter(({ spec, specs = [] }) =>
      [spec, ...specs].some(
        (rule) => rule?.endpointSelector && Selector.from(rule.endpointSelector).matches(labels),
      ),
    );
    return [...plain, ...cilium]
      .filter((policy) => namespaceOf(policy) === namespace)
      .flatMap((policy) => this.nodeOf(policy));
  }

  private forAutoscaler(object: KubeObject): GraphNode[] {
    const target = scaleTargetOf(object);
    if (!target) return [];
    const groups = metricGroupsOf(object);
    const services = this.inventory.apiServices.filter(({ spec }) => groups.includes(spec.group));
    return [
      ...this.find(groupOf(target.apiVersion), target.kind, target.namespace, target.name),
      ...services.flatMap((service) => this.nodeOf(service)),
    ];
  }

  private nodeOf({ apiVersion, kind, metadata }: KubeObject): ObjectNode[] {
    return this.find(groupOf(apiVersion), kind, metadata.namespace, metadata.name);
  }

  private find(group: string, kind: string, namespace: string | undefined, name: string): ObjectNode[] {
    const found = this.byIdentity.get(identity(group, kind, namespace, name));
    return found ? [found] : [];
  }
}

function identity(group: string, kind: string, namespace: string | undefined, name: string): string {
  return [group, kind, namespace ?? '', name].join('|');
}

function isSame(a: Pick<KubeObject, 'kind' | 'metadata'>, b: Pick<KubeObject, 'kind' | 'metadata'>): boolean {
  return (
    a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace
  );
}

function podLabels(workload: Workload): Readonly<Record<string, string>> {
  return workload.spec.template.metadata?.labels ?? {};
}
