import { type MetricRequest, type Registry } from '../adapter';
import { didYouMean } from '../did-you-mean';
import { messageOf } from '../errors';
import { type Labels } from '../kube/selector';
import { parseSelector, type Matcher } from '../promql';
import { type CompiledRule, groupResourceOf, groupResourceText } from '../rules';
import { shortList } from '../short-list';
import { askNames, askQuery, type Asking } from './question';
import { missingReason, type MissingReason, type Verdict } from './verdict';

const METRIC_NAME = '__name__';
const LISTED = 8;

/**
 * Why no rule serves a metric: what becomes of it in each rule of the API, the rule that comes nearest first.
 * @param request for a metric that is not registered
 */
export function* whyUnregistered(registry: Registry, request: MetricRequest): Asking<readonly Verdict[]> {
  const list = request.api === 'custom' ? 'rules' : 'externalRules';
  const rules = registry.rules.filter(({ api }) => api === request.api);
  if (rules.length === 0) {
    return [missingReason('no-rules', `the configuration has no ${list}`)];
  }
  const names = yield* askNames();
  const verdicts: Judgement[] = [];
  for (const rule of rules) {
    const verdict = yield* judge(registry, rule, request, names);
    verdicts.push({ ...verdict, rule: rule.path });
  }
  return verdicts
    .sort((a, b) => b.nearness - a.nearness)
    .map(({ reason, text, rule }) => ({ reason, text, rule }));
}

/** How near a rule comes to serving the metric. */
const Nearness = {
  Elsewhere: 0,
  OtherName: 1,
  Unknown: 2,
  NoSeries: 3,
  Excluded: 4,
  NoLabel: 5,
  OtherScope: 6,
} as const;

interface Judgement extends Verdict {
  readonly nearness: number;
}

function judged(nearness: number, reason: MissingReason, text: string): Judgement {
  return { ...missingReason(reason, text), nearness };
}

function* judge(
  registry: Registry,
  rule: CompiledRule,
  request: MetricRequest,
  names: readonly string[],
): Asking<Judgement> {
  const discovery = registry.discovery(rule);
  if (!discovery) return judged(Nearness.Unknown, 'listing-failed', 'its series have not been listed yet');
  const { series, error } = discovery;
  if (error !== undefined)
    return judged(Nearness.Unknown, 'listing-failed', `Prometheus does not list its series: ${error}`);
  const exposing = series.filter((labels) => metricOf(rule, labels[METRIC_NAME]) === request.metric);
  if (exposing.length > 0) return labelVerdict(registry, rule, exposing, request);
  const wanted = seriesWanted(rule, names, request.metric);
  if (wanted !== undefined) return yield* unselected(rule, wanted, names);
  return namingVerdict(rule, series, request.metric);
}

function metricOf(rule: CompiledRule, name: string | undefined): string | undefined {
  const naming = rule.nameOf(name ?? '');
  return naming.accepted ? naming.metric : undefined;
}

/** The name of a series that the rule would make the metric of: one that it lists, or one that exists. */
function seriesWanted(rule: CompiledRule, names: readonly string[], metric: string): string | undefined {
  const onName = matchersOf(rule).filter(({ label }) => label === METRIC_NAME);
  const listed = onName.flatMap(({ possibleValues }) => [...(possibleValues ?? [])]);
  return [...listed, ...names].find(
    (name) => onName.every((matcher) => matcher.matches(name)) && metricOf(rule, name) === metric,
  );
}

function matchersOf(rule: CompiledRule): readonly Matcher[] {
  try {
    return parseSelector(rule.source.seriesQuery);
  } catch {
    return [];
  }
}

/** Why no series of the name that the metric needs is selected. */
function* unselected(rule: CompiledRule, name: string, names: readonly string[]): Asking<Judgement> {
  const query = rule.source.seriesQuery;
  if (!names.includes(name)) {
    return judged(
      Nearness.NoSeries,
      'no-series',
      `${query} selects nothing: there is no series ${name}${didYouMean(name, names)}`,
    );
  }
  const others = matchersOf(rule).filter(({ label }) => label !== METRIC_NAME);
  const unmet: string[] = [];
  for (const matcher of others) {
    const found = yield* askQuery(`count(${name}{${matcher.toString()}})`);
    if ('type' in found && found.type === 'vector' && found.samples.length === 0)
      unmet.push(matcher.toString());
  }
  const text =
    unmet.length > 0
      ? `no series ${name} has ${unmet.join(', or ')}`
      : `no series ${name} satisfies all of it now, or none had a sample lately`;
  return judged(Nearness.NoSeries, 'no-series', `${query} selects nothing: ${text}`);
}

function namingVerdict(rule: CompiledRule, series: readonly Labels[], metric: string): Judgement {
  if (series.length === 0)
    return judged(Nearness.Elsewhere, 'no-series', `${rule.source.seriesQuery} selects no series`);
  const namings = [...new Set(series.map((labels) => labels[METRIC_NAME] ?? ''))].map((name) =>
    rule.nameOf(name),
  );
  const made = namings.flatMap((naming) => (naming.accepted ? [naming.metric] : []));
  const reasons = namings.flatMap((naming) => (naming.accepted ? [] : [naming.reason]));
  // A reason that speaks of the metric's own series says more than the names of other metrics.
  const about = reasons.filter((reason) => reason.includes(metric));
  if (about.length > 0)
    return judged(Nearness.Excluded, 'excluded', `a series is left out: ${shortList(about, LISTED)}`);
  if (made.length === 0)
    return judged(
      Nearness.OtherName,
      'excluded',
      `all of its series are left out: ${shortList(reasons, LISTED)}`,
    );
  return judged(
    Nearness.OtherName,
    'other-name',
    `it makes ${shortList(made, LISTED)}, not ${metric}${didYouMean(metric, made)}`,
  );
}

function labelVerdict(
  registry: Registry,
  rule: CompiledRule,
  exposing: readonly Labels[],
  request: MetricRequest,
): Judgement {
  if (request.api === 'external') return judged(Nearness.NoLabel, 'no-label', 'the metric is registered');
  const { groupResource, namespace } = request;
  const served = registry.mapper.resolve(groupResource);
  const resource = served ? groupResourceOf(served) : groupResource;
  const text = groupResourceText(resource);
  const mapped = exposing
    .flatMap((labels) => rule.resourcesOf(labels))
    .filter((found) => groupResourceText(found.resource) === text);
  if (mapped.length > 0) {
    return judged(
      Nearness.OtherScope,
      'other-scope',
      namespace === undefined
        ? `the metric is of ${text} in namespaces: name one`
        : `the metric is of ${text} outside namespaces, the request is for namespace ${namespace}`,
    );
  }
  const labels = [...new Set(exposing.flatMap((one) => Object.keys(one)))].filter(
    (label) => label !== METRIC_NAME,
  );
  const series = shortList(
    exposing.map((one) => one[METRIC_NAME] ?? ''),
    LISTED,
  );
  return judged(Nearness.NoLabel, 'no-label', `${series}: ${labelText(rule, resource, text, labels)}`);
}

function labelText(
  rule: CompiledRule,
  resource: { readonly group: string; readonly resource: string },
  text: string,
  labels: readonly string[],
): string {
  const present = `its labels are ${labels.join(', ') || 'none'}`;
  try {
    const label = rule.labelFor(resource);
    return `no series has the label ${label}, which names ${text}; ${present}${didYouMean(label, labels)}`;
  } catch (error) {
    return `${messageOf(error)}; ${present}`;
  }
}
