import { parseObject, type KubeObject } from '../../../core/kube/object';
import { NAMESPACES, NODES, type Words } from './random-words';

const SERVICES_OF_NAMESPACE = 5;
const PODS_OF_NAMESPACE = 8;

/** A pod and the status that its node would write. */
export interface RandomPod {
  readonly object: KubeObject;
  readonly status: Readonly<Record<string, unknown>>;
  /** It is being deleted. */
  readonly leaving: boolean;
}

export interface RandomCluster {
  /** Namespaces, nodes and Services. */
  readonly objects: readonly KubeObject[];
  readonly pods: readonly RandomPod[];
}

/** Services, and pods in every state, with labels and ports that monitors may select. */
export function randomCluster(words: Words): RandomCluster {
  const namespaces = Object.entries(NAMESPACES);
  return {
    objects: [
      ...namespaces.map(([name, team]) =>
        parseObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team } } }, 'random'),
      ),
      ...NODES.map((name, index) =>
        parseObject(
          { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { zone: `zone-${index}` } } },
          'random',
        ),
      ),
      ...namespaces.flatMap(([namespace]) =>
        Array.from({ length: SERVICES_OF_NAMESPACE }, (_, index) => service(words, namespace, index)),
      ),
    ],
    pods: namespaces.flatMap(([namespace], place) =>
      Array.from({ length: PODS_OF_NAMESPACE }, (_, index) =>
        pod(words, namespace, place * PODS_OF_NAMESPACE + index),
      ),
    ),
  };
}

function service(words: Words, namespace: string, index: number): KubeObject {
  const names = ['http', 'metrics', 'web-ui'].filter(() => words.chance(60));
  const ports = (names.length > 0 ? names : ['http']).map((name, position) => ({
    name,
    port: 80 + position,
    targetPort: words.chance(50) ? words.portName() : words.portNumber(),
  }));
  return parseObject(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: `service-${index}`,
        namespace,
        labels: words.distinctLabels(3),
        annotations: words.defined({ 'example.com/note': words.maybe(40, () => 'read me') }),
      },
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: words.chance(25),
        selector: { set: words.one(['x', 'y']) },
        ports,
      },
    },
    'random',
  );
}

function pod(words: Words, namespace: string, index: number): RandomPod {
  const state = words.one([
    'ready',
    'ready',
    'ready',
    'unready',
    'pending',
    'succeeded',
    'failed',
    'leaving',
  ]);
  const object = parseObject(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `pod-${index}`,
        namespace,
        labels: { ...words.distinctLabels(3), set: words.one(['x', 'y']) },
        annotations: words.defined({ 'example.com/path': words.maybe(40, () => '/other') }),
      },
      spec: {
        nodeName: words.one(NODES),
        containers: ['main', ...words.list(1, () => 'side')].map((name) => container(words, name)),
        initContainers: words.list(1, () => ({
          ...container(words, 'init'),
          ...words.defined({ restartPolicy: words.maybe(50, () => 'Always') }),
        })),
      },
    },
    'random',
  );
  return { object, status: status(state, `10.244.7.${index + 1}`), leaving: state === 'leaving' };
}

function container(words: Words, name: string): Record<string, unknown> {
  const names = new Set(words.list(2, () => words.portName()));
  const ports = [...names].map((portName) => ({ name: portName, containerPort: words.portNumber() }));
  const unnamed = words.chance(20) ? [{ containerPort: 7070 }] : [];
  return { name, image: `registry.example/${name}:1`, ports: [...ports, ...unnamed] };
}

const PHASES: Readonly<Record<string, string>> = {
  pending: 'Pending',
  succeeded: 'Succeeded',
  failed: 'Failed',
};

function status(state: string, ip: string): Record<string, unknown> {
  const phase = PHASES[state] ?? 'Running';
  const ready = state === 'ready' || state === 'leaving';
  return {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    ...(phase === 'Pending' ? {} : { podIP: ip, podIPs: [{ ip }], hostIP: '172.20.0.1' }),
  };
}
