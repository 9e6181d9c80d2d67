import { type Matcher } from '../../promql';
import { groupResourceText } from '../../rules';
import { type RuleCheck } from '../check';
import { conditionOf, findName } from '../names';
import { fieldOf, listedNames, nameConditions, type RuleSubject, searchNames } from '../subject';

const METRIC_NAME = '__name__';

/** A series that two rules make the same metric of. */
interface Conflict {
  readonly metric: string;
  readonly names: readonly string[];
}

export const metricConflict: RuleCheck = {
  id: 'metric-conflict',
  title: 'No two rules make the same metric of one series, or of series that they list',
  severity: 'warning',
  *run({ subjects }) {
    for (const [index, last] of subjects.entries()) {
      for (const first of subjects.slice(0, index)) {
        const found = conflictOf(first, last);
        if (!found) continue;
        const { metric, names } = found;
        yield {
          field: fieldOf(last),
          message: `it makes the metric ${metric} of ${names.at(-1)}, as ${first.path} does of ${names[0]}${resourcesText(first, last)}: ${consequence(first, last)}`,
          fix: `give one of them another name, or keep the series out of ${first.path} by seriesFilters: [{isNot: …}]`,
        };
      }
    }
  },
};

function consequence(first: RuleSubject, last: RuleSubject): string {
  const refused = [first, last].some(({ source }) => source.policies.conflicts === 'refuse');
  return refused ? 'every request for it is refused' : 'the later rule counts, and nothing tells so';
}

function conflictOf(first: RuleSubject, last: RuleSubject): Conflict | undefined {
  if (first.api !== last.api || !first.compiled || !last.compiled) return undefined;
  if (first.api === 'custom' && !shareResources(first, last)) return undefined;
  return constantNames(first, last) ?? sharedMetric(first, last);
}

function sharedMetric(first: RuleSubject, last: RuleSubject): Conflict | undefined {
  const [ofFirst, ofLast] = [listedMetrics(first), listedMetrics(last)];
  if (ofFirst && ofLast) return listedConflict(first, last, ofFirst, ofLast);
  const listed = ofFirst ?? ofLast;
  return listed ? seriesConflict(first, last, listed.keys()) : searchedConflict(first, last);
}

/** A metric that both rules make, of the same series or of two. */
function listedConflict(
  first: RuleSubject,
  last: RuleSubject,
  ofFirst: ReadonlyMap<string, string>,
  ofLast: ReadonlyMap<string, string>,
): Conflict | undefined {
  const bySeries = new Map([...ofFirst].map(([name, metric]) => [metric, name]));
  for (const [name, metric] of ofLast) {
    const other = bySeries.get(metric);
    // Of one series both rules may take different ones by its labels.
    if (other !== undefined && ofFirst.get(name) !== metric) return { metric, names: [other, name] };
  }
  return seriesConflict(first, last, ofFirst.keys());
}

/** The first of some series that both rules take, and make the same metric of. */
function seriesConflict(
  first: RuleSubject,
  last: RuleSubject,
  names: Iterable<string>,
): Conflict | undefined {
  for (const name of names) {
    const metric = metricOf(first, name);
    if (metric === undefined || metric !== metricOf(last, name)) continue;
    if (!canBothSelect(first.selector ?? [], last.selector ?? [])) return undefined;
    return { metric, names: [name] };
  }
  return undefined;
}

/** The same for rules that both do not list their series, of which one is looked for. */
function searchedConflict(first: RuleSubject, last: RuleSubject): Conflict | undefined {
  if (!last.selector || last.example.kind === 'none') return undefined;
  const found = searchNames(first, ...nameConditions(last));
  return found.kind === 'found' ? seriesConflict(first, last, [found.name]) : undefined;
}

/** Names of metrics that do not depend on the series. */
function constantNames(first: RuleSubject, last: RuleSubject): Conflict | undefined {
  const { as } = first.source.name;
  if (as === '' || as.includes('$') || as !== last.source.name.as) return undefined;
  const [one, other] = [first.example, last.example];
  return one.kind === 'found' && other.kind === 'found'
    ? { metric: as, names: [one.name, other.name] }
    : undefined;
}

/** The metrics of a rule by the names of their series, if its selector lists those. */
const listedMetrics = oncePerRule((subject): ReadonlyMap<string, string> | undefined => {
  const names = listedNames(subject);
  return (
    names &&
    new Map(
      names.flatMap((name) => {
        const metric = metricOf(subject, name);
        return metric === undefined ? [] : [[name, metric] as const];
      }),
    )
  );
});

/** The metric that a rule makes of the series of a name, if it takes them. */
function metricOf({ compiled, selector }: RuleSubject, name: string): string | undefined {
  const isSelected = selector?.every((matcher) => matcher.label !== METRIC_NAME || matcher.matches(name));
  if (!isSelected) return undefined;
  const naming = compiled?.nameOf(name);
  return naming?.accepted ? naming.metric : undefined;
}

/** Whether one series can satisfy both selectors, its name apart. */
function canBothSelect(first: readonly Matcher[], last: readonly Matcher[]): boolean {
  const matchers = [...first, ...last].filter(({ label }) => label !== METRIC_NAME);
  return [...new Set(matchers.map(({ label }) => label))].every((label) => {
    const ofLabel = matchers.filter((matcher) => matcher.label === label);
    return ofLabel.every((matcher) => matcher.matches('')) || hasValue(ofLabel);
  });
}

function hasValue(matchers: readonly Matcher[]): boolean {
  return findName(matchers.map(conditionOf)).kind !== 'none';
}

function shareResources(first: RuleSubject, last: RuleSubject): boolean {
  if (first.source.resources.template !== '' || last.source.resources.template !== '') return true;
  return sharedResources(first, last).length > 0;
}

function sharedResources(first: RuleSubject, last: RuleSubject): string[] {
  const [ofFirst, ofLast] = [overridden(first), overridden(last)];
  return [...ofFirst].filter((resource) => ofLast.has(resource));
}

function resourcesText(first: RuleSubject, last: RuleSubject): string {
  const shared = sharedResources(first, last);
  return first.api === 'custom' && shared.length > 0 ? ` for ${shared.join(', ')}` : '';
}

const overridden = oncePerRule(({ compiled, source }): ReadonlySet<string> => {
  const labels = Object.keys(source.resources.overrides);
  return new Set(
    labels.flatMap((label) => {
      const resource = compiled?.resourceFor(label);
      return resource ? [groupResourceText(resource)] : [];
    }),
  );
});

/** Rules are compared pair by pair: what is known of one alone is found out once. */
function oncePerRule<T>(compute: (subject: RuleSubject) => T): (subject: RuleSubject) => T {
  const known = new WeakMap<RuleSubject, { readonly value: T }>();
  return (subject) => {
    const entry = known.get(subject) ?? { value: compute(subject) };
    known.set(subject, entry);
    return entry.value;
  };
}
