import { type Labels, type Selector } from '../kube/selector';
import { type GroupResource } from '../rules';

/** What a client of the metrics APIs asks for. */
export type MetricRequest = CustomMetricRequest | ExternalMetricRequest;

/** A request to `custom.metrics.k8s.io`. */
export interface CustomMetricRequest {
  readonly api: 'custom';
  /** As in the URL: plural or singular name. */
  readonly groupResource: GroupResource;
  /** Absent for root-scoped resources. A metric of a namespace has the namespace as its object, and none here. */
  readonly namespace?: string | undefined;
  /** The name of one object, or for a request of `*` the names that its label selector listed, in list order. */
  readonly objects: string | readonly string[];
  readonly metric: string;
  readonly metricSelector: Selector;
}

/** A request to `external.metrics.k8s.io`. */
export interface ExternalMetricRequest {
  readonly api: 'external';
  readonly namespace: string;
  readonly metric: string;
  readonly selector: Selector;
}

/** What Prometheus answered to an instant query; an error's text is shown to nobody but in explanations. */
export type QueryOutcome = QueryResult | QueryFailure;

type QueryResult = (
  | { readonly type: 'vector'; readonly samples: readonly QuerySample[] }
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'matrix' | 'string' }
) & {
  /** What the source remarks on it: a part of what it was asked of may not have answered (Thanos, Mimir). */
  readonly warnings?: readonly string[] | undefined;
};

export interface QueryFailure {
  readonly error: string;
  /** Whether the source gave no answer: it is down, slow, overloaded, or what it sent is not understood. */
  readonly unavailable?: boolean | undefined;
  /** Whether it was too slow or too long: a query for less may succeed. */
  readonly tooMuch?: boolean | undefined;
  /** Whether the source was not asked at all, because of what came of other queries: it is nothing new. */
  readonly unasked?: boolean | undefined;
  /** When the source wants to be asked again. */
  readonly retryAfterMs?: number | undefined;
  /** The source was not asked, because the query is none to be sent. */
  readonly unsent?: true | undefined;
}

/** One element of a vector. */
export interface QuerySample {
  readonly labels: Labels;
  readonly value: number;
}
