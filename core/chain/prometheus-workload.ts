import { namespaceOf } from '../kube/inventory';
import type { Service } from '../kube/kinds/core';
import type { Prometheus } from '../kube/kinds/monitoring';
import type { Workload } from '../kube/kinds/pod';
import type { ServiceAddress } from '../kube/service-url';

/** Port on which Prometheus listens in the operator's StatefulSet. */
export const PROMETHEUS_PORT = 9090;

/**
 * The StatefulSet that the Prometheus Operator makes of a Prometheus object, with what others depend on: labels,
 * service account, ports, probes (`pkg/prometheus/server/statefulset.go`).
 */
export function prometheusWorkload(prometheus: Prometheus): Workload {
  const { name } = prometheus.metadata;
  const namespace = namespaceOf(prometheus);
  const {
    podMetadata,
    portName = 'web',
    replicas = 1,
    resources,
    serviceAccountName = 'default',
  } = prometheus.spec;
  const labels = {
    'app.kubernetes.io/name': 'prometheus',
    'app.kubernetes.io/managed-by': 'prometheus-operator',
    'app.kubernetes.io/instance': name,
    'operator.prometheus.io/name': name,
    'operator.prometheus.io/shard': '0',
    prometheus: name,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: `prometheus-${name}`, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...podMetadata?.labels, ...labels } },
        spec: {
          serviceAccountName,
          priorityClassName: prometheus.spec.priorityClassName,
          containers: [
            {
              name: 'prometheus',
              image:
                prometheus.spec.image ??
                `quay.io/prometheus/prometheus:${prometheus.spec.version ?? 'latest'}`,
              ...(resources ? { resources } : {}),
              ports: [{ name: portName, containerPort: PROMETHEUS_PORT, protocol: 'TCP' }],
              readinessProbe: {
                httpGet: { path: '/-/ready', port: portName },
                periodSeconds: 5,
                failureThreshold: 3,
              },
            },
            {
              name: 'config-reloader',
              ports: [{ name: 'reloader-web', containerPort: 8080, protocol: 'TCP' }],
            },
          ],
        },
      },
    },
  };
}

/**
 * Why requests to a URL are not answered by a Prometheus, although its port is reached: the scheme or the path is not
 * what its object configures.
 */
export function urlMismatch(
  { scheme, path }: Pick<ServiceAddress, 'scheme' | 'path'>,
  { spec }: Prometheus,
): string | undefined {
  const serves = spec.web?.tlsConfig === undefined ? 'http' : 'https';
  if (scheme !== serves) return `it serves ${serves}, not ${scheme}`;
  const prefix = spec.routePrefix ?? '/';
  if (withoutSlash(path) === withoutSlash(prefix)) return undefined;
  return `it serves its API below ${prefix}, not below ${path}`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** The headless Service that the operator puts in front of every Prometheus of a namespace. */
export function operatedService(prometheus: Prometheus): Service {
  const { portName = 'web' } = prometheus.spec;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'prometheus-operated',
      namespace: namespaceOf(prometheus),
      labels: { 'operated-prometheus': 'true' },
    },
    spec: {
      clusterIP: 'None',
      selector: { 'app.kubernetes.io/name': 'prometheus' },
      ports: [{ name: portName, port: PROMETHEUS_PORT, targetPort: portName, protocol: 'TCP' }],
    },
  };
}
