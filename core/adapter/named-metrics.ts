import { type CompiledRule, isRootScoped, type RestMapper } from '../rules';
import { type Exposure, type KnownMetric, metricOf, type MetricScope } from './metric-index';

const METRIC_NAME = '__name__';

/**
 * Metrics that rules make of series whose names are known without a listing: rules that name their series, and rules of
 * external metrics that give metrics the names of their series.
 */
export class NamedMetrics {
  private readonly byMetric = new Map<string, Exposure[]>();
  /** Rules of external metrics that do not name their series, but keep whatever name these have. */
  private readonly keeping: readonly CompiledRule[];

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly mapper: RestMapper,
  ) {
    for (const rule of rules) {
      for (const series of seriesNamed(rule) ?? []) {
        const naming = rule.nameOf(series);
        if (!naming.accepted) continue;
        const exposures = this.byMetric.get(naming.metric) ?? [];
        exposures.push({ series, rule });
        this.byMetric.set(naming.metric, exposures);
      }
    }
    this.keeping = rules.filter(
      (rule) => rule.api === 'external' && rule.keepsNames && seriesNamed(rule) === undefined,
    );
  }

  /** The metric, if a rule can be asked for it; whether there are such series shows when it is asked. */
  find(scope: MetricScope, metric: string): KnownMetric | undefined {
    const named = (this.byMetric.get(metric) ?? []).filter(({ rule }) => this.answers(rule, scope));
    const kept = scope.api === 'external' ? this.keeping.filter((rule) => makesOfItself(rule, metric)) : [];
    const exposures = [...named, ...kept.map((rule) => ({ rule, series: metric }))];
    // Of several rules the last counts, whichever way they were found.
    exposures.sort((a, b) => this.rules.indexOf(a.rule) - this.rules.indexOf(b.rule));
    return metricOf(scope, metric, exposures);
  }

  private answers(rule: CompiledRule, { api, resource, namespaced }: MetricScope): boolean {
    if (rule.api !== api) return false;
    if (!resource) return true;
    const isInside = !isRootScoped(resource);
    const isOutside = !isInside || this.mapper.resolve(resource)?.namespaced === false;
    return (namespaced ? isInside : isOutside) && rule.hasLabelFor(resource);
  }
}

/** The names of the series of a rule, if its selector lists them. */
function seriesNamed(rule: CompiledRule): ReadonlySet<string> | undefined {
  const listed = (rule.selector ?? []).flatMap(({ label, possibleValues }) =>
    label === METRIC_NAME && possibleValues ? [possibleValues] : [],
  );
  if (listed.length === 0) return undefined;
  const [first = new Set<string>()] = listed;
  return new Set([...first].filter((name) => name !== '' && takesName(rule, name)));
}

function takesName({ selector }: CompiledRule, name: string): boolean {
  return (
    selector !== undefined &&
    selector.every((matcher) => matcher.label !== METRIC_NAME || matcher.matches(name))
  );
}

function makesOfItself(rule: CompiledRule, name: string): boolean {
  const naming = rule.nameOf(name);
  return naming.accepted && naming.metric === name && takesName(rule, name);
}
