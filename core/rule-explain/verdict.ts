/** The first link that keeps a metric from an autoscaler, in the order of the chain. */
export const MISSING_REASONS = [
  /** The cluster serves no such resource. */
  'unknown-resource',
  /** The configuration has no rules of that API. */
  'no-rules',
  /** Prometheus refuses the rule's `seriesQuery`. */
  'listing-failed',
  /** The rule's `seriesQuery` selects nothing. */
  'no-series',
  /** `seriesFilters` or `name.matches` leave the series out. */
  'excluded',
  /** The rules make metrics of other names. */
  'other-name',
  /** No label of the series names an object of the resource. */
  'no-label',
  /** The metric is of objects in namespaces, or of objects outside them. */
  'other-scope',
  /** Several rules or series make the metric, and a policy refuses that. */
  'conflict',
  /** No object is asked for. */
  'no-objects',
  /** `metricsQuery` gives no query for the request. */
  'query-not-built',
  /** Prometheus refuses the query, or its result is of the wrong type. */
  'query-failed',
  /** The query has no result. */
  'query-empty',
  /** The result is of other objects. */
  'other-objects',
  /** The samples behind the result are older than the rule allows. */
  'too-old',
  /** The result is no number that the adapter serves. */
  'no-quantity',
] as const;

export type MissingReason = (typeof MISSING_REASONS)[number];

/** Why a metric is missing. */
export interface Verdict {
  readonly reason: MissingReason;
  readonly text: string;
  /** The rule that it is said of, such as `rules[0]`. */
  readonly rule?: string | undefined;
}

export function missingReason(reason: MissingReason, text: string): Verdict {
  return { reason, text };
}
