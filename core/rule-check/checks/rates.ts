import { formatDuration } from '../../kube/duration';
import { type SelectorUse } from '../../promql';
import { type RuleCheck, type RuleCheckContext } from '../check';
import { findName, isName, type NameCondition } from '../names';
import { fieldOf, nameConditions, type RuleSubject, searchNames } from '../subject';

/** Functions that make a rate of a counter. */
const RATES: readonly string[] = ['rate', 'irate', 'increase'];
/** Functions that take every restart of a counter for a fall. */
const DIFFERENCES: readonly string[] = ['delta', 'idelta', 'deriv'];
/** What makes sense of a counter besides: whether, when and how many series or samples there are. */
const COUNTS: readonly string[] = [
  ...['count', 'group', 'count_over_time', 'present_over_time', 'absent', 'absent_over_time'],
  ...['changes', 'resets', 'timestamp', 'histogram_quantile'],
];
/** How counters are named. */
const COUNTER_NAME = '_(total|sum|count|bucket)$';
/** Counters of well-known exporters that are named otherwise: of ingress-nginx, and of Envoy. */
const OTHER_COUNTERS = '^(nginx_ingress_controller_requests|envoy_.*_rq(_[a-z0-9]+)*)$';
/** What nobody takes for a gauge. */
const PLAIN_COUNTER = '_total$';

const LEAST_SCRAPES = 2;
const GOOD_SCRAPES = 4;

export const rateOfGauge: RuleCheck = {
  id: 'rate-of-gauge',
  title: 'Rates are of series that are named like counters',
  severity: 'warning',
  *run(context) {
    for (const { subject, use, name, isSeries } of uses(context)) {
      const rate = use.functions.find((named) => RATES.includes(named));
      if (rate === undefined) continue;
      const gauge = isSeries
        ? exampleOf(subject, [unlike(COUNTER_NAME), unlike(OTHER_COUNTERS)])
        : isNamedLikeCounter(name)
          ? undefined
          : name;
      if (gauge === undefined) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${rate}() is of counters, and ${isSeries ? `the rule takes ${gauge}, which` : gauge} is not named like one: every fall of a gauge counts as a restart`,
        fix: isSeries
          ? 'take counters only, by name: {matches: "^(.*)_total$"}, or make a rule without a rate for gauges'
          : `leave ${rate}() out, or average: avg_over_time(${gauge}{…}[2m])`,
      };
    }
  },
};

export const counterWithoutRate: RuleCheck = {
  id: 'counter-without-rate',
  title: 'Series that are named like counters are read as rates',
  severity: 'warning',
  *run(context) {
    for (const { subject, use, name, isSeries } of uses(context)) {
      if (use.functions.some((named) => RATES.includes(named) || COUNTS.includes(named))) continue;
      const counter = isSeries ? counterTaken(subject) : isPlainCounter(name) ? name : undefined;
      if (counter === undefined) continue;
      const named = `${isSeries ? `the rule takes ${counter}, which` : counter} is named like a counter`;
      const difference = use.functions.find((one) => DIFFERENCES.includes(one));
      const field = fieldOf(subject, 'metricsQuery');
      if (difference !== undefined) {
        const rate = difference === 'delta' ? 'increase' : difference === 'idelta' ? 'irate' : 'rate';
        yield {
          field,
          message: `${named}, and ${difference}() is of gauges: a restart, from which the counter begins at 0 again, counts as a fall`,
          fix: `write ${rate}(…) instead of ${difference}(…)${difference === 'idelta' ? ', which is by the second' : ''}`,
        };
        continue;
      }
      yield {
        field,
        message: `${named}, and no rate is taken of it: its value only grows`,
        fix: isSeries
          ? 'write rate(<<.Series>>{<<.LabelMatchers>>}[2m]), or keep counters out: seriesFilters: [{isNot: "_total$"}]'
          : `write rate(${counter}{…}[2m])`,
      };
    }
  },
};

export const windowTooShort: RuleCheck = {
  id: 'window-too-short',
  title: `The window of a rate holds ${LEAST_SCRAPES} scrapes`,
  severity: 'error',
  *run(context) {
    for (const { subject, window, rangeMs, interval } of windows(context)) {
      if (rangeMs >= LEAST_SCRAPES * interval) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${window} is shorter than ${LEAST_SCRAPES} scrapes of ${formatDuration(interval)}, so it often has no value`,
        fix: `write [${formatDuration(GOOD_SCRAPES * interval)}]`,
      };
    }
  },
};

export const windowTight: RuleCheck = {
  id: 'window-tight',
  title: `The window of a rate holds ${GOOD_SCRAPES} scrapes`,
  severity: 'warning',
  *run(context) {
    for (const { subject, window, rangeMs, interval } of windows(context)) {
      if (rangeMs < LEAST_SCRAPES * interval || rangeMs >= GOOD_SCRAPES * interval) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${window} is shorter than ${GOOD_SCRAPES} scrapes of ${formatDuration(interval)}, so a failed scrape leaves no value`,
        fix: `write [${formatDuration(GOOD_SCRAPES * interval)}]`,
      };
    }
  },
};

/** A reading of series in a query. */
interface Use {
  readonly subject: RuleSubject;
  readonly use: SelectorUse;
  readonly name: string;
  /** Whether the name stands for whatever series the rule takes. */
  readonly isSeries: boolean;
}

function uses({ queries }: RuleCheckContext): Use[] {
  return queries.flatMap(({ subject, series, result }) => {
    if (result.kind !== 'read') return [];
    return result.uses.flatMap((use) => {
      const { name } = use;
      if (name === undefined) return [];
      const isSeries = name === series && /\.Series\b/.test(subject.source.metricsQuery);
      return [{ subject, use, name, isSeries }];
    });
  });
}

function windows(context: RuleCheckContext) {
  const interval = context.scrapeIntervalMs;
  if (interval === undefined) return [];
  return uses(context).flatMap(({ subject, use, name }) => {
    const rate = use.functions.find((named) => RATES.includes(named));
    const { rangeMs } = use;
    if (rate === undefined || rangeMs === undefined) return [];
    return [
      { subject, rangeMs, interval, window: `the window ${formatDuration(rangeMs)} of ${rate}(${name})` },
    ];
  });
}

/** A name like that of a counter that a rule takes, unless the rule leaves some of those out: then it is meant. */
function counterTaken(subject: RuleSubject): string | undefined {
  const wary = nameConditions(subject).some(({ regexp, wanted }) => !wanted && regexp.includes('total'));
  return wary ? undefined : exampleOf(subject, [{ regexp: PLAIN_COUNTER, anchored: false, wanted: true }]);
}

function isPlainCounter(name: string): boolean {
  return new RegExp(PLAIN_COUNTER).test(name);
}

function exampleOf(subject: RuleSubject, conditions: readonly NameCondition[]): string | undefined {
  const found = searchNames(subject, ...conditions);
  return found.kind === 'found' ? found.name : undefined;
}

function unlike(regexp: string): NameCondition {
  return { regexp, anchored: false, wanted: false };
}

function isNamedLikeCounter(name: string): boolean {
  return findName([isName(name), unlike(COUNTER_NAME), unlike(OTHER_COUNTERS)]).kind === 'none';
}
