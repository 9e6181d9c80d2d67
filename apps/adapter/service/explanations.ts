import type { AgeResult, MetricRequest, Plan, QueryOutcome, Registry } from '../../../core/adapter';
import { laggingSample } from '../../../core/adapter';
import { ageQueries } from '../../../core/rules';
import {
  internalFailure,
  type ApiStatus,
  type CustomRoute,
  type ExplainRoute,
  type ExternalRoute,
  type NodeMetricsRoute,
  type PodMetricsRoute,
} from '../../../core/adapter/api';
import { Selector } from '../../../core/kube/selector';
import {
  explainRequest,
  runAskingSlowly,
  type Explanation,
  type MetricExplanationJson,
  type Question,
  type Reply,
} from '../../../core/rule-explain';
import { ListingError, type ClusterObjects } from '../cluster';
import type { QuerySource } from '../queries';
import type { PrometheusSource } from '../sources';
import { fusionJson, momentJson, resultJson } from './explained-json';
import { isExposed } from './metric-values';
import { inParts, type PreparedQuery } from './prepared-query';
import { fusionOf, prepareRequest } from './prepared-requests';
import { usageExplanation } from './usage-explanation';
import type { UsageValues } from './usage-values';

/** They have a share of the source's requests of their own, so that whoever looks holds up no autoscaler. */
const EXPLANATIONS = 'explanations';

export interface ExplanationsProps {
  readonly registry: () => Registry;
  readonly objects: Pick<ClusterObjects, 'names'>;
  readonly usage: UsageValues;
  readonly source: (name: string) => (QuerySource & Pick<PrometheusSource, 'labelValues'>) | undefined;
  /** `--metrics-max-age` */
  readonly maxAgeMs: number;
  readonly now: () => number;
}

/** Tells for a metric and its objects the whole way from rule to value, or the first link that failed. */
export class Explanations {
  constructor(private readonly props: ExplanationsProps) {}

  /** @returns JSON */
  explain({ of }: ExplainRoute, signal: AbortSignal): Promise<string | ApiStatus> {
    return of.kind === 'pod-metrics' || of.kind === 'node-metrics'
      ? this.explainUsage(of, signal)
      : this.explainMetric(of, signal);
  }

  private async explainMetric(
    route: CustomRoute | ExternalRoute,
    signal: AbortSignal,
  ): Promise<string | ApiStatus> {
    let request: MetricRequest;
    try {
      request = await this.requestOf(route, signal);
    } catch (error) {
      if (!(error instanceof ListingError)) throw error;
      return internalFailure(`unable to list matching resources: ${error.message}`);
    }
    const registry = this.props.registry();
    const { plan: planned, queries } = prepareRequest(registry, request);
    const source = sourceOf(registry, request, planned);
    const atMs = this.props.now();
    const explanation = await runAskingSlowly(
      explainRequest(registry, request, atMs, { adapter: 'plimsoll', objectSelector: selectorOf(route) }),
      (question) => this.reply(question, queries, source, atMs, signal),
    );
    const age = await this.newestSample(planned, source, atMs, signal);
    return JSON.stringify(explanationJson(explanation, planned, { source, at: momentJson(atMs) }, age));
  }

  private async explainUsage(
    route: PodMetricsRoute | NodeMetricsRoute,
    signal: AbortSignal,
  ): Promise<string | ApiStatus> {
    const { resourceQueries, broken } = this.props.registry();
    if (!resourceQueries) {
      const failed = broken.find(({ api }) => api === 'resource');
      return notFound(
        failed ? `resourceRules cannot be used: ${failed.message}` : 'there are no resourceRules',
      );
    }
    try {
      const asked = await this.props.usage.asked(resourceQueries, route, signal);
      return JSON.stringify(usageExplanation(route, resourceQueries.settings, asked));
    } catch (error) {
      if (!(error instanceof ListingError)) throw error;
      return internalFailure(`unable to list matching resources: ${error.message}`);
    }
  }

  private async requestOf(route: CustomRoute | ExternalRoute, signal: AbortSignal): Promise<MetricRequest> {
    if (route.kind === 'external') {
      const { namespace, metric, selector } = route;
      return { api: 'external', namespace, metric, selector };
    }
    const { groupResource, namespace, name, metric, metricSelector, objectSelector } = route;
    const registry = this.props.registry();
    const resource = registry.mapper.resolve(groupResource);
    const objects =
      name !== '*' || !resource || !isExposed(registry, route)
        ? name
        : await this.props.objects.names(resource, namespace, objectSelector ?? Selector.everything, signal);
    return { api: 'custom', groupResource, namespace, objects, metric, metricSelector };
  }

  private async reply(
    question: Question,
    prepared: readonly PreparedQuery[],
    name: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    const source = this.props.source(name);
    switch (question.kind) {
      case 'query':
        return { kind: 'query', outcome: await this.outcome(question.query, prepared, name, atMs, signal) };
      case 'names': {
        const startMs = atMs - this.props.maxAgeMs;
        const found = await source?.labelValues('__name__', [], startMs, signal);
        return { kind: 'names', names: found && 'values' in found ? found.values : [] };
      }
      case 'series':
        return { kind: 'series', result: { error: 'the adapter lists names only' } };
    }
  }

  /** The result of a query, in parts where it is too long, as for a request. */
  private async outcome(
    text: string,
    prepared: readonly PreparedQuery[],
    name: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<QueryOutcome> {
    const ask = async (query: string) =>
      (await this.props.source(name)?.query(query, atMs, signal, EXPLANATIONS)) ?? noSource(name);
    const known = prepared.find(({ whole }) => whole === text);
    if (!known) return ask(text);
    if (known.tooLong !== undefined) return { error: known.tooLong, unsent: true };
    const asked = await inParts(known.parts, async (part) => ({ outcome: await ask(part.text), atMs }));
    return asked.outcome;
  }

  /** How old the newest sample behind the values is; of several objects and selectors, of the one that lags behind. */
  private async newestSample(planned: Plan, name: string, atMs: number, signal: AbortSignal) {
    const [query] = planned.queries;
    if (planned.kind === 'refused' || query === undefined) return undefined;
    const label = planned.kind === 'custom' ? planned.label : undefined;
    const asked = ageQueries(query, label);
    if ('reason' in asked) return { unknown: asked.reason };
    const ages: AgeResult[] = [];
    for (const text of asked.queries) {
      const outcome =
        (await this.props.source(name)?.query(text, atMs, signal, EXPLANATIONS)) ?? noSource(name);
      if ('error' in outcome) return { unknown: outcome.error };
      if (outcome.type !== 'vector' || outcome.samples.length === 0) return { unknown: 'there is no sample' };
      ages.push({ samples: outcome.samples, atMs });
    }
    const oldest = laggingSample(ages, label);
    return oldest && { ageSeconds: Math.max(0, oldest.ageMs / 1000), object: oldest.object };
  }
}

function selectorOf(route: CustomRoute | ExternalRoute): Selector | undefined {
  return route.kind === 'custom' ? route.objectSelector : undefined;
}

function notFound(message: string): ApiStatus {
  return { code: 404, reason: 'NotFound', message };
}

function noSource(name: string): QueryOutcome {
  return { error: `there is no source ${name}`, unavailable: true };
}

/** The source that the metric is asked of; of a metric that no rule serves, the one that its rules would use. */
function sourceOf(registry: Registry, request: MetricRequest, planned: Plan): string {
  if (planned.kind !== 'refused') return planned.source;
  const names = registry.rules
    .filter(({ api }) => api === request.api)
    .map(({ source }) => source.settings.source);
  const [first = '', ...others] = new Set(names);
  return others.length === 0 ? first : '';
}

function explanationJson(
  { request, source: served, query, result, values, missing, others, notes }: Explanation,
  planned: Plan,
  asked: { readonly source: string; readonly at: string },
  newestSample: MetricExplanationJson['newestSample'],
): MetricExplanationJson {
  const plan = planned.kind === 'refused' ? undefined : planned;
  return {
    kind: 'MetricExplanation',
    metric: request.metric,
    namespace: request.namespace,
    objects: request.api === 'custom' ? request.objects : undefined,
    rule: served?.rule,
    series: served?.series,
    ...asked,
    query,
    freshnessSeconds: plan && plan.settings.freshnessMs / 1000,
    fusion: plan && fusionJson(fusionOf(plan, plan.queries[0] ?? '')),
    result: result && resultJson(result),
    newestSample,
    values: values.map(({ object, labels, value }) => ({ object, labels, value: value.toString() })),
    missing,
    others: [...others],
    notes: [...notes],
  };
}
