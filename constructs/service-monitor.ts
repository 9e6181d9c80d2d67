import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { MetricContract } from '../core/model';
import type { Exporter } from './exporter';
import { labelFields, type MonitorProps } from './monitor';
import type { ServicePort } from './port';

/** Has Prometheus scrape the pods behind a Service. */
export class ServiceMonitor extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: MonitorProps<Exporter<MetricContract, ServicePort, string>>,
  ) {
    super(scope, id);
    const { namespace, name, labels, exporter, interval } = props;
    const { port, contract } = exporter;
    const spec: IServiceMonitor['spec'] = {
      namespaceSelector: { matchNames: [port.namespace] },
      selector: { matchLabels: { ...port.labels } },
      endpoints: [{ port: port.name, path: contract.path, interval, ...labelFields(exporter) }],
    };
    new ApiObject(this, 'ServiceMonitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name, namespace, labels: { ...labels } },
      spec,
    });
  }
}
