import { fromSeconds, type HpaPod, type Nanoseconds } from '../core/hpa';
import type { Container, PodSpec } from '../core/kube/kinds/pod';
import { Quantity } from '../core/kube/quantity';
import type { VirtualPod } from './virtual-pod';

type Template = Pick<HpaPod, 'containers' | 'initContainers' | 'requests'>;

/** Pods of one template share what they request, which the controller reads once. */
const templates = new WeakMap<PodSpec, Template>();

/** A pod as the controller of autoscalers reads it. */
export function hpaPod(pod: VirtualPod): HpaPod {
  return {
    name: pod.name,
    phase: pod.phase,
    deleting: pod.deleting,
    // Both are told by the kubelet, which has not heard of a pod without a node.
    ready:
      pod.boundMs === undefined
        ? undefined
        : { status: pod.ready ? 'True' : 'False', since: moment(pod.readySinceMs) },
    startTime: pod.boundMs === undefined ? undefined : moment(pod.boundMs),
    ...templateOf(pod.spec),
  };
}

/** Times of the API are told to the second. */
function moment(milliseconds: number): Nanoseconds {
  return fromSeconds(Math.floor(milliseconds / 1000));
}

function templateOf(spec: PodSpec): Template {
  let template = templates.get(spec);
  if (!template) {
    template = {
      containers: spec.containers.map(requesting),
      initContainers: spec.initContainers?.map((container) => ({
        ...requesting(container),
        restartPolicy: container.restartPolicy,
      })),
      requests: spec.resources && requestsOf(spec),
    };
    templates.set(spec, template);
  }
  return template;
}

function requesting(container: Container): HpaPod['containers'][number] {
  return { name: container.name, requests: requestsOf(container) };
}

/** The API server takes a limit for the request that is not set. */
function requestsOf({ resources }: Pick<Container, 'resources'>): Record<string, Quantity> {
  const amounts = { ...resources?.limits, ...resources?.requests };
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, Quantity.parse(amount)]));
}
