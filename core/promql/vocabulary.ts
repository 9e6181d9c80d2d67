/**
 * Words of PromQL that are recognised without being evaluated, so that using one is told apart from a spelling
 * mistake. The lists follow `promql/parser` of Prometheus 3.
 */

/** Keywords that cannot be the name of a metric outside braces. */
export const RESERVED_WORDS: readonly string[] = [
  'atan2',
  'bool',
  'group_left',
  'group_right',
  'ignoring',
  'inf',
  'nan',
  'on',
];

export const UNSUPPORTED_AGGREGATORS: readonly string[] = [
  'bottomk',
  'count_values',
  'limit_ratio',
  'limitk',
  'quantile',
  'topk',
];

export const UNSUPPORTED_BINARY_OPERATORS: readonly string[] = ['atan2', '</', '>/'];

export const UNSUPPORTED_MODIFIERS: readonly string[] = ['@', 'anchored', 'smoothed'];

/** Modifiers of vector matching, and metric names where no parenthesis follows. */
export const FILL_MODIFIERS: readonly string[] = ['fill', 'fill_left', 'fill_right'];

/** Functions that compute a duration inside a range or an offset. */
export const DURATION_FUNCTIONS: readonly string[] = ['max_of', 'min_of', 'range', 'step'];

export const UNSUPPORTED_FUNCTIONS: readonly string[] = (
  'absent absent_over_time acos acosh asin asinh atan atanh changes cos cosh day_of_month day_of_week ' +
  'day_of_year days_in_month deg deriv double_exponential_smoothing end exp first_over_time histogram_avg ' +
  'histogram_count histogram_fraction histogram_quantile histogram_quantiles histogram_stddev histogram_stdvar ' +
  'histogram_sum hour info label_join label_replace ln log10 log2 mad_over_time max_of min_of minute month pi ' +
  'predict_linear quantile_over_time rad range resets sin sinh sort sort_by_label sort_by_label_desc sort_desc ' +
  'start start_timestamp stddev_over_time stdvar_over_time step tan tanh timestamp ts_of_first_over_time ' +
  'ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time year'
).split(' ');
