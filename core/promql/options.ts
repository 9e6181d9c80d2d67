/** Parts of the language that Prometheus has, or once had, behind `--enable-feature`; off unless it says so. */
export interface LanguageOptions {
  /** `promql-experimental-functions`: functions and aggregations that may still change. */
  readonly experimentalFunctions?: boolean | undefined;
  /** `promql-duration-expr`: arithmetic in ranges, offsets and steps. On by default, as in every 3.14 server. */
  readonly durationExpressions?: boolean | undefined;
  /** `promql-extended-range-selectors`: `anchored` and `smoothed`. */
  readonly extendedRangeSelectors?: boolean | undefined;
  /** `promql-binop-fill-modifiers`: `fill`, `fill_left` and `fill_right`. */
  readonly fillModifiers?: boolean | undefined;
}

/** How an engine understands and evaluates queries; by default as a Prometheus 3 server without flags. */
export interface EngineOptions extends LanguageOptions {
  /** How far an instant selector looks back for the newest sample (`--query.lookback-delta`). */
  readonly lookbackMs?: number | undefined;
  /** The step of a subquery that gives none: the server's `global.evaluation_interval`. */
  readonly subqueryStepMs?: number | undefined;
  /** `promql-delayed-name-removal`: the metric name goes at the end of the query, not at each operation. */
  readonly delayedNameRemoval?: boolean | undefined;
  /** `start-timestamps`: counters are known to start from zero where a sample says so. */
  readonly startTimestamps?: boolean | undefined;
  /** `type-and-unit-labels`: labels `__type__` and `__unit__` mean something. */
  readonly typeAndUnitLabels?: boolean | undefined;
}

export const DEFAULT_LOOKBACK_MS = 300_000;
export const DEFAULT_SUBQUERY_STEP_MS = 60_000;
