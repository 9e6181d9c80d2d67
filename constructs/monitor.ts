import type { Labels } from '../core/kube/selector';

/** What ServiceMonitor and PodMonitor share. */
export interface MonitorProps<Exporter> {
  /** Where the monitor lies; what it selects lies where its exporter is. */
  readonly namespace: string;
  readonly name: string;
  /** Labels by which a Prometheus selects the monitor. */
  readonly labels: Labels;
  readonly exporter: Exporter;
  /** Prometheus notation, e.g. `10s`. */
  readonly interval: string;
}
