import {
  type FusedQuery,
  fusedResults,
  type Fusion,
  type FusionScope,
  proveFusion,
  splitQuery,
} from '../../../../core/adapter/fusion';
import { type QuerySample } from '../../../../core/adapter/request';
import { compareLabels, labelsKey } from '../../../../core/promql/labels';
import { Random } from '../../../../rehearsal/random';
import { NAMESPACES, NODES, PODS } from './cluster-data';
import { drawRequest, type ObjectKind, rendered, type RuleRequest } from './rule-requests';
import { RuleTemplates } from './rule-templates';

/** What a query comes to: samples, or an error. */
export type Evaluated = { readonly samples: readonly QuerySample[] } | { readonly error: string };

/** Evaluates PromQL over the data of the cluster. */
export interface Evaluator {
  evaluate(query: string): Promise<Evaluated>;
  /** Whether elements have the same order each time; Prometheus gives some in that of a map of Go. */
  readonly ordered: boolean;
}

/** A request with the query that its rule renders, and what was shown of it. */
export interface ProvenRequest {
  readonly request: RuleRequest;
  readonly query: string;
  readonly fusion: Fusion;
}

/** What was found when requests were answered both ways. */
export class Sharing {
  /** Requests that were answered both ways. */
  compared = 0;
  /** Of those, the ones with results. */
  found = 0;
  /** Requests whose query was not fused. */
  refused = 0;
  /** Queries that answered more than one request. */
  shared = 0;
  /** Values that were compared, and those of them that differ in the last bits. */
  values = 0;
  rounded = 0;
  /** Requests whose own query has a result where the fused one fails, for the sake of other objects. */
  failedForOthers = 0;
  /** Requests that fail both ways. */
  failed = 0;
  readonly reasons = new Set<string>();
  readonly differences: string[] = [];

  summary(): string {
    return (
      `${this.compared} requests answered both ways, ${this.found} of them with results, ${this.values} values; ` +
      `${this.differences.length} differ, ${this.rounded} values by rounding. ${this.shared} queries were shared; ` +
      `${this.refused} requests were not fused, for ${this.reasons.size} reasons. ` +
      `Failed: ${this.failed} both ways, ${this.failedForOthers} fused only.\n`
    );
  }
}

const KINDS: readonly ObjectKind[] = ['pod', 'pod', 'pod', 'namespace', 'node'];
const REQUESTS = 5;

/** The requests of one rule: the same template, rendered for several requests. */
function requestsOfRule(seed: number): {
  readonly template: string;
  readonly requests: ProvenRequest[];
} {
  const random = new Random(seed);
  const kind = KINDS[random.below(KINDS.length)] ?? 'pod';
  const parts = kind === 'pod' && random.below(4) === 0;
  const template = new RuleTemplates(random, kind).template();
  const requests = Array.from({ length: REQUESTS }, () => {
    const request = drawRequest(random, kind, parts);
    const query = rendered(template, request);
    return { request, query, fusion: proveFusion(query, request) };
  });
  return { template, requests };
}

/** Answers the requests of a rule one by one and from as few queries as possible, and compares the answers. */
export async function compareSharing(seed: number, evaluator: Evaluator, into: Sharing): Promise<void> {
  const { requests } = requestsOfRule(seed);
  const random = new Random(seed + 2 ** 20);
  const groups = new Map<string, { fused: FusedQuery; requests: ProvenRequest[] }>();
  for (const proven of requests) {
    const { fusion } = proven;
    if (!fusion.fusable) {
      into.refused++;
      into.reasons.add(fusion.reason);
      continue;
    }
    const group = groups.get(fusion.key) ?? { fused: fusion, requests: [] };
    group.requests.push(proven);
    groups.set(fusion.key, group);
  }
  for (const group of groups.values()) {
    if (group.requests.length > 1) into.shared++;
    const queries = fusedQueries(group.fused, group.requests, random);
    const outcomes = await Promise.all(queries.map((query) => evaluator.evaluate(query)));
    for (const one of group.requests) await compareRequest(one, queries, outcomes, evaluator, into);
  }
}

/** The query, or the queries, for all objects of some requests. */
function fusedQueries(
  fused: FusedQuery,
  requests: readonly ProvenRequest[],
  random: Random,
): readonly string[] {
  const names = requests.flatMap(({ request }) => request.names);
  const namespaces = requests.flatMap(({ request }) => request.namespace ?? []);
  const others: readonly string[] =
    { pod: PODS, namespace: NAMESPACES, node: NODES }[fused.objectLabel] ?? [];
  const scopes: readonly FusionScope[] = [
    {},
    { names },
    { names: [...names, ...others.slice(0, random.below(others.length))] },
    { namespaces },
    { namespaces, names },
  ];
  const scope = scopes[random.below(scopes.length)] ?? {};
  if (random.below(4) === 0 && new Set(namespaces).size <= 1) {
    return splitQuery(fused, namespaces[0], [...new Set(names)], 40 + random.below(300));
  }
  return [fused.query(fused.namespaceLabel === undefined ? { names: scope.names } : scope)];
}

/** Errors that two series of one object can cause, which other objects then have to put up with. */
const OF_DATA = /found duplicate series|multiple matches for labels|same labelset/;

async function compareRequest(
  { request, query, fusion }: ProvenRequest,
  queries: readonly string[],
  outcomes: readonly Evaluated[],
  evaluator: Evaluator,
  into: Sharing,
): Promise<void> {
  if (!fusion.fusable) return;
  into.compared++;
  const own = await evaluator.evaluate(query);
  const samples = outcomes.flatMap((outcome) => ('samples' in outcome ? outcome.samples : []));
  const fusedFails = outcomes.some((outcome) => 'error' in outcome);
  if ('error' in own) {
    into.failed++;
    // A split query fails in the part that holds the object.
    if (!fusedFails)
      into.differences.push(`${query}\nfails (${own.error}), but not fused:\n${queries.join('\n')}`);
    return;
  }
  const unexplained = outcomes.find((outcome) => 'error' in outcome && !OF_DATA.test(outcome.error));
  if (unexplained) {
    into.differences.push(`${query}\nfused:\n${queries.join('\n')}\n${JSON.stringify(unexplained)}`);
    return;
  }
  if (fusedFails) {
    into.failedForOthers++;
    return;
  }
  const { objectLabel, namespace, names } = request;
  const selected = fusion.select(fusedResults(samples, fusion), namespace, names);
  const asked = [...new Set(names)].flatMap((name) =>
    own.samples.filter(({ labels }) => labels[objectLabel] === name),
  );
  const [expected, got] = evaluator.ordered ? [asked, selected] : [byLabels(asked), byLabels(selected)];
  if (expected.length > 0) into.found++;
  const parts = expected.map(({ labels }) => `${labels[objectLabel] ?? ''} ${labels['container'] ?? ''}`);
  if (new Set(parts).size < parts.length)
    into.differences.push(`${query}\nhas several results for an object`);
  const difference = differenceOf(expected, got, into);
  if (difference === undefined) return;
  into.differences.push(`${query}\nfused:\n${queries.join('\n')}\n${difference}`);
}

function byLabels(samples: readonly QuerySample[]): readonly QuerySample[] {
  return samples.toSorted((a, b) => compareLabels(a.labels, b.labels));
}

/** A relative error that the order of a sum may make. */
const ROUNDING = 1e-12;

function differenceOf(
  expected: readonly QuerySample[],
  got: readonly QuerySample[],
  into: Sharing,
): string | undefined {
  const texts = (samples: readonly QuerySample[]): string =>
    samples.map(({ labels, value }) => `${JSON.stringify(labels)} ${value}`).join('\n');
  const differ = `expected\n${texts(expected)}\ngot\n${texts(got)}`;
  if (expected.length !== got.length) return differ;
  for (const [index, sample] of expected.entries()) {
    const other = got[index];
    if (!other || labelsKey(sample.labels) !== labelsKey(other.labels)) return differ;
    into.values++;
    if (Object.is(sample.value, other.value)) continue;
    const size = Math.max(Math.abs(sample.value), Math.abs(other.value));
    if (!(Math.abs(sample.value - other.value) <= ROUNDING * size)) return differ;
    into.rounded++;
  }
  return undefined;
}
