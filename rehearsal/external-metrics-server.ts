import type { ApiService } from '../core/kube/kinds/core';
import type { Quantity } from '../core/kube/quantity';
import type { Selector } from '../core/kube/selector';

/** Why there is no value: what the client is answered, and what is behind it. */
export interface MetricFailure {
  readonly answer: string;
  readonly cause: string;
}

/** A server of external metrics that finds values by itself, rather than by queries that are planned for it. */
export interface ExternalMetricsServer {
  readonly deployment: { readonly apiServices: readonly ApiService[] };
  /** Why the API server gets no answer; undefined if it gets one. */
  readonly unavailable: () => string | undefined;
  /** Why it refuses everybody; undefined if it can find out who may ask. */
  readonly undelegated: string | undefined;
  /** The value of an external metric, or the message of the error that the client gets. */
  metric(namespace: string, metric: string, selector: Selector): Quantity | MetricFailure;
}
