import { Construct } from 'constructs';
import { NODE_EXPORTER_METRICS } from '../core/workloads';
import { App } from './app';
import { AppService } from './app-service';
import { Exporter } from './exporter';
import { resourceRequirements, restrictedPod, RESTRICTED_CONTAINER } from './hardened-container';
import { k8s } from './kubernetes';

const NAME = 'node-exporter';
const USER = 65534;
/** File systems of the node that say what it does, and where the container sees them. */
const HOST_PATHS = { proc: '/host/proc', sys: '/host/sys' } as const;
/** Collectors that give the series of the contract. */
const COLLECTORS = ['cpu', 'meminfo', 'loadavg'];

/** Where node exporters run. */
export interface NodeExporterProps {
  /** Has to admit pods that mount directories of their node; best one of their own, a `PrivilegedNamespace`. */
  readonly namespace: string;
  readonly image: string;
}

/**
 * A node_exporter on every node, for the use of processors and memory. It reads `/proc` and `/sys` of its node and has
 * no other privilege: not the node's network, so that policies hold for it, nor its process ids, nor a token.
 */
export class NodeExporter extends Construct {
  /** The series of the node exporters of a namespace, each with the label `node`. */
  static exporter(namespace: string) {
    return new Exporter(
      appIn(namespace).service(NODE_EXPORTER_METRICS.port),
      NODE_EXPORTER_METRICS,
      ['node'],
      { nodeLabel: 'node' },
    );
  }

  constructor(scope: Construct, id: string, { namespace, image }: NodeExporterProps) {
    super(scope, id);
    const { podLabels } = appIn(namespace);
    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata: { name: NAME, namespace, labels: { ...podLabels } },
      spec: {
        selector: { matchLabels: { ...podLabels } },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') },
        },
        template: {
          metadata: { labels: { ...podLabels } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            // Every node is measured, whatever else it is kept for.
            tolerations: [{ operator: 'Exists' }],
            securityContext: restrictedPod(USER),
            containers: [container(image)],
            volumes: Object.keys(HOST_PATHS).map((name) => ({ name, hostPath: { path: `/${name}` } })),
          },
        },
      },
    });
    new AppService(this, 'Service', { port: NodeExporter.exporter(namespace).port });
  }
}

function container(image: string): k8s.Container {
  const { port } = NODE_EXPORTER_METRICS;
  const target = k8s.IntOrString.fromString(port);
  return {
    name: NAME,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [
      ...Object.entries(HOST_PATHS).map(([name, path]) => `--path.${name}fs=${path}`),
      '--collector.disable-defaults',
      ...COLLECTORS.map((collector) => `--collector.${collector}`),
    ],
    ports: [{ name: port, containerPort: 9100, protocol: 'TCP' }],
    resources: resourceRequirements({ cpu: { request: '20m', limit: '200m' }, memory: '64Mi' }),
    readinessProbe: { httpGet: { path: '/', port: target }, periodSeconds: 10 },
    livenessProbe: { tcpSocket: { port: target }, periodSeconds: 10, failureThreshold: 6 },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: Object.entries(HOST_PATHS).map(([name, mountPath]) => ({
      name,
      mountPath,
      readOnly: true,
    })),
  };
}

function appIn(namespace: string) {
  return new App({ namespace, name: NAME, ports: { [NODE_EXPORTER_METRICS.port]: 9100 } });
}
