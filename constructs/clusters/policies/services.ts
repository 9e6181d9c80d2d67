import { field, isEverybody, texts } from './fields';
import { describe, kindOf } from './kubernetes-resource';
import type { CheckedResource, Rule } from './rule';

/** Annotations of load balancers that the internet does not reach, by the controllers of AWS and Azure. */
const INTERNAL: readonly (readonly [string, string])[] = [
  ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true'],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true'],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'],
];

/** What the rule of Services allows. */
export interface ServiceConfig {
  /** Whether Services may have a port on every node. */
  readonly allowNodePorts: boolean;
}

/** Services are reached from inside the cluster, or by those who are named. */
export const services: Rule<ServiceConfig> = {
  name: 'services-not-open-to-everybody',
  description:
    'A Service of type LoadBalancer is internal or names who may reach it; one of type NodePort has to be allowed in the configuration.',
  defaults: { allowNodePorts: false },
  check(resource, { allowNodePorts }) {
    if (kindOf(resource) !== 'core/Service') return [];
    const type = field(resource.props, 'spec', 'type');
    if (type === 'LoadBalancer') return loadBalancer(resource);
    if (type !== 'NodePort' || allowNodePorts) return [];
    return [
      `${describe(resource)} has a port on every node: make it ClusterIP and reach it with "kubectl port-forward", or set allowNodePorts in the configuration of this policy`,
    ];
  },
};

function loadBalancer(resource: CheckedResource): readonly string[] {
  const { props } = resource;
  const annotations = field(props, 'metadata', 'annotations');
  if (INTERNAL.some(([key, value]) => String(field(annotations, key)) === value)) return [];
  const ranges = texts(field(props, 'spec', 'loadBalancerSourceRanges'));
  if (ranges.length > 0 && !ranges.some(isEverybody)) return [];
  return [
    `${describe(resource)} gets an address that everybody reaches: name who may in spec.loadBalancerSourceRanges, or make it ClusterIP and reach it with "kubectl port-forward"`,
  ];
}
