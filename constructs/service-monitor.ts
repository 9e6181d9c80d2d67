import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { MetricContract } from '../core/model';
import type { Exporter } from './exporter';
import { labelFields, type MonitorProps } from './monitor';
import type { ServicePort } from './port';

/** An exporter that serves HTTPS with a certificate of its own authority, and asks who scrapes it. */
export interface SecuredEndpoint {
  /** ConfigMap of the monitor's namespace that has the authority under `ca.crt`. */
  readonly caConfigMap: string;
  /** Name that its certificate is made out to. */
  readonly serverName: string;
}

/** What a ServiceMonitor scrapes, and how. */
export interface ServiceMonitorProps extends MonitorProps<Exporter<MetricContract, ServicePort, string>> {
  /** Absent for plain HTTP. */
  readonly secured?: SecuredEndpoint;
}

/** Where a pod has the token of its ServiceAccount. */
const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Has Prometheus scrape the pods behind a Service. */
export class ServiceMonitor extends Construct {
  constructor(scope: Construct, id: string, props: ServiceMonitorProps) {
    super(scope, id);
    const { namespace, name, labels, exporter, interval, secured } = props;
    const { port, contract } = exporter;
    const spec: IServiceMonitor['spec'] = {
      namespaceSelector: { matchNames: [port.namespace] },
      selector: { matchLabels: { ...port.labels } },
      endpoints: [
        {
          port: port.name,
          path: contract.path,
          interval,
          ...(secured ? securedFields(secured) : {}),
          ...labelFields(exporter),
        },
      ],
    };
    new ApiObject(this, 'ServiceMonitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name, namespace, labels: { ...labels } },
      spec,
    });
  }
}

/** Prometheus shows the token of its ServiceAccount, and only to who can prove to be the server. */
function securedFields({ caConfigMap, serverName }: SecuredEndpoint) {
  return {
    scheme: 'https' as const,
    tlsConfig: { ca: { configMap: { name: caConfigMap, key: 'ca.crt' } }, serverName },
    bearerTokenFile: TOKEN_FILE,
  };
}
