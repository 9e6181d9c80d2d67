import type { QueryOutcome } from '../../../core/adapter';
import {
  answerNodeUsage,
  answerPodUsage,
  type NodeMetricsRoute,
  type NodeUsage,
  type PodMetricsRoute,
  type PodUsage,
  type UsagePlan,
} from '../../../core/adapter/api';
import { milliQuantity } from '../../../core/adapter/milli-quantity';
import { formatG } from '../../../core/promql/go-float';
import type { UsageExplanationJson, Verdict } from '../../../core/rule-explain';
import type { ResourceSettings } from '../../../core/rules';
import { fusionJson, momentJson, resultJson } from './explained-json';
import type { AskedUsage } from './usage-values';

type QueryJson = UsageExplanationJson['queries'][number];
type ValueJson = UsageExplanationJson['values'][number];
type Part = UsagePlan['parts'][number];

/** What was asked for the usage of pods or nodes, what came of it, and what is missing. */
export function usageExplanation(
  route: PodMetricsRoute | NodeMetricsRoute,
  { source, freshnessMs }: ResourceSettings,
  asked: AskedUsage,
): UsageExplanationJson {
  const { values, problems: said } = answerOf(route, asked);
  const links = asked.plan.parts.flatMap((part) => problemsOf(part, asked, values));
  // Where all links hold it is a policy that leaves objects out.
  const problems = links.length > 0 ? links : said.map((text) => of('no-quantity', text));
  const [first, ...rest] = problems;
  const nothing = values.length === 0;
  return {
    kind: 'ResourceMetricsExplanation',
    resource: route.kind === 'pod-metrics' ? 'pods' : 'nodes',
    rule: 'resourceRules',
    source,
    at: momentJson(asked.atMs),
    freshnessSeconds: freshnessMs / 1000,
    queries: asked.plan.parts.flatMap((part) => queriesOf(part, asked)),
    values,
    missing: nothing ? (first ?? noObjects(route)) : undefined,
    others: nothing ? rest : problems,
    notes: notesOf(asked),
  };
}

function noObjects({
  kind,
  name,
  namespace,
}: (PodMetricsRoute | NodeMetricsRoute) & { namespace?: string | undefined }): Verdict {
  const wanted = name === undefined ? '' : ` ${name}`;
  const text =
    kind === 'node-metrics'
      ? `the cluster has no node${wanted} that is asked for`
      : `no pod${wanted} that is asked for runs${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
  return { reason: 'no-objects', text };
}

function queriesOf(part: Part, { plan, outcomes, fusions }: AskedUsage): QueryJson[] {
  if ('error' in part) return [];
  const namespace = part.namespace === '' ? undefined : part.namespace;
  return (['cpu', 'memory', 'time'] as const).flatMap((of): QueryJson[] => {
    const index = part[of];
    const query = index === undefined ? undefined : plan.queries[index];
    const fusion = index === undefined ? undefined : fusions[index];
    const outcome = index === undefined ? undefined : outcomes[index];
    return query === undefined || !fusion || !outcome
      ? []
      : [{ of, namespace, query, fusion: fusionJson(fusion), result: resultJson(outcome) }];
  });
}

/** The values, and what keeps some or all objects from having one although the queries were answered. */
function answerOf(
  { kind }: PodMetricsRoute | NodeMetricsRoute,
  { plan, outcomes, atMs }: AskedUsage,
): { readonly values: ValueJson[]; readonly problems: readonly string[] } {
  if (kind === 'pod-metrics') {
    const answered = answerPodUsage(plan, outcomes, atMs);
    return 'cause' in answered
      ? { values: [], problems: [answered.cause] }
      : { values: answered.items.map(podJson), problems: answered.problems };
  }
  const answered = answerNodeUsage(plan, outcomes, atMs);
  return 'cause' in answered
    ? { values: [], problems: [answered.cause] }
    : { values: answered.items.map(nodeJson), problems: answered.problems };
}

function podJson({ namespace, name, timestampMs, containers }: PodUsage): ValueJson {
  return {
    object: name,
    namespace,
    timestamp: momentJson(timestampMs),
    containers: containers.map(({ name: container, cpu, memory }) => ({
      name: container,
      cpu: cpu.toString(),
      memory: memory.toString(),
    })),
  };
}

function nodeJson({ name, timestampMs, usage: { cpu, memory } }: NodeUsage): ValueJson {
  return {
    object: name,
    timestamp: momentJson(timestampMs),
    usage: { cpu: cpu.toString(), memory: memory.toString() },
  };
}

/** Why objects of a part have no usage: the first link that failed. */
function problemsOf(part: Part, { outcomes }: AskedUsage, values: readonly ValueJson[]): Verdict[] {
  if ('error' in part) return [of('query-not-built', part.error)];
  for (const kind of ['cpu', 'memory'] as const) {
    const outcome = outcomes[part[kind]];
    const failure = outcome && failureOf(outcome);
    if (failure !== undefined) return [of('query-failed', `the ${kind} query: ${failure}`)];
  }
  const served = new Set(
    values.flatMap(({ namespace = '', object }) => (namespace === part.namespace ? [object] : [])),
  );
  return (['cpu', 'memory'] as const).flatMap((kind): Verdict[] => {
    const outcome = outcomes[part[kind]];
    const label = part.labels[kind].object;
    const samples = outcome && 'type' in outcome && outcome.type === 'vector' ? outcome.samples : [];
    const seen = new Set(samples.map(({ labels }) => labels[label]));
    const lacking = part.objects.flatMap(({ name }) => (served.has(name) || seen.has(name) ? [] : [name]));
    if (lacking.length === 0) return [];
    const text = `the ${kind} query has no result with ${label}="${lacking.slice(0, LISTED).join('", "')}"`;
    const more = lacking.length > LISTED ? `, and ${lacking.length - LISTED} more` : '';
    return [of(samples.length === 0 ? 'query-empty' : 'other-objects', text + more)];
  });
}

/** What becomes of results that are no quantities. */
function notesOf({ plan, outcomes }: AskedUsage): string[] {
  const { nan, infinity } = plan.policies;
  const notes = plan.parts.flatMap((part): string[] => {
    if ('error' in part) return [];
    const names = new Set(part.objects.map(({ name }) => name));
    return (['cpu', 'memory'] as const).flatMap((kind) => {
      const outcome = outcomes[part[kind]];
      const label = part.labels[kind].object;
      const samples = outcome && 'type' in outcome && outcome.type === 'vector' ? outcome.samples : [];
      return samples.flatMap(({ labels, value }): string[] => {
        if (milliQuantity(value) || !names.has(labels[label] ?? '')) return [];
        const policy = Number.isNaN(value) ? `nan: ${nan}` : `infinity: ${infinity}`;
        return [
          `the ${kind} query gives ${formatG(value)} with ${label}="${labels[label] ?? ''}", for which ${policy} counts`,
        ];
      });
    });
  });
  return [...new Set(notes)].slice(0, LISTED);
}

const LISTED = 8;

function of(reason: Verdict['reason'], text: string): Verdict {
  return { reason, text, rule: 'resourceRules' };
}

function failureOf(outcome: QueryOutcome): string | undefined {
  if ('error' in outcome) return outcome.error;
  return outcome.type === 'vector' ? undefined : `the result is a ${outcome.type}, where a vector is wanted`;
}
