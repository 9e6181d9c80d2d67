import { parseImage } from '../core/kube/image';
import { apiServerPort, minorVersion, type ClusterDescriptor, type Stage } from '../core/model';
import {
  configReloaderFor,
  DnsAccess,
  MetricsAdapter,
  MetricsAdapterHandle,
  PrometheusInstance,
  PrometheusOperator,
  RestrictedNamespace,
  type AdapterRules,
  type DnsAccessProps,
  type PrometheusHandle,
  type PrometheusInstanceProps,
} from '../constructs';
import type { MonitoringOptions } from './monitoring-options';

/**
 * Closed namespaces within the `restricted` Pod Security level.
 * @param resolving those whose pods use names of Services
 * @param dnsServers which pods answer them, as `DnsAccess` has it
 */
export function namespacesStage(
  { kubernetes }: ClusterDescriptor,
  names: readonly string[],
  resolving: readonly string[],
  dnsServers?: DnsAccessProps['servers'],
): Stage {
  const podSecurity = minorVersion(kubernetes);
  return {
    name: 'namespaces',
    summary: 'restricted namespaces that deny all traffic but name resolution',
    fill(chart) {
      for (const name of names) new RestrictedNamespace(chart, name, { name, podSecurity });
      for (const namespace of resolving) {
        new DnsAccess(chart, `${namespace}-dns`, {
          namespace,
          ...(dnsServers === undefined ? {} : { servers: dnsServers }),
        });
      }
    },
  };
}

/** The Prometheus Operator, confined to the namespace of its Prometheus. */
export function operatorsStage(
  cluster: ClusterDescriptor,
  namespace: string,
  { operatorImage }: MonitoringOptions,
): Stage {
  return {
    name: 'operators',
    summary: 'the Prometheus Operator',
    fill(chart) {
      new PrometheusOperator(chart, 'prometheus-operator', {
        namespace,
        image: operatorImage,
        reloaderImage: configReloaderFor(operatorImage),
        apiServerPort: apiServerPort(cluster),
      });
    },
  };
}

/**
 * Prometheus, and what a stack puts beside it: monitors of what is scraped, and what shows it.
 * @param props.fill adds that to the chart, after Prometheus
 */
export function monitoringStage(
  cluster: ClusterDescriptor,
  { prometheusImage, scrapeInterval }: MonitoringOptions & { readonly scrapeInterval: string },
  props: Pick<Stage, 'summary' | 'fill'> &
    Pick<PrometheusInstanceProps, 'prometheus' | 'discovers' | 'retention' | 'nodePort' | 'evaluatesRules'>,
): Stage {
  const { summary, fill, ...rest } = props;
  const { namespace, app } = rest.prometheus;
  return {
    name: 'monitoring',
    summary,
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        image: prometheusImage,
        version: parseImage(prometheusImage).tag ?? '',
        scrapeInterval,
        apiServerPort: apiServerPort(cluster),
        ...rest,
      });
      fill(chart);
    },
    readyWhen: [{ kind: 'StatefulSet', namespace, name: app.name }],
  };
}

/** The metrics adapter of a namespace, under the name that the documents give it. */
export function adapterIn(namespace: string, replicas?: number): MetricsAdapterHandle {
  return new MetricsAdapterHandle(namespace, 'custom-metrics-apiserver', replicas);
}

/** The metrics adapter and its APIServices. */
export function adapterStage(
  cluster: ClusterDescriptor,
  props: {
    readonly namespace: string;
    readonly image: string;
    readonly rules: AdapterRules;
    readonly prometheus: PrometheusHandle;
    readonly relistInterval: string;
    /** How many of it. Default 1. */
    readonly replicas?: number;
    /** Whether that Prometheus watches it. Default: no. */
    readonly monitored?: boolean;
  },
): Stage {
  const { namespace, replicas, prometheus, monitored = false, ...rest } = props;
  return {
    name: 'adapter',
    summary: 'custom metrics from Prometheus',
    fill(chart) {
      new MetricsAdapter(chart, 'adapter', {
        handle: adapterIn(namespace, replicas),
        prometheus: prometheus.service,
        apiServerPort: apiServerPort(cluster),
        ...(monitored ? { monitoredFrom: prometheus.namespace } : {}),
        ...rest,
      });
    },
  };
}
