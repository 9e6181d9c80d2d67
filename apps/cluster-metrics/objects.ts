import { z } from 'zod';
import type { NodeState, PodState } from '../../core/kube/cluster-state';
import { podRequests } from '../../core/kube/pod-requests';
import { Quantity } from '../../core/kube/quantity';

const quantity = z.union([z.string(), z.number()]);
const quantities = z.record(z.string(), quantity);
const labels = z.record(z.string(), z.string());

const node = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z
    .object({
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.object({ effect: z.string() })).nullish(),
    })
    .nullish(),
  status: z.object({ capacity: quantities.nullish(), allocatable: quantities.nullish() }).nullish(),
});

const resources = z.object({ requests: quantities.optional(), limits: quantities.optional() });
const container = z.object({
  name: z.string(),
  restartPolicy: z.string().optional(),
  resources: resources.optional(),
});
const pod = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: labels.nullish() }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(container).min(1),
    initContainers: z.array(container).optional(),
    resources: resources.optional(),
    overhead: quantities.optional(),
  }),
  status: z.object({ phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']) }),
});

/** Taints that keep new pods away; the API server adds them to nodes that are cordoned, unreachable or short. */
const REPELLING = ['NoSchedule', 'NoExecute'];

/**
 * A `v1.Node`. One whose taints keep pods without tolerations away takes no new pods: control planes, nodes that are
 * not ready, nodes set apart for something else.
 * @throws if it is none, or has a quantity that cannot be read
 */
export function readNode(object: unknown): NodeState {
  const { metadata, spec, status } = node.parse(object);
  const tainted = (spec?.taints ?? []).some(({ effect }) => REPELLING.includes(effect));
  return {
    name: metadata.name,
    capacity: scheduled(status?.capacity ?? {}),
    allocatable: scheduled(status?.allocatable ?? {}),
    unschedulable: spec?.unschedulable === true || tainted,
  };
}

/**
 * A `v1.Pod`, of which only what counts is kept: a cluster has tens of thousands.
 * @throws if it is none, or has a quantity that cannot be read
 */
export function readPod(object: unknown): PodState {
  const { metadata, spec, status } = pod.parse(object);
  const { nodeName, ...requested } = spec;
  // What cannot be read is said now, of this one pod, and not at each scrape of all.
  podRequests(requested);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    phase: status.phase,
    node: nodeName === '' ? undefined : nodeName,
    spec: requested,
  };
}

/** The amounts that count, as texts. @throws if one is no quantity */
function scheduled(amounts: z.infer<typeof quantities>): Record<string, string> {
  return Object.fromEntries(
    ['cpu', 'memory', 'pods'].flatMap((resource): [string, string][] => {
      const amount = amounts[resource];
      return amount === undefined ? [] : [[resource, Quantity.parse(amount).toString()]];
    }),
  );
}
