import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { MetricContract } from '../core/model';
import type { Exporter } from './exporter';
import { labelFields, type MonitorProps } from './monitor';
import type { PodPort } from './port';

/** Has Prometheus scrape pods, whether or not a Service leads to them. */
export class PodMonitor extends Construct {
  constructor(scope: Construct, id: string, props: MonitorProps<Exporter<MetricContract, PodPort, string>>) {
    super(scope, id);
    const { namespace, name, labels, exporter, interval } = props;
    const { port, contract } = exporter;
    const spec: IPodMonitor['spec'] = {
      namespaceSelector: { matchNames: [port.namespace] },
      selector: { matchLabels: { ...port.podLabels } },
      podMetricsEndpoints: [{ port: port.name, path: contract.path, interval, ...labelFields(exporter) }],
    };
    new ApiObject(this, 'PodMonitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name, namespace, labels: { ...labels } },
      spec,
    });
  }
}
