import { messageOf, NotSupportedError } from '../errors';
import { formatDuration } from '../kube/duration';
import type { Workload } from '../kube/kinds/pod';
import { refText, type ObjectRef } from '../kube/object';
import { parseExpr, selectorsOf, type Expr, type SelectorUse } from '../promql';
import { explainRule, groupResourceText, type CompiledRule, type GroupResource } from '../rules';
import type { Check } from './check';
import type { CheckContext } from './context';
import { sourceOfRule, type RuleBook } from './rule-books';
import { canMatch } from './exported-series';
import type { PrometheusCheck } from './scaled-objects';
import type { ScrapedSeries } from './scrapes';
import { didYouMean } from '../did-you-mean';

const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };

/** Functions that make a rate of a counter. */
const RATES = ['rate', 'irate', 'increase'];
/** What makes sense of a counter besides: how many series there are. */
const COUNTS = ['count', 'group', 'present_over_time', 'count_over_time'];
const COUNTER_NAME = /_(total|sum|count|bucket)$/;
/** Windows in scrapes: two samples make a rate; four survive a failed scrape. */
const LEAST_SCRAPES = 2;
const GOOD_SCRAPES = 4;

/** One reading of series in the query behind an autoscaler's metric. */
export interface QueryUse extends QueryPlace {
  readonly selector: SelectorUse;
  /** The series that the name stands for, of all targets. */
  readonly series: readonly ScrapedSeries[];
  /** Labels that the objects of a request are named by. */
  readonly bound: readonly string[];
}

/** Where a query stands. */
interface QueryPlace {
  readonly ref: ObjectRef;
  /** What holds it, for messages: `rules[0]`, `spec.triggers[0]`. */
  readonly path: string;
  /** The field to change: `metricsQuery of rules[0]`. */
  readonly field: string;
  /** How the query names its series. */
  readonly reads: string;
  /** What is scaled by it. */
  readonly scaled: readonly Workload[];
}

/** A query that cannot be read. */
interface QueryProblem extends QueryPlace {
  readonly message: string;
  readonly notUnderstood: boolean;
}

/** The query behind a metric, read: that of a rule rendered for a sample request, or that of a trigger. */
export interface ReadQuery extends QueryPlace {
  readonly expr: Expr;
  /** The rule that it is of; absent for a trigger. */
  readonly rule?: CompiledRule | undefined;
  /** What is asked for; absent for an external metric. */
  readonly resource?: GroupResource | undefined;
  readonly uses: readonly QueryUse[];
}

type MetricQuery = ReadQuery | { readonly problem: QueryProblem };

/** The queries behind the metrics of autoscalers: each rule, series and resource once, and each trigger. */
function metricQueries(context: CheckContext): readonly MetricQuery[] {
  return [...ruleQueries(context), ...context.triggers.map(readTrigger)];
}

function ruleQueries({ metrics }: CheckContext): readonly MetricQuery[] {
  const read = new Map<string, MetricQuery | undefined>();
  for (const { request, source } of metrics) {
    if (source.state !== 'served') continue;
    const { book, rule, series } = source;
    const [{ name } = { name: '' }] = series;
    const { resource } = request;
    const key = [refText(book.ref), rule.path, name, resource && groupResourceText(resource)].join(' ');
    if (read.has(key)) continue;
    const scaled = metrics.flatMap((link) =>
      link.source.state === 'served' && link.source.rule === rule
        ? (link.request.autoscaler.target ?? [])
        : [],
    );
    read.set(key, readRule(book, rule, name, resource, scaled));
  }
  return [...read.values()].filter((query) => query !== undefined);
}

function readRule(
  book: RuleBook,
  rule: CompiledRule,
  name: string,
  resource: GroupResource | undefined,
  scaled: readonly Workload[],
): MetricQuery | undefined {
  const place: QueryPlace = {
    ref: book.ref,
    path: rule.path,
    field: `metricsQuery of ${rule.path}`,
    reads: '<<.Series>>{<<.LabelMatchers>>}',
    scaled,
  };
  const [sample] = explainRule(rule, name, resource ? [resource] : undefined).samples;
  if (!sample) return undefined;
  if ('problem' in sample) return { problem: { ...place, message: sample.problem, notUnderstood: false } };
  const bound = [NAMESPACES, ...(resource ? [resource] : [])].map((named) => rule.labelFor(named));
  const read = readQuery(place, sample.query, sourceOfRule(book, rule)?.scrape?.series ?? [], bound);
  return 'problem' in read ? read : { ...read, rule, resource };
}

/** The query of a trigger, which is asked as it stands. */
function readTrigger({ ref, path, trigger, scrape, target }: PrometheusCheck): MetricQuery {
  const place: QueryPlace = {
    ref,
    path,
    field: `metadata.query of ${path}`,
    reads: 'series{…}',
    scaled: target ? [target] : [],
  };
  return readQuery(place, trigger.query, scrape?.series ?? [], []);
}

function readQuery(
  place: QueryPlace,
  query: string,
  scraped: readonly ScrapedSeries[],
  bound: readonly string[],
): MetricQuery {
  try {
    const expr = parseExpr(query);
    const uses = selectorsOf(expr).map((selector) => ({
      ...place,
      selector,
      bound,
      series: scraped.filter((series) => series.name === selector.name),
    }));
    return { ...place, expr, uses };
  } catch (error) {
    const notUnderstood = error instanceof NotSupportedError;
    return { problem: { ...place, message: messageOf(error), notUnderstood } };
  }
}

/** Every reading of series in queries that can be read. */
export function queryUses(context: CheckContext): readonly QueryUse[] {
  return readQueries(context).flatMap(({ uses }) => uses);
}

/** Every query that can be read. */
export function readQueries(context: CheckContext): readonly ReadQuery[] {
  return metricQueries(context).filter((query) => 'uses' in query);
}

function problems(context: CheckContext, notUnderstood: boolean): readonly QueryProblem[] {
  return metricQueries(context).flatMap((query) =>
    'problem' in query && query.problem.notUnderstood === notUnderstood ? [query.problem] : [],
  );
}

export const ruleQueryInvalid: Check = {
  id: 'rule-query-invalid',
  title: 'The query of every rule and trigger that an autoscaler needs is PromQL',
  severity: 'error',
  *run(context) {
    for (const { ref, path, field, message } of problems(context, false)) {
      yield { object: ref, message: `${path}: ${message}`, fix: `correct ${field}` };
    }
  },
};

export const ruleQueryNotUnderstood: Check = {
  id: 'rule-query-not-understood',
  title: 'The query of every rule and trigger that an autoscaler needs is understood',
  severity: 'info',
  *run(context) {
    for (const { ref, path, message } of problems(context, true)) {
      yield {
        object: ref,
        message: `${path}: ${message}; its query is not verified`,
        fix: 'try the query in Prometheus',
      };
    }
  },
};

export const rateWindowTooShort: Check = {
  id: 'rate-window-too-short',
  title: `The window of a rate holds ${LEAST_SCRAPES} scrapes`,
  severity: 'error',
  *run(context) {
    for (const { use, rangeMs, interval } of windows(context)) {
      if (rangeMs >= LEAST_SCRAPES * interval) continue;
      yield {
        object: use.ref,
        message: `${windowText(use, rangeMs)} is shorter than ${LEAST_SCRAPES} scrapes of ${formatDuration(interval)}, so it often has no value`,
        fix: `set the window in ${use.field} to ${formatDuration(GOOD_SCRAPES * interval)}`,
      };
    }
  },
};

export const rateWindowTight: Check = {
  id: 'rate-window-tight',
  title: `The window of a rate holds ${GOOD_SCRAPES} scrapes`,
  severity: 'warning',
  *run(context) {
    for (const { use, rangeMs, interval } of windows(context)) {
      if (rangeMs >= GOOD_SCRAPES * interval || rangeMs < LEAST_SCRAPES * interval) continue;
      yield {
        object: use.ref,
        message: `${windowText(use, rangeMs)} is shorter than ${GOOD_SCRAPES} scrapes of ${formatDuration(interval)}, so a failed scrape leaves no value`,
        fix: `set the window in ${use.field} to ${formatDuration(GOOD_SCRAPES * interval)}`,
      };
    }
  },
};

function windowText({ path, selector }: QueryUse, rangeMs: number): string {
  return `${path}: the window ${formatDuration(rangeMs)} of ${selector.functions.at(-1)}(${selector.name ?? ''})`;
}

/** Windows of rates, with the longest interval at which their series are scraped. */
function windows(context: CheckContext) {
  return queryUses(context).flatMap((use) => {
    const { rangeMs, functions } = use.selector;
    if (rangeMs === undefined || !isRate(functions) || use.series.length === 0) return [];
    const interval = Math.max(...use.series.map(({ from }) => from.target.interval));
    return [{ use, rangeMs, interval }];
  });
}

export const rateOfGauge: Check = {
  id: 'rate-of-gauge',
  title: 'Rates are of counters',
  severity: 'error',
  *run(context) {
    for (const { ref, path, field, selector, series } of queryUses(context)) {
      const [first] = series;
      if (!first || !isRate(selector.functions) || isCounter(first)) continue;
      const rate = selector.functions.at(-1);
      yield {
        object: ref,
        message: `${path}: ${rate}() is of counters, but ${first.name} is a ${first.type}: every fall counts as a restart`,
        fix: `use avg_over_time, or no function, instead of ${rate} in ${field}`,
      };
    }
  },
};

export const counterWithoutRate: Check = {
  id: 'counter-without-rate',
  title: 'Counters are read as rates',
  severity: 'warning',
  *run(context) {
    for (const { ref, path, field, reads, selector, series } of queryUses(context)) {
      const [first] = series;
      const { functions } = selector;
      if (!first || !isCounter(first) || isRate(functions) || COUNTS.some((name) => functions.includes(name)))
        continue;
      yield {
        object: ref,
        message: `${path}: ${first.name} is a counter, which only grows, and no rate is taken of it`,
        fix: `write rate(${reads}[1m]) in ${field}`,
      };
    }
  },
};

export const queryWithoutSeries: Check = {
  id: 'query-without-series',
  title: 'The query of a rule or trigger selects some of the series that it is about',
  severity: 'error',
  *run(context) {
    for (const { ref, path, field, selector, series, bound } of queryUses(context)) {
      const matchers = selector.matchers.filter(
        ({ label }) => label !== '__name__' && !bound.includes(label),
      );
      const unmet = matchers.find((matcher) => !series.some(({ labels }) => canMatch(matcher, labels)));
      const [first] = series;
      if (!first || !unmet) continue;
      const labels = Object.keys(first.labels).filter((label) => label !== '__name__');
      yield {
        object: ref,
        message:
          `${path}: its query wants ${first.name} with ${unmet.label}${unmet.operator}"${unmet.value}", and no series that is scraped is so: ` +
          `they have the labels ${labels.join(', ')}${didYouMean(unmet.label, labels)}`,
        fix: `correct or remove the matcher of ${unmet.label} in ${field}`,
      };
    }
  },
};

function isRate(functions: readonly string[]): boolean {
  return functions.some((name) => RATES.includes(name));
}

function isCounter({ name, type }: ScrapedSeries): boolean {
  return type === 'counter' || (type === 'untyped' && COUNTER_NAME.test(name));
}
