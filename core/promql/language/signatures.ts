/** The types of PromQL values, by the names its documentation gives them. */
export type ValueType = 'instant vector' | 'range vector' | 'scalar' | 'string';

/** What a function takes and gives (`promql/parser/functions.go`). */
export interface Signature {
  readonly args: readonly ValueType[];
  readonly result: ValueType;
  /**
   * Absent: exactly `args`. Otherwise the last of `args` may be missing, or come up to this often; -1 is without limit.
   */
  readonly variadic?: number;
  /** Only with the engine's option `experimentalFunctions`. */
  readonly experimental?: boolean;
}

const OF_RANGE: Signature = { args: ['range vector'], result: 'instant vector' };
const OF_VECTOR: Signature = { args: ['instant vector'], result: 'instant vector' };
/** Without an argument, they look at the evaluation time. */
const OF_TIME: Signature = { args: ['instant vector'], result: 'instant vector', variadic: 1 };

/** All functions of the language. */
export const FUNCTIONS = {
  abs: OF_VECTOR,
  absent: OF_VECTOR,
  absent_over_time: OF_RANGE,
  acos: OF_VECTOR,
  acosh: OF_VECTOR,
  asin: OF_VECTOR,
  asinh: OF_VECTOR,
  atan: OF_VECTOR,
  atanh: OF_VECTOR,
  avg_over_time: OF_RANGE,
  ceil: OF_VECTOR,
  changes: OF_RANGE,
  clamp: { args: ['instant vector', 'scalar', 'scalar'], result: 'instant vector' },
  clamp_max: { args: ['instant vector', 'scalar'], result: 'instant vector' },
  clamp_min: { args: ['instant vector', 'scalar'], result: 'instant vector' },
  cos: OF_VECTOR,
  cosh: OF_VECTOR,
  count_over_time: OF_RANGE,
  day_of_month: OF_TIME,
  day_of_week: OF_TIME,
  day_of_year: OF_TIME,
  days_in_month: OF_TIME,
  deg: OF_VECTOR,
  delta: OF_RANGE,
  deriv: OF_RANGE,
  double_exponential_smoothing: {
    args: ['range vector', 'scalar', 'scalar'],
    result: 'instant vector',
    experimental: true,
  },
  end: { args: [], result: 'scalar', experimental: true },
  exp: OF_VECTOR,
  first_over_time: OF_RANGE,
  floor: OF_VECTOR,
  histogram_avg: OF_VECTOR,
  histogram_count: OF_VECTOR,
  histogram_fraction: { args: ['scalar', 'scalar', 'instant vector'], result: 'instant vector' },
  histogram_quantile: { args: ['scalar', 'instant vector'], result: 'instant vector' },
  histogram_quantiles: {
    args: ['instant vector', 'string', 'scalar', 'scalar'],
    result: 'instant vector',
    variadic: 9,
    experimental: true,
  },
  histogram_stddev: OF_VECTOR,
  histogram_stdvar: OF_VECTOR,
  histogram_sum: OF_VECTOR,
  hour: OF_TIME,
  idelta: OF_RANGE,
  increase: OF_RANGE,
  info: {
    args: ['instant vector', 'instant vector'],
    result: 'instant vector',
    variadic: 1,
    experimental: true,
  },
  irate: OF_RANGE,
  label_join: {
    args: ['instant vector', 'string', 'string', 'string'],
    result: 'instant vector',
    variadic: -1,
  },
  label_replace: {
    args: ['instant vector', 'string', 'string', 'string', 'string'],
    result: 'instant vector',
  },
  last_over_time: OF_RANGE,
  ln: OF_VECTOR,
  log10: OF_VECTOR,
  log2: OF_VECTOR,
  mad_over_time: { args: ['range vector'], result: 'instant vector', experimental: true },
  max_of: { args: ['scalar', 'scalar'], result: 'scalar', experimental: true },
  max_over_time: OF_RANGE,
  min_of: { args: ['scalar', 'scalar'], result: 'scalar', experimental: true },
  min_over_time: OF_RANGE,
  minute: OF_TIME,
  month: OF_TIME,
  pi: { args: [], result: 'scalar' },
  predict_linear: { args: ['range vector', 'scalar'], result: 'instant vector' },
  present_over_time: OF_RANGE,
  quantile_over_time: { args: ['scalar', 'range vector'], result: 'instant vector' },
  rad: OF_VECTOR,
  range: { args: [], result: 'scalar', experimental: true },
  rate: OF_RANGE,
  resets: OF_RANGE,
  round: { args: ['instant vector', 'scalar'], result: 'instant vector', variadic: 1 },
  scalar: { args: ['instant vector'], result: 'scalar' },
  sgn: OF_VECTOR,
  sin: OF_VECTOR,
  sinh: OF_VECTOR,
  sort: OF_VECTOR,
  sort_by_label: {
    args: ['instant vector', 'string'],
    result: 'instant vector',
    variadic: -1,
    experimental: true,
  },
  sort_by_label_desc: {
    args: ['instant vector', 'string'],
    result: 'instant vector',
    variadic: -1,
    experimental: true,
  },
  sort_desc: OF_VECTOR,
  sqrt: OF_VECTOR,
  start: { args: [], result: 'scalar', experimental: true },
  start_timestamp: { args: ['instant vector'], result: 'instant vector', experimental: true },
  stddev_over_time: OF_RANGE,
  stdvar_over_time: OF_RANGE,
  step: { args: [], result: 'scalar', experimental: true },
  sum_over_time: OF_RANGE,
  tan: OF_VECTOR,
  tanh: OF_VECTOR,
  time: { args: [], result: 'scalar' },
  timestamp: OF_VECTOR,
  ts_of_first_over_time: { args: ['range vector'], result: 'instant vector', experimental: true },
  ts_of_last_over_time: { args: ['range vector'], result: 'instant vector', experimental: true },
  ts_of_max_over_time: { args: ['range vector'], result: 'instant vector', experimental: true },
  ts_of_min_over_time: { args: ['range vector'], result: 'instant vector', experimental: true },
  vector: { args: ['scalar'], result: 'instant vector' },
  year: OF_TIME,
} as const satisfies Readonly<Record<string, Signature>>;

export type FunctionName = keyof typeof FUNCTIONS;

/** What a function takes and gives. */
export function signatureOf(name: FunctionName): Signature {
  return FUNCTIONS[name];
}
