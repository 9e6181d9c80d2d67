import type { Feature } from '../../../core/promqltest';

/** What selectors of the generated queries may ask for: a metric and values of its labels. */
export interface Metric {
  readonly name: string;
  /** Values that exist, by label. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** How often it is chosen. */
  readonly weight: number;
}

const INSTANCES = ['a:80', 'b:80', 'c:80'];

export const METRICS: readonly Metric[] = [
  {
    name: 'http_requests_total',
    labels: { job: ['api', 'web'], instance: INSTANCES, method: ['GET', 'POST'], code: ['200', '500'] },
    weight: 10,
  },
  {
    name: 'errors_total',
    labels: { job: ['api', 'db'], instance: ['a:80', 'b:80'], code: ['500', '503'] },
    weight: 6,
  },
  { name: 'started_total', labels: { job: ['api', 'web'], instance: ['a:80', 'b:80'] }, weight: 5 },
  { name: 'memory_bytes', labels: { job: ['api', 'web', 'db'], instance: ['a:80', 'b:80'] }, weight: 6 },
  { name: 'temperature', labels: { room: ['hall', 'attic'], sensor: ['1', '2', '3'] }, weight: 7 },
  { name: 'queue_length', labels: { queue: ['in', 'out'], instance: INSTANCES }, weight: 6 },
  { name: 'up', labels: { job: ['api', 'web', 'db'], instance: INSTANCES }, weight: 6 },
  { name: 'sparse', labels: { job: ['api'], part: ['0', '1', '2'] }, weight: 3 },
  {
    name: 'request_duration_seconds_bucket',
    labels: {
      job: ['api', 'web'],
      instance: ['a:80', 'b:80'],
      le: ['0.1', '0.25', '0.5', '1', '2.5', '+Inf'],
    },
    weight: 3,
  },
  {
    name: 'request_duration_seconds_count',
    labels: { job: ['api', 'web'], instance: ['a:80', 'b:80'] },
    weight: 2,
  },
  {
    name: 'request_duration_seconds_sum',
    labels: { job: ['api', 'web'], instance: ['a:80', 'b:80'] },
    weight: 2,
  },
  { name: 'typed', labels: { job: ['api', 'web'], __type__: ['counter'], __unit__: ['seconds'] }, weight: 2 },
  { name: 'typed_total', labels: { job: ['api', 'web'], __type__: ['gauge'] }, weight: 2 },
  { name: 'twin_a', labels: { job: ['api', 'web'] }, weight: 2 },
  { name: 'twin_b', labels: { job: ['api', 'web'] }, weight: 2 },
  { name: 'huge', labels: { kind: ['1', '2'], job: ['api'] }, weight: 2 },
  { name: 'tiny', labels: { kind: ['1'], job: ['api'] }, weight: 1 },
  { name: 'constant', labels: { kind: ['1', '2', '3'], job: ['api'] }, weight: 2 },
  { name: 'special', labels: { kind: ['1', '2', '3', '4'], job: ['api'] }, weight: 4 },
  { name: 'clock', labels: { kind: ['1', '2'], job: ['api'] }, weight: 2 },
  { name: 'lonely', labels: { job: ['api'] }, weight: 1 },
  { name: 'utf8.metric', labels: { 'label.dots': ['ü 😀', '\u{ff5e}'], city: ['Zürich'] }, weight: 2 },
  {
    name: 'target_info',
    labels: { job: ['api', 'web'], instance: INSTANCES, region: ['eu', 'us'] },
    weight: 2,
  },
  { name: 'build_info', labels: { job: ['api'], instance: ['a:80', 'b:80'], revision: ['f00'] }, weight: 1 },
];

/** Metrics that hold buckets of classic histograms, sound and not. */
export const BUCKET_METRICS = [
  ...['request_duration_seconds_bucket', 'request_duration_seconds_bucket', 'wobbly_bucket'],
  ...['topless_bucket', 'malformed_bucket', 'negative_bucket', 'memory_bytes'],
] as const;

/** Functions of one instant vector. */
export const ELEMENT_FUNCTIONS = [
  ...['abs', 'ceil', 'floor', 'sqrt', 'sgn', 'deg', 'rad', 'exp', 'ln', 'log2', 'log10'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
  ...['histogram_avg', 'histogram_count', 'histogram_sum', 'histogram_stddev', 'histogram_stdvar'],
  ...['sort', 'sort_desc', 'absent', 'timestamp', 'timestamp', 'round'],
] as const;

export const DATE_FUNCTIONS = [
  ...['minute', 'hour', 'day_of_week', 'day_of_month', 'day_of_year', 'days_in_month', 'month', 'year'],
] as const;

/** Functions of one range vector. */
export const RANGE_FUNCTIONS = [
  ...[
    'rate',
    'rate',
    'rate',
    'increase',
    'increase',
    'delta',
    'irate',
    'idelta',
    'deriv',
    'changes',
    'resets',
  ],
  ...[
    'avg_over_time',
    'sum_over_time',
    'min_over_time',
    'max_over_time',
    'count_over_time',
    'last_over_time',
  ],
  ...['first_over_time', 'stddev_over_time', 'stdvar_over_time', 'present_over_time', 'absent_over_time'],
] as const;

export const EXPERIMENTAL_RANGE_FUNCTIONS = [
  ...[
    'mad_over_time',
    'ts_of_first_over_time',
    'ts_of_max_over_time',
    'ts_of_min_over_time',
    'ts_of_last_over_time',
  ],
] as const;

/** Those that `anchored` and `smoothed` may stand in, and others now and then. */
export const ANCHORED_FUNCTIONS = [
  'rate',
  'increase',
  'delta',
  'changes',
  'resets',
  'avg_over_time',
] as const;
export const SMOOTHED_FUNCTIONS = ['rate', 'increase', 'delta', 'rate', 'increase', 'changes'] as const;

export const PLAIN_AGGREGATORS = [
  ...['sum', 'sum', 'sum', 'avg', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'],
] as const;

export const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
export const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
export const SET_OPERATORS = ['and', 'or', 'unless'] as const;

export const NUMBERS = [
  ...['0', '1', '2', '3', '0.5', '10', '100', '-1', '-2.5', '1e3', '1e-9', '0x1F', '1_000', '-0', '0.1'],
  ...['NaN', 'Inf', '-Inf', '5m', '1e308', '4'],
] as const;

export const RANGES = ['15s', '45s', '1m', '2m', '5m', '5m', '7m30s', '15m', '1h', '1234ms'] as const;
export const OFFSETS = ['1m', '5m', '-3m', '90s', '7s123ms', '20m', '-30s'] as const;

/** What of the language a generator may use. */
export type Features = ReadonlySet<Feature>;
