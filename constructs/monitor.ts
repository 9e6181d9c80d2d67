import type { Labels } from '../core/kube/selector';
import type { MetricContract } from '../core/model';
import type { Exporter } from './exporter';
import type { PodPort, ServicePort } from './port';

/** What ServiceMonitor and PodMonitor share. */
export interface MonitorProps<Exporting> {
  /** Where the monitor lies; what it selects lies where its exporter is. */
  readonly namespace: string;
  readonly name: string;
  /** Labels by which a Prometheus selects the monitor. */
  readonly labels: Labels;
  readonly exporter: Exporting;
  /** Prometheus notation, e.g. `10s`. */
  readonly interval: string;
}

/** The fields of an endpoint that follow from how the exporter's labels are to be treated. */
export function labelFields({ labelTreatment }: Exporter<MetricContract, PodPort | ServicePort, string>) {
  const { honorLabels, nodeLabel } = labelTreatment;
  return {
    ...(honorLabels ? { honorLabels } : {}),
    ...(nodeLabel === undefined
      ? {}
      : { relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: nodeLabel }] }),
  };
}
