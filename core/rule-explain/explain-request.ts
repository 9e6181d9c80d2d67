import {
  answer,
  plan,
  type Answer,
  type CustomMetricRequest,
  type MetricRequest,
  type Plan,
  type QueryOutcome,
  type Registry,
} from '../adapter';
import { milliQuantity } from '../adapter/milli-quantity';
import { didYouMean } from '../did-you-mean';
import { type Quantity } from '../kube/quantity';
import { type Labels, type Selector } from '../kube/selector';
import { formatG } from '../promql/go-float';
import { groupResourceOf, groupResourceText } from '../rules';
import { refusedListings } from './discover';
import { type Confinement, whyEmpty } from './empty-result';
import { whyUnregistered } from './missing';
import { askQuery, type Asking } from './question';
import { missingReason, type Verdict } from './verdict';

/** What an autoscaler gets for a metric, and how that comes about. */
export interface Explanation {
  readonly request: MetricRequest;
  /** The rule and the series that serve the metric; absent if none does. */
  readonly source?: { readonly rule: string; readonly series: string } | undefined;
  /** The query that Prometheus is asked. */
  readonly query?: string | undefined;
  readonly result?: QueryOutcome | undefined;
  /** The values, if there are any. */
  readonly values: readonly ServedValue[];
  /** What keeps the metric from the autoscaler. */
  readonly missing?: Verdict | undefined;
  /** What the other rules make of the request, where none serves it. */
  readonly others: readonly Verdict[];
  /** What is true and surprising. */
  readonly notes: readonly string[];
}

export interface ServedValue {
  /** The name of the object; absent for an external metric. */
  readonly object?: string | undefined;
  /** The labels of the sample of an external metric. */
  readonly labels?: Labels | undefined;
  readonly value: Quantity;
}

/** Which adapter an explanation is of: they differ in how much one rule that is wrong hurts the others. */
type ExplainedAdapter = 'prometheus-adapter' | 'plimsoll';

/** Where the objects of a request come from. */
interface RequestOrigin {
  readonly adapter: ExplainedAdapter;
  /** By what the cluster was asked for the objects; absent if it was not asked, or for all. */
  readonly objectSelector?: Selector | undefined;
}

/**
 * Follows a request from rule to value.
 * @param registry with the series listed
 */
export function* explainRequest(
  registry: Registry,
  request: MetricRequest,
  atMs: number,
  origin: RequestOrigin = { adapter: 'prometheus-adapter' },
): Asking<Explanation> {
  const { adapter: of } = origin;
  const refused = of === 'plimsoll' ? [] : refusedListings(registry, request.api);
  const base = { request, values: [], others: [], notes: refused };
  const unserved = unknownResource(registry, request);
  if (unserved) return { ...base, missing: unserved };
  const known = knownOf(registry, request);
  if (!known) {
    const [missing, ...others] = yield* whyUnregistered(registry, request);
    const hurt = of === 'plimsoll' ? brokenRules(registry, request) : refused;
    return { ...base, missing, others, notes: [...otherApiNotes(registry, request), ...hurt] };
  }
  const source = { rule: known.rule.path, series: known.series };
  const planned = plan(registry, request);
  const rivals = known.rivals.map(({ rule, series }) => `${rule.path} (${series})`);
  if (planned.kind === 'refused')
    return { ...base, source, missing: refusal(planned, request, rivals, origin) };
  const outcomes: QueryOutcome[] = [];
  for (const query of planned.queries) outcomes.push(yield* askQuery(query));
  const [query = ''] = planned.queries;
  const result = outcomes.find((outcome) => 'error' in outcome) ?? outcomes[0];
  const answered = answer(planned, outcomes, atMs);
  const values = valuesOf(answered);
  const confined = of === 'plimsoll' ? confinementOf(planned) : undefined;
  const missing =
    values.length > 0 ? undefined : yield* whyNoValue(planned, query, result, answered, confined);
  const remarks = outcomes.flatMap((outcome) => ('error' in outcome ? [] : (outcome.warnings ?? [])));
  const notes = [
    ...rivalNotes(rivals),
    ...notesOn(planned, result, values),
    ...[...new Set(remarks)].map((remark) => `Prometheus remarks on the result: ${remark}`),
    ...refused,
  ];
  return { ...base, source, query, result, values, missing, notes };
}

function unknownResource({ mapper }: Registry, request: MetricRequest): Verdict | undefined {
  if (request.api === 'external' || mapper.resolve(request.groupResource)) return undefined;
  const { groupResource } = request;
  return missingReason(
    'unknown-resource',
    `the cluster serves no resource ${groupResourceText(groupResource)}`,
  );
}

/** Rules of the API that cannot be served: the one that is missed may be among them. */
function brokenRules({ broken }: Registry, request: MetricRequest): string[] {
  return broken
    .filter(({ api }) => api === request.api)
    .map(({ path, message }) => `${path} is not served: ${message}`);
}

/** A metric that the other API serves under the same name is easily asked for in the wrong place. */
function otherApiNotes(registry: Registry, { api, metric }: MetricRequest): string[] {
  if (api === 'custom') {
    const external = registry.findExternal(metric);
    return external
      ? [`${external.rule.path} serves ${metric} as an external metric: external/NAMESPACE`]
      : [];
  }
  const custom = registry.metrics().find((known) => known.metric === metric && known.resource);
  if (!custom?.resource) return [];
  return [
    `${custom.rule.path} serves ${metric} as a metric of ${groupResourceText(custom.resource)}, not as an external one`,
  ];
}

function knownOf(registry: Registry, request: MetricRequest) {
  if (request.api === 'external') return registry.findExternal(request.metric);
  const served = registry.mapper.resolve(request.groupResource);
  return served && registry.findCustom(groupResourceOf(served), Boolean(request.namespace), request.metric);
}

function rivalNotes(rivals: readonly string[]): string[] {
  return rivals.length === 0 ? [] : [`${rivals.join(', ')} makes the metric too: the last one counts`];
}

function refusal(
  { status }: Plan & { kind: 'refused' },
  request: MetricRequest,
  rivals: readonly string[],
  origin: RequestOrigin,
): Verdict {
  if (rivals.length > 0 && status.code === 500) return missingReason('conflict', status.cause);
  return request.api === 'custom' && typeof request.objects !== 'string' && request.objects.length === 0
    ? missingReason('no-objects', noObjects(request, origin))
    : missingReason('query-not-built', status.cause);
}

/** Without a cluster the objects are those that series are of. */
function noObjects(
  { groupResource, namespace }: CustomMetricRequest,
  { adapter, objectSelector }: RequestOrigin,
): string {
  if (adapter === 'prometheus-adapter') return 'no series of the metric is of an object in that namespace';
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const labels = objectSelector ? ` with the labels ${objectSelector.toString()}` : '';
  return `the cluster has no ${groupResourceText(groupResource)}${where}${labels}`;
}

function valuesOf(answered: Answer): readonly ServedValue[] {
  switch (answered.kind) {
    case 'custom':
      return answered.items.map(({ describedObject, value }) => ({ object: describedObject.name, value }));
    case 'external':
      return answered.items.map(({ metricLabels, value }) => ({ labels: metricLabels, value }));
    case 'status':
      return [];
  }
}

/** What may be told to who asks a running adapter, and may see what the metric is of and no more. */
function confinementOf(planned: Exclude<Plan, { kind: 'refused' }>): Confinement {
  const { request } = planned;
  const selector = request.api === 'external' ? request.selector : request.metricSelector;
  const chosen = new Set(selector.requirements.map(({ key }) => key));
  if (planned.kind === 'external') return { namespace: planned.request.namespace, chosen };
  return { namespace: planned.target.namespace, objectLabel: planned.label, chosen };
}

function* whyNoValue(
  planned: Plan,
  query: string,
  result: QueryOutcome | undefined,
  answered: Answer,
  confined: Confinement | undefined,
): Asking<Verdict> {
  if (!result) return missingReason('query-failed', 'Prometheus was not asked');
  if ('error' in result) {
    return missingReason('query-failed', `${whoFails(result)}: ${result.error}`);
  }
  if (
    result.type === 'matrix' ||
    result.type === 'string' ||
    (result.type === 'scalar' && planned.kind === 'custom')
  ) {
    return missingReason('query-failed', `the result is a ${result.type}, where a vector is wanted`);
  }
  if (result.type === 'vector' && result.samples.length === 0) {
    return missingReason('query-empty', `the query has no result: ${yield* whyEmpty(query, confined)}`);
  }
  const stale = tooOld(planned, result, answered);
  if (stale !== undefined) return missingReason('too-old', stale);
  if (answered.kind === 'status' && answered.code === 500) {
    return missingReason('no-quantity', answered.cause);
  }
  const leftOut =
    planned.kind === 'external' ? answered.kind === 'external' : isOfWantedObject(planned, result);
  if (leftOut)
    return missingReason(
      'no-quantity',
      'the rule leaves the result out, as its policy for such numbers says',
    );
  return missingReason('other-objects', otherObjects(planned, result));
}

function whoFails({ unsent, unavailable }: Extract<QueryOutcome, { error: string }>): string {
  if (unsent) return 'the query is not sent';
  return unavailable ? 'there is no answer to the query' : 'Prometheus refuses the query';
}

/** What the age of samples has to do with it that there is no value. */
function tooOld(planned: Plan, result: QueryOutcome, answered: Answer): string | undefined {
  if (planned.kind === 'refused' || planned.ageQueries === 0) return undefined;
  const regardless = answer({ ...planned, ageQueries: 0 }, [result], 0);
  if (valuesOf(regardless).length === 0) return undefined;
  return answered.kind === 'status' ? answered.cause : 'the samples are older than the rule allows';
}

/** Whether a result is of an object that is asked for. */
function isOfWantedObject(planned: Plan, result: QueryOutcome): boolean {
  if (planned.kind !== 'custom' || 'error' in result || result.type !== 'vector') return false;
  const { objects } = planned.request;
  const wanted = typeof objects === 'string' ? [objects] : objects;
  return result.samples.some(({ labels }) => wanted.includes(labels[planned.label] ?? ''));
}

function otherObjects(planned: Plan, result: QueryOutcome): string {
  if (planned.kind !== 'custom' || 'error' in result || result.type !== 'vector')
    return 'no result is of the object';
  const { label, request } = planned;
  const wanted = typeof request.objects === 'string' ? request.objects : request.objects.join(', ');
  const found = [...new Set(result.samples.flatMap(({ labels }) => labels[label] ?? []))];
  if (found.length === 0) {
    return `the result has no label ${label}, which names the object: group by it, by (<<.GroupBy>>)`;
  }
  return `no result has ${label}="${wanted}": there is ${found.slice(0, 8).join(', ')}${didYouMean(wanted, found)}`;
}

function notesOn(planned: Plan, result: QueryOutcome | undefined, values: readonly ServedValue[]): string[] {
  const notes: string[] = [];
  if (planned.kind !== 'refused' && planned.ageUnknown !== undefined) {
    notes.push(
      `how old the samples are cannot be asked for, so staleness has no effect: ${planned.ageUnknown}`,
    );
  }
  if (planned.kind === 'external' && values.length > 1) {
    const total = values.map(({ value }) => value).reduce((sum, value) => sum.plus(value));
    notes.push(`an autoscaler adds the ${values.length} values: ${total.toString()}`);
  }
  if (!result || 'error' in result || result.type !== 'vector') return notes;
  const { samples } = result;
  if (planned.kind === 'custom') {
    const names = samples.map(({ labels }) => labels[planned.label]);
    if (planned.policies.duplicates === 'upstream' && new Set(names).size < names.length) {
      notes.push(
        `several results are of one object: the last counts, they are not added; aggregate by ${planned.label}`,
      );
    }
  }
  return [...notes, ...unservable(planned, samples, values)];
}

/** What the adapter makes of results that no quantity can hold. */
function unservable(
  planned: Plan,
  samples: readonly { readonly labels: Labels; readonly value: number }[],
  values: readonly ServedValue[],
): string[] {
  return samples.flatMap(({ labels, value }) => {
    if (milliQuantity(value)) return [];
    const object = planned.kind === 'custom' ? labels[planned.label] : undefined;
    const served = values.find((one) =>
      planned.kind === 'custom' ? one.object === object : labelsText(one.labels) === labelsText(labels),
    );
    return served
      ? [
          `a result is ${formatG(value)}, which the adapter serves as ${served.value.toString()}: an autoscaler scales on that`,
        ]
      : [];
  });
}

function labelsText(labels: Labels | undefined): string {
  return JSON.stringify(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
