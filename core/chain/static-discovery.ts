import { podLabels, resolveTargetPort, selectsPod, servingContainers } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Service } from '../kube/kinds/core';
import type { Workload } from '../kube/kinds/pod';
import type { DiscoveredPod, DiscoveredService, DiscoveryState } from '../operator';
import { podMakers } from './pod-makers';

/** What service discovery will see once everything that makes pods has made one, and that is ready. */
export interface StaticDiscovery {
  readonly state: DiscoveryState;
  /** What makes a pod of the state. */
  makerOf(pod: { readonly namespace: string; readonly name: string }): Workload | undefined;
}

/** One running pod of each template, and the Services that lead to them. */
export function staticDiscovery(inventory: Inventory): StaticDiscovery {
  const members = podMakers(inventory).map((maker, index) => ({ maker, pod: podOf(maker, index) }));
  const byName = new Map(members.map(({ maker, pod }) => [key(pod), maker]));
  const byNamespace = new Map<string, Member[]>();
  for (const member of members) {
    byNamespace.set(member.pod.namespace, [...(byNamespace.get(member.pod.namespace) ?? []), member]);
  }
  const services = inventory.services.map((service) =>
    serviceOf(service, byNamespace.get(namespaceOf(service)) ?? []),
  );
  return {
    state: { services, pods: members.map(({ pod }) => pod) },
    makerOf: (pod) => byName.get(key(pod)),
  };
}

interface Member {
  readonly maker: Workload;
  readonly pod: DiscoveredPod;
}

function podOf(maker: Workload, index: number): DiscoveredPod {
  const { kind, metadata, spec } = maker;
  return {
    namespace: namespaceOf(maker),
    name: `${metadata.name}-${index}`,
    ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    hostIp: '192.0.2.1',
    node: 'node',
    phase: 'Running',
    ready: true,
    labels: podLabels(maker),
    annotations: spec.template.metadata?.annotations,
    containers: servingContainers(spec.template.spec).map(({ name, image, ports }) => ({
      name,
      image,
      ports,
    })),
    owner: { kind: kind === 'CronJob' ? 'Job' : kind, name: metadata.name },
  };
}

function serviceOf(service: Service, members: readonly Member[]): DiscoveredService {
  const { name, labels = {}, annotations } = service.metadata;
  const namespace = namespaceOf(service);
  const endpoints = members
    .filter(({ maker, pod }) => selectsPod(service, pod.namespace, podLabels(maker)))
    .map(({ maker, pod }) => ({
      podName: pod.name,
      ip: pod.ip ?? '',
      node: pod.node,
      ready: true,
      ports: (service.spec.ports ?? []).flatMap((port) => {
        const number = resolveTargetPort(port, maker.spec.template.spec);
        return number === undefined
          ? []
          : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
      }),
    }));
  return { namespace, name, labels, annotations, endpoints };
}

function key({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
