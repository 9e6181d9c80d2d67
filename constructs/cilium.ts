import type { KubeObject } from '../core/kube/object';
import type { Labels } from '../core/kube/selector';
import type { HelmRelease } from '../core/model';
import { HUBBLE_METRICS } from '../core/workloads';
import { App } from './app';
import { Exporter } from './exporter';
import type { ServicePort } from './port';

const NAMESPACE = 'kube-system';
const { requests, duration } = HUBBLE_METRICS.series;

/** Labels of the metric itself; all others say who talked to whom. */
const OWN_LABELS = ['method', 'protocol', 'status', 'reporter'] as const;

/** A label that says who talked to whom; Hubble exports those that its configuration lists. */
export type ContextLabel = Exclude<(typeof requests.labels)[number], (typeof OWN_LABELS)[number]>;

/** How Cilium is installed. */
export interface CiliumProps<Label extends ContextLabel> {
  readonly version: string;
  /** Stage of the stack before which it is installed. */
  readonly before: string;
  /** Where the agents find the API server before there are Services. */
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly contextLabels: readonly Label[];
}

/**
 * Cilium by its own chart, without kube-proxy, with Hubble counting HTTP requests (`httpV2`). The chart's own monitor
 * is off: the stack brings one, and two would count everything twice.
 */
export class Cilium<Label extends ContextLabel> {
  readonly release: HelmRelease;

  constructor(private readonly props: CiliumProps<Label>) {
    const { version, before, apiServer } = props;
    this.release = {
      name: 'cilium',
      namespace: NAMESPACE,
      chart: 'cilium',
      repository: 'https://helm.cilium.io/',
      version,
      before,
      values: {
        ipam: { mode: 'kubernetes' },
        image: { pullPolicy: 'IfNotPresent' },
        k8sServiceHost: apiServer.host,
        k8sServicePort: apiServer.port,
        kubeProxyReplacement: true,
        operator: { replicas: 1 },
        hubble: {
          enabled: true,
          metrics: {
            enabled: [this.metric],
            port: this.hubblePort.number,
            serviceMonitor: { enabled: false },
          },
        },
      },
      provides: this.objects(),
      readyWhen: [
        { kind: 'CustomResourceDefinition', name: 'ciliumnetworkpolicies.cilium.io' },
        { kind: 'DaemonSet', namespace: NAMESPACE, name: 'cilium' },
        { kind: 'Deployment', namespace: NAMESPACE, name: 'cilium-operator' },
      ],
    };
  }

  /** Series about HTTP requests that crossed a proxy, exported by every agent about the pods of its node. */
  get hubble() {
    const { contextLabels } = this.props;
    return new Exporter(this.hubblePort, {
      ...HUBBLE_METRICS,
      series: {
        requests: { ...requests, labels: exported(requests.labels, contextLabels) },
        duration: { ...duration, labels: exported(duration.labels, contextLabels) },
      },
    });
  }

  /** The configuration string of the metric. */
  private get metric(): string {
    return `httpV2:labelsContext=${this.props.contextLabels.join(',')}`;
  }

  private get hubblePort(): ServicePort {
    return new App({
      namespace: NAMESPACE,
      name: 'cilium',
      ports: { [HUBBLE_METRICS.port]: 9965 },
      podLabels: { 'k8s-app': 'cilium' },
    }).service(HUBBLE_METRICS.port, {
      name: 'hubble-metrics',
      labels: { 'k8s-app': 'hubble' },
    });
  }

  /** What the chart renders of the above (`install/kubernetes/cilium/templates` of Cilium 1.20). */
  private objects(): KubeObject[] {
    const { service, name, number, labels, pod } = this.hubblePort;
    const agentLabels = { ...pod.podLabels, ...chartLabels('cilium-agent') };
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cilium', namespace: NAMESPACE } },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'cilium-config', namespace: NAMESPACE },
        data: {
          'enable-hubble': 'true',
          'hubble-metrics-server': `:${number}`,
          'hubble-metrics': this.metric,
          'kube-proxy-replacement': 'true',
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: service, namespace: NAMESPACE, labels: { ...labels, ...chartLabels('hubble') } },
        spec: {
          clusterIP: 'None',
          type: 'ClusterIP',
          ports: [{ name, port: number, protocol: 'TCP', targetPort: pod.name }],
          selector: pod.podLabels,
        },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'cilium', namespace: NAMESPACE, labels: agentLabels },
        spec: {
          selector: { matchLabels: pod.podLabels },
          template: {
            metadata: { labels: agentLabels },
            spec: agentPod(this.props.version, pod.name, number),
          },
        },
      },
    ];
  }
}

/** The labels that a series has under a configuration: its own, and the listed ones of its context. */
function exported<All extends string, Listed extends ContextLabel>(
  labels: readonly All[],
  contextLabels: readonly Listed[],
) {
  const kept = new Set<string>([...OWN_LABELS, ...contextLabels]);
  return labels.filter((label): label is Exclude<All, ContextLabel> | Extract<All, Listed> =>
    kept.has(label),
  );
}

/** Labels that the chart puts on a component. */
function chartLabels(name: string): Labels {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'cilium' };
}

function agentPod(version: string, portName: string, port: number) {
  const healthz = { host: '127.0.0.1', path: '/healthz', port: 'health', scheme: 'HTTP' };
  return {
    hostNetwork: true,
    serviceAccountName: 'cilium',
    automountServiceAccountToken: true,
    containers: [
      {
        name: 'cilium-agent',
        image: `quay.io/cilium/cilium:v${version}`,
        command: ['cilium-agent'],
        args: ['--config-dir=/tmp/cilium/config-map'],
        ports: [
          { name: 'health', containerPort: 9879, hostPort: 9879, protocol: 'TCP' },
          { name: 'peer-service', containerPort: 4244, hostPort: 4244, protocol: 'TCP' },
          { name: portName, containerPort: port, hostPort: port, protocol: 'TCP' },
        ],
        startupProbe: { httpGet: healthz, initialDelaySeconds: 5, periodSeconds: 2, failureThreshold: 300 },
        readinessProbe: { httpGet: healthz, periodSeconds: 30, failureThreshold: 3, timeoutSeconds: 5 },
      },
    ],
  };
}
