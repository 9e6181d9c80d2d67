import { stringify } from 'yaml';
import { UsageError } from '../errors';
import { STRICT_POLICIES } from './policies';

export interface DefaultRulesOptions {
  /** What labels that name objects begin with, e.g. `kube_` for `kube_pod`; `''` for none. */
  readonly labelPrefix: string;
  /** Length of the range over which counters become rates. */
  readonly rateIntervalMs: number;
  /**
   * Whether the file has upstream's keys alone: with the section `plimsoll`, that says what to do with NaN and the
   * like, upstream does not start.
   */
  readonly upstreamOnly?: boolean | undefined;
}

/**
 * The rules that prometheus-adapter's `config-gen` writes, as the text of a configuration file: metrics of containers,
 * of everything else in a namespace, and usage for `metrics.k8s.io`. The first three rules are for what cAdvisor
 * exports; rules four to six select every series with the label of a namespace, which may be a great many.
 * @throws UsageError on a rate interval that is not positive
 */
export function defaultRules(options: DefaultRulesOptions): string {
  const { labelPrefix, rateIntervalMs, upstreamOnly = false } = options;
  const range = promDuration(rateIntervalMs);
  return stringify(
    {
      rules: [...containerRules(range), ...namespacedRules(labelPrefix, range)],
      resourceRules: resourceRules(labelPrefix, range),
      ...(upstreamOnly ? {} : { plimsoll: STRICT_POLICIES }),
    },
    { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false },
  );
}

const PODS = { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } };

function containerRules(range: string): object[] {
  const seriesQuery = '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}';
  const selected = '<<.Series>>{<<.LabelMatchers>>,container!="POD"}';
  const rule = (matches: string, filters: readonly string[], counts: boolean): object => ({
    seriesQuery,
    seriesFilters: filters.map((isNot) => ({ isNot })),
    resources: { overrides: PODS },
    name: { matches },
    metricsQuery: byObject(selected, counts ? range : undefined),
  });
  return [
    rule('^container_(.*)_seconds_total$', [], true),
    rule('^container_(.*)_total$', ['^container_.*_seconds_total$'], true),
    rule('^container_(.*)$', ['^container_.*_total$'], false),
  ];
}

function namespacedRules(prefix: string, range: string): object[] {
  const seriesQuery = `{${prefix}namespace!="",__name__!~"^container_.*"}`;
  const rule = (matches: string, filters: readonly string[], counts: boolean): object => ({
    seriesQuery,
    seriesFilters: filters.map((isNot) => ({ isNot })),
    resources: { template: `${prefix}<<.Resource>>` },
    ...(matches === '' ? {} : { name: { matches } }),
    metricsQuery: byObject('<<.Series>>{<<.LabelMatchers>>}', counts ? range : undefined),
  });
  return [
    rule('', ['.*_total$'], false),
    rule('^(.*)_total$', ['.*_seconds_total'], true),
    rule('^(.*)_seconds_total$', [], true),
  ];
}

function resourceRules(prefix: string, range: string): object {
  const cpu = 'container_cpu_usage_seconds_total';
  const memory = 'container_memory_working_set_bytes';
  const shared = {
    resources: { overrides: { ...PODS, instance: { resource: 'node' } } },
    containerLabel: `${prefix}container`,
  };
  return {
    cpu: {
      containerQuery: byObject(`${cpu}{<<.LabelMatchers>>}`, range),
      nodeQuery: byObject(`${cpu}{<<.LabelMatchers>>, id='/'}`, range),
      ...shared,
    },
    memory: {
      containerQuery: byObject(`${memory}{<<.LabelMatchers>>}`),
      nodeQuery: byObject(`${memory}{<<.LabelMatchers>>,id='/'}`),
      ...shared,
    },
    window: range,
  };
}

function byObject(selected: string, range?: string): string {
  return `sum(${range === undefined ? selected : `rate(${selected}[${range}])`}) by (<<.GroupBy>>)`;
}

/** Units of a Prometheus duration; years and weeks are used only if nothing is left over (`model.Duration.String`). */
const UNITS = [
  { name: 'y', ms: 31_536_000_000, exact: true },
  { name: 'w', ms: 604_800_000, exact: true },
  { name: 'd', ms: 86_400_000, exact: false },
  { name: 'h', ms: 3_600_000, exact: false },
  { name: 'm', ms: 60_000, exact: false },
  { name: 's', ms: 1000, exact: false },
  { name: 'ms', ms: 1, exact: false },
] as const;

function promDuration(milliseconds: number): string {
  if (!(milliseconds >= 1)) {
    throw new UsageError(`the rate interval must be at least 1ms, is ${milliseconds}ms: write it like 5m`);
  }
  let rest = Math.trunc(milliseconds);
  return UNITS.map(({ name, ms, exact }) => {
    if (exact && rest % ms !== 0) return '';
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    return count === 0 ? '' : `${count}${name}`;
  }).join('');
}
