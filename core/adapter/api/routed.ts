import { type Selector } from '../../kube/selector';
import { type GroupResource } from '../../rules';
import { type ApiStatus } from './api-status';
import { type RequestAttributes } from './authorization';

/** The groups that the adapter can serve. */
export type MetricsGroup = 'custom.metrics.k8s.io' | 'external.metrics.k8s.io' | 'metrics.k8s.io';

/**
 * What a request asks for. Nothing of it is known to be served: groups that are not configured, metrics and objects
 * that do not exist are the handler's to refuse.
 */
export type Routed =
  | MetricRoute
  | ExplainRoute
  | GroupsRoute
  | GroupRoute
  | ResourcesRoute
  | OpenApiV2Route
  | OpenApiV3Route
  | HealthRoute
  | PathsRoute
  | VersionRoute
  | MetricsRoute
  | RefusedRoute;

/** A request for values of metrics. */
export type MetricRoute = CustomRoute | ExternalRoute | PodMetricsRoute | NodeMetricsRoute;

/** What every request has that got as far as authorization. */
export interface RoutedCommon {
  /** For authorization, which comes before anything else is said about the request. */
  readonly attributes: RequestAttributes;
  /** The parameter `pretty`; absent: the client's name decides. */
  readonly pretty?: boolean | undefined;
  /** The parameter `timeout`; absent, or beyond the server's own limit: that limit. */
  readonly timeoutMs?: number | undefined;
}

/** `custom.metrics.k8s.io`. */
export interface CustomRoute extends RoutedCommon {
  readonly kind: 'custom';
  readonly version: 'v1beta1' | 'v1beta2';
  /** As in the path: plural or singular. `namespaces` without a namespace for the metric of a namespace. */
  readonly groupResource: GroupResource;
  readonly namespace?: string | undefined;
  /** Of one object; `*` for all that the selector selects. */
  readonly name: string;
  /** Parameter `labelSelector`; absent if it selects all. */
  readonly objectSelector?: Selector | undefined;
  readonly metric: string;
  /** Parameter `metricLabelSelector`. */
  readonly metricSelector: Selector;
}

/** `external.metrics.k8s.io/v1beta1`. */
export interface ExternalRoute extends RoutedCommon {
  readonly kind: 'external';
  readonly namespace: string;
  readonly metric: string;
  readonly selector: Selector;
}

/** `metrics.k8s.io/v1beta1`, pods. */
export interface PodMetricsRoute extends RoutedCommon {
  readonly kind: 'pod-metrics';
  /** Absent: of all namespaces. */
  readonly namespace?: string | undefined;
  /** Of one pod; absent for a list. */
  readonly name?: string | undefined;
  readonly selector: Selector;
  readonly fields: FieldSelector;
  /** The parameter `includeObject`, for tables. */
  readonly includeObject?: string | undefined;
}

/** `metrics.k8s.io/v1beta1`, nodes. */
export interface NodeMetricsRoute extends RoutedCommon {
  readonly kind: 'node-metrics';
  /** Of one node; absent for a list. */
  readonly name?: string | undefined;
  readonly selector: Selector;
  readonly fields: FieldSelector;
  /** The parameter `includeObject`, for tables. */
  readonly includeObject?: string | undefined;
}

/** Conditions on `metadata.name` and `metadata.namespace`; all must hold. */
export type FieldSelector = readonly FieldRequirement[];

export interface FieldRequirement {
  readonly field: 'metadata.name' | 'metadata.namespace';
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** `/explain` in front of a metric's path; authorized as the metric itself. */
export interface ExplainRoute extends RoutedCommon {
  readonly kind: 'explain';
  readonly of: MetricRoute;
}

/** `/apis`. */
export interface GroupsRoute extends RoutedCommon {
  readonly kind: 'groups';
}

/** `/apis/GROUP`. */
export interface GroupRoute extends RoutedCommon {
  readonly kind: 'group';
  readonly group: MetricsGroup;
}

/** `/apis/GROUP/VERSION`. */
export interface ResourcesRoute extends RoutedCommon {
  readonly kind: 'resources';
  readonly group: MetricsGroup;
  readonly version: string;
}

export interface OpenApiV2Route extends RoutedCommon {
  readonly kind: 'openapi-v2';
}

/** `/openapi/v3`, or the document of one group and version. */
export interface OpenApiV3Route extends RoutedCommon {
  readonly kind: 'openapi-v3';
  /** `apis/GROUP/VERSION`; absent for the list of documents. */
  readonly document?: string | undefined;
  /** The parameter `hash`: if it is the document's, caches may keep the answer for good. */
  readonly hash?: string | undefined;
}

/** `/healthz`, `/livez`, `/readyz`. */
export interface HealthRoute extends RoutedCommon {
  readonly kind: 'health';
  readonly check: 'healthz' | 'livez' | 'readyz';
  /** One check of it: `/readyz/NAME`. */
  readonly part?: string | undefined;
  readonly verbose: boolean;
  /** Names of checks that are left out. */
  readonly exclude: readonly string[];
}

/** `/`: the paths that are served. */
export interface PathsRoute extends RoutedCommon {
  readonly kind: 'paths';
}

export interface VersionRoute extends RoutedCommon {
  readonly kind: 'version';
}

/** `/metrics` of the adapter itself. */
export interface MetricsRoute extends RoutedCommon {
  readonly kind: 'metrics';
}

/** What can be refused from the request line alone, after authorization if there are attributes. */
export interface RefusedRoute {
  readonly kind: 'refused';
  readonly status: ApiStatus;
  /** Absent if the target is none: then there is nothing that could be authorized. */
  readonly attributes?: RequestAttributes | undefined;
  readonly pretty?: boolean | undefined;
}
