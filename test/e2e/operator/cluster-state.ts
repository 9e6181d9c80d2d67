import { z } from 'zod';
import type { DiscoveredPod, DiscoveredService, DiscoveryState } from '../../../core/operator';
import type { ControlPlane } from '../../control-plane/control-plane';

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z
    .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }))
    .default([]),
});

const container = z.object({
  name: z.string(),
  image: z.string(),
  ports: z
    .array(z.object({ name: z.string().optional(), containerPort: z.number(), protocol: z.string() }))
    .default([]),
});

const pod = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(container),
    initContainers: z.array(container).default([]),
  }),
  status: z.object({
    phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']),
    podIP: z.string().optional(),
    hostIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

const service = z.object({
  metadata,
  spec: z.object({ publishNotReadyAddresses: z.boolean().optional() }),
});

const slice = z.object({
  metadata,
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ serving: z.boolean().default(true), terminating: z.boolean().default(false) }),
        nodeName: z.string().optional(),
        targetRef: z.object({ kind: z.string(), name: z.string() }).optional(),
      }),
    )
    .nullish(),
  ports: z
    .array(z.object({ name: z.string().default(''), port: z.number(), protocol: z.string() }))
    .nullish(),
});

const node = z.object({ metadata });

/** What Prometheus' discovery sees in a cluster, read through the API server. */
export async function stateOf(plane: ControlPlane): Promise<DiscoveryState> {
  const slices = await list(plane, '/apis/discovery.k8s.io/v1/endpointslices', slice);
  const services = await list(plane, '/api/v1/services', service);
  return {
    pods: (await list(plane, '/api/v1/pods', pod)).map(discoveredPod),
    services: services
      // The API server's own.
      .filter(({ metadata: { namespace } }) => namespace !== 'default')
      .map((read) => discoveredService(read, slices)),
    nodes: (await list(plane, '/api/v1/nodes', node)).map(({ metadata: { name, labels, annotations } }) => ({
      name,
      labels,
      annotations,
    })),
  };
}

async function list<T>(plane: ControlPlane, path: string, item: z.ZodType<T>): Promise<readonly T[]> {
  const { status, text } = await plane.request(path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
  return z.object({ items: z.array(item) }).parse(JSON.parse(text)).items;
}

function discoveredPod({ metadata: meta, spec, status }: z.infer<typeof pod>): DiscoveredPod {
  const { name, namespace, uid, labels, annotations, ownerReferences } = meta;
  return {
    namespace,
    name,
    uid,
    ip: status.podIP,
    hostIp: status.hostIP,
    node: spec.nodeName,
    phase: status.phase,
    ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    labels,
    annotations,
    containers: [
      ...spec.containers,
      ...spec.initContainers.map((initContainer) => ({ ...initContainer, init: true })),
    ],
    owner: ownerReferences.find(({ controller }) => controller),
  };
}

function discoveredService(
  { metadata: meta, spec }: z.infer<typeof service>,
  slices: readonly z.infer<typeof slice>[],
): DiscoveredService {
  const { name, namespace, labels, annotations } = meta;
  const own = slices.filter(
    (candidate) =>
      candidate.metadata.namespace === namespace &&
      candidate.metadata.labels['kubernetes.io/service-name'] === name,
  );
  return {
    namespace,
    name,
    labels,
    annotations,
    publishNotReadyAddresses: spec.publishNotReadyAddresses,
    endpoints: own.flatMap(({ endpoints, ports }) =>
      (endpoints ?? []).map((endpoint) => ({
        podName: endpoint.targetRef?.kind === 'Pod' ? endpoint.targetRef.name : undefined,
        ip: endpoint.addresses[0] ?? '',
        node: endpoint.nodeName,
        ready: endpoint.conditions.serving,
        terminating: endpoint.conditions.terminating,
        ports: ports ?? [],
      })),
    ),
  };
}
