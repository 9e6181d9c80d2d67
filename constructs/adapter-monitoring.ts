import { Construct } from 'constructs';
import { adapterAlerts } from './adapter-alerts';
import { Alerts } from './alerts';
import { Connection } from './connection';
import { ClusterGrant, Grant } from './grant';
import { k8s } from './kubernetes';
import type { MetricsAdapterHandle } from './metrics-adapter-handle';
import type { PrometheusHandle } from './prometheus-instance';
import { ServiceMonitor } from './service-monitor';

/** Who watches which adapter. */
export interface AdapterMonitoringProps {
  readonly adapter: MetricsAdapterHandle;
  readonly prometheus: PrometheusHandle;
  /** Time between two scrapes, in Prometheus notation. */
  readonly interval: string;
  /** Go duration between two of the adapter's discoveries; alerts are measured by it. */
  readonly relistInterval: string;
}

/**
 * Has a Prometheus watch a metrics adapter: it scrapes the adapter's own metrics over verified HTTPS, with the token of
 * its ServiceAccount, and evaluates alerts on them. The Prometheus has to discover the adapter's namespace and to
 * evaluate rules.
 *
 * The authority of the adapter's certificate comes from a ConfigMap beside the monitor, rendered without data: the
 * adapter fills in `ca.crt`, as it fills in the `caBundle` of its APIServices. Its Secret holds keys as well, and stays
 * where nobody else reads it.
 */
export class AdapterMonitoring extends Construct {
  constructor(scope: Construct, id: string, props: AdapterMonitoringProps) {
    super(scope, id);
    const { adapter, prometheus, interval, relistInterval } = props;
    const { app, service } = adapter;
    const { namespace, monitorLabels: labels } = prometheus;
    this.authority(adapter, namespace);
    new ServiceMonitor(this, 'Monitor', {
      namespace,
      name: app.name,
      labels,
      interval,
      exporter: adapter.exporter,
      secured: {
        caConfigMap: adapter.caConfigMap,
        serverName: `${service.service}.${service.namespace}.svc`,
      },
    });
    new ClusterGrant(this, 'Scraping', {
      app: prometheus.app,
      name: `${app.name}-metrics-reader`,
      rules: [{ nonResourceUrLs: ['/metrics'], verbs: ['get'] }],
    });
    new Connection(this, 'FromPrometheus', { from: prometheus.app, to: app.port('https') });
    new Alerts(this, 'Alerts', {
      namespace,
      name: app.name,
      labels,
      alerts: adapterAlerts({ job: service.service, relistInterval }),
    });
  }

  private authority({ app, caConfigMap }: MetricsAdapterHandle, namespace: string): void {
    new k8s.KubeConfigMap(this, 'Authority', { metadata: { name: caConfigMap, namespace } });
    new Grant(this, 'AuthorityAccess', {
      app,
      name: caConfigMap,
      namespace,
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: [caConfigMap],
          verbs: ['get', 'list', 'watch', 'patch'],
        },
      ],
    });
  }
}
