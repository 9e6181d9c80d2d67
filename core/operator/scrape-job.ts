import type { RelabelConfig } from '../kube/kinds/monitoring';
import type { ObjectRef } from '../kube/object';
import type { Selector } from '../kube/selector';

/** Role of Prometheus' Kubernetes service discovery. */
export type DiscoveryRole = 'endpoints' | 'endpointslice' | 'pod';

/** One `scrape_config` as the Prometheus Operator writes it: one per endpoint of a selected monitor. */
export interface ScrapeJob {
  /** `serviceMonitor/<namespace>/<name>/<index>` or `podMonitor/…`; targets get their own `job` label by relabelling. */
  readonly name: string;
  /** The monitor it comes from. */
  readonly source: ObjectRef;
  /** Index of the endpoint within the monitor. */
  readonly endpointIndex: number;
  readonly role: DiscoveryRole;
  /** Namespaces searched; `'all'` when the monitor says `any`. */
  readonly namespaces: readonly string[] | 'all';
  /** Selects Services or pods at the API server; set only with `selectorMechanism: RoleSelector`. */
  readonly selector?: Selector | undefined;
  /** Whether `__meta_kubernetes_node_*` labels are attached. */
  readonly attachNode: boolean;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly path: string;
  readonly scheme: 'http' | 'https';
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  /** In the operator's own order. */
  readonly relabelConfigs: readonly RelabelConfig[];
  readonly metricRelabelConfigs: readonly RelabelConfig[];
}
