import { type QueryOutcome, type QuerySample } from '../../request';
import { internalError, sourceName, sourceUnavailable, type Status } from '../../status';
import { type NodeUsage, NOTHING, type PodUsage, type UsageKind, type UsageObject } from './usage';
import { type PlannedPart, type UsageLabels, type UsagePart, type UsagePlan } from './usage-plan';
import { readUsage, type UsageTrouble } from './usage-samples';

/** What is known of the objects; those of which too little is known are left out. */
export interface UsageAnswer<Item> {
  readonly kind: 'usage';
  /** By namespace and name. */
  readonly items: readonly Item[];
  /** For the log: which parts of the answer are missing, and why. */
  readonly problems: readonly string[];
  /** What is to blame where a part failed: the source did not answer, or something else, which will not pass. */
  readonly failed?: 'source' | 'query' | undefined;
}

/**
 * The metrics of pods. A pod without any CPU or any memory is left out; a container without one of them has 0. The
 * pods of a namespace whose queries failed are left out, as upstream; only where all of them failed that is said,
 * instead of an empty list.
 * @param outcomes one for each of `plan.queries`, in their order
 * @param atMs when the queries were evaluated
 * @returns a Status with 503 if that may pass, as it does when the source answers again, and 500 otherwise
 */
export function answerPodUsage(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  atMs: number,
): UsageAnswer<PodUsage> | Status {
  return answerParts(plan, outcomes, (part, pod, samples) => podUsage(plan, part, pod, samples, atMs));
}

/** The metrics of nodes. A node without CPU or memory is left out. Otherwise as {@link answerPodUsage}. */
export function answerNodeUsage(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  atMs: number,
): UsageAnswer<NodeUsage> | Status {
  return answerParts(plan, outcomes, (part, node, samples) => nodeUsage(plan, part, node, samples, atMs));
}

/** Why a part has no answer. */
interface PartFailure {
  /** For the client: names the link, and holds nothing that the source said. */
  readonly message: string;
  /** For the log. */
  readonly cause: string;
  /** Whether it is the source that did not answer. */
  readonly unavailable: boolean;
  readonly retryAfterMs?: number | undefined;
}

type UsageOf<Item> = (
  part: PlannedPart,
  object: UsageObject,
  samples: PartSamples,
) => Item | UsageTrouble | undefined;

function answerParts<Item extends UsageObject>(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  usageOf: UsageOf<Item>,
): UsageAnswer<Item> | Status {
  const items: Item[] = [];
  const failures: PartFailure[] = [];
  const leftOut: string[] = [];
  for (const part of plan.parts) {
    const read = 'error' in part ? notBuilt(part) : answerPart(plan, part, outcomes, usageOf);
    if ('cause' in read) {
      failures.push(read);
      continue;
    }
    for (const item of read.items) items.push(item);
    leftOut.push(...read.leftOut);
  }
  if (failures.length > 0 && failures.length === plan.parts.length) return failed(plan, failures);
  const blame = failures.some(({ unavailable }) => unavailable) ? 'source' : 'query';
  return {
    kind: 'usage',
    items: items.sort(byObject),
    problems: [...failures.map(({ cause }) => cause), ...leftOut],
    ...(failures.length > 0 ? { failed: blame } : {}),
  };
}

/** What to answer if nothing is known. It may pass if at least one part only lacks the source. */
function failed({ source }: UsagePlan, failures: readonly PartFailure[]): Status {
  const cause = failures.map((failure) => failure.cause).join('; ');
  const passing = failures.find(({ unavailable }) => unavailable);
  if (passing) return sourceUnavailable(source, cause, passing.retryAfterMs, 'resource metrics');
  const [first] = failures;
  return internalError(`unable to fetch resource metrics: ${first?.message ?? 'nothing was asked'}`, cause);
}

function answerPart<Item extends object>(
  plan: UsagePlan,
  part: PlannedPart,
  outcomes: readonly QueryOutcome[],
  usageOf: UsageOf<Item>,
): { readonly items: readonly Item[]; readonly leftOut: readonly string[] } | PartFailure {
  const problem = queryFailure(plan, part, outcomes);
  if (problem) return problem;
  const samples = readPart(part, outcomes);
  const items: Item[] = [];
  let leftOut: string | undefined;
  for (const object of part.objects) {
    const usage = usageOf(part, object, samples);
    if (usage === undefined) continue;
    if (!isTrouble(usage)) {
      items.push(usage);
      continue;
    }
    const text = `${scopeOf(part)}: ${object.name} ${usage.text}`;
    if (usage.policy === 'error') return { message: text, cause: text, unavailable: false };
    // All of them would be a long line, and another one each time.
    leftOut ??= `${text}, and is left out, as is any other like it`;
  }
  return { items, leftOut: leftOut === undefined ? [] : [leftOut] };
}

function isTrouble(usage: object): usage is UsageTrouble {
  return 'policy' in usage;
}

function scopeOf({ namespace }: UsagePart): string {
  return namespace === '' ? 'nodes' : `pods in namespace ${namespace}`;
}

function notBuilt(part: UsagePart & { readonly error: string }): PartFailure {
  const message = `${scopeOf(part)}: ${part.error}`;
  return { message, cause: message, unavailable: false };
}

/** Why the queries of a part say nothing. That the time of the samples is not known is no reason. */
function queryFailure(
  { source }: UsagePlan,
  part: PlannedPart,
  outcomes: readonly QueryOutcome[],
): PartFailure | undefined {
  const scope = scopeOf(part);
  for (const kind of ['cpu', 'memory'] as const) {
    const outcome = outcomes[part[kind]] ?? { error: 'the query was not made' };
    if ('error' in outcome) {
      return {
        message: `${scope}: ${sourceName(source)} refuses the ${kind} query`,
        cause: `${scope}: unable to fetch ${kind} metrics: ${outcome.error}`,
        unavailable: outcome.unavailable === true,
        retryAfterMs: outcome.retryAfterMs,
      };
    }
    if (outcome.type !== 'vector') {
      const message = `${scope}: the ${kind} query gives a ${outcome.type}, where a vector is wanted`;
      return { message, cause: message, unavailable: false };
    }
  }
  return undefined;
}

/** The samples of a part by object, in the order of the results. */
interface PartSamples {
  readonly cpu: SamplesByObject;
  readonly memory: SamplesByObject;
  readonly time: SamplesByObject;
}

type SamplesByObject = ReadonlyMap<string, readonly QuerySample[]>;

function readPart(
  { cpu, memory, time, labels }: PlannedPart,
  outcomes: readonly QueryOutcome[],
): PartSamples {
  return {
    cpu: byLabel(outcomes[cpu], labels.cpu),
    memory: byLabel(outcomes[memory], labels.memory),
    time: byLabel(time === undefined ? undefined : outcomes[time], labels.cpu),
  };
}

function byLabel(outcome: QueryOutcome | undefined, { object }: UsageLabels): SamplesByObject {
  const found = new Map<string, QuerySample[]>();
  if (!outcome || 'error' in outcome || outcome.type !== 'vector') return found;
  for (const sample of outcome.samples) {
    const name = sample.labels[object] ?? '';
    const before = found.get(name);
    if (before) before.push(sample);
    else found.set(name, [sample]);
  }
  return found;
}

function podUsage(
  plan: UsagePlan,
  { labels }: PlannedPart,
  pod: UsageObject,
  samples: PartSamples,
  atMs: number,
): PodUsage | UsageTrouble | undefined {
  const [cpu, memory] = readBoth(plan, labels, pod, samples);
  if (isTrouble(cpu)) return cpu;
  if (isTrouble(memory)) return memory;
  if (cpu.size === 0 || memory.size === 0) return undefined;
  const containers = [...new Set([...cpu.keys(), ...memory.keys()])].sort().map((name) => ({
    name,
    cpu: cpu.get(name) ?? NOTHING,
    memory: memory.get(name) ?? NOTHING,
  }));
  const times = samples.time.get(pod.name) ?? [];
  const { container } = labels.cpu;
  const relevant = times.filter(({ labels: own }) => cpu.has((container && own[container]) ?? ''));
  return { ...pod, timestampMs: earliest(relevant, atMs), containers };
}

function nodeUsage(
  plan: UsagePlan,
  { labels }: PlannedPart,
  node: UsageObject,
  samples: PartSamples,
  atMs: number,
): NodeUsage | UsageTrouble | undefined {
  const [cpus, memories] = readBoth(plan, labels, node, samples);
  if (isTrouble(cpus)) return cpus;
  if (isTrouble(memories)) return memories;
  const [cpu] = cpus.values();
  const [memory] = memories.values();
  if (!cpu || !memory) return undefined;
  const timestampMs = earliest(samples.time.get(node.name) ?? [], atMs);
  return { ...node, timestampMs, usage: { cpu, memory } };
}

function readBoth(
  { policies }: UsagePlan,
  labels: PlannedPart['labels'],
  { name }: UsageObject,
  samples: PartSamples,
) {
  const read = (kind: UsageKind) =>
    readUsage({ kind, policies, container: labels[kind].container }, samples[kind].get(name));
  return [read('cpu'), read('memory')] as const;
}

/** `timestamp()` is in seconds. What is not known is taken to be of now. */
function earliest(times: readonly QuerySample[], atMs: number): number {
  return times.reduce((least, { value }) => (value * 1000 < least ? value * 1000 : least), atMs);
}

/** Go's order of strings. */
function byObject(a: UsageObject, b: UsageObject): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
