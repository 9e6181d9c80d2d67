import { type QueryOutcome, type QuerySample } from '../../request';
import { type ApiStatus } from '../api-status';
import { serviceUnavailable } from '../statuses';
import {
  type NodeUsage,
  NOTHING,
  type PodUsage,
  type Usage,
  type UsageKind,
  usageQuantity,
  type UsageObject,
} from './usage';
import { type PlannedPart, type UsageLabels, type UsagePart, type UsagePlan } from './usage-plan';

/** What is known of the objects; those of which too little is known are left out. */
export interface UsageAnswer<Item> {
  readonly kind: 'usage';
  /** By namespace and name. */
  readonly items: readonly Item[];
  /** For the log: which parts of the answer are missing, and why. */
  readonly problems: readonly string[];
}

/**
 * The metrics of pods. A pod without any CPU or any memory is left out; a container without one of them has 0. The
 * pods of a namespace whose queries failed are left out, as upstream; only where all of them failed that is said,
 * instead of an empty list.
 * @param outcomes one for each of `plan.queries`, in their order
 * @param atMs when the queries were evaluated
 */
export function answerPodUsage(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  atMs: number,
): UsageAnswer<PodUsage> | ApiStatus {
  return answerParts(plan, outcomes, (part) => podsOf(part, readPart(part, outcomes), atMs));
}

/** The metrics of nodes. A node without CPU or memory is left out. */
export function answerNodeUsage(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  atMs: number,
): UsageAnswer<NodeUsage> | ApiStatus {
  return answerParts(plan, outcomes, (part) => nodesOf(part, readPart(part, outcomes), atMs));
}

const RETRY_SECONDS = 1;

function answerParts<Item extends UsageObject>(
  plan: UsagePlan,
  outcomes: readonly QueryOutcome[],
  items: (part: PlannedPart) => readonly Item[],
): UsageAnswer<Item> | ApiStatus {
  const found: Item[] = [];
  const problems: string[] = [];
  for (const part of plan.parts) {
    const problem = problemOf(part, outcomes);
    if ('error' in part || problem !== undefined) problems.push(`${scopeOf(part)}: ${problem ?? ''}`);
    else found.push(...items(part));
  }
  if (problems.length > 0 && problems.length === plan.parts.length) {
    return serviceUnavailable('unable to fetch resource metrics', RETRY_SECONDS);
  }
  return { kind: 'usage', items: found.sort(byObject), problems };
}

function scopeOf({ namespace }: UsagePart): string {
  return namespace === '' ? 'nodes' : `pods in namespace ${namespace}`;
}

/** Why a part has no answer. That the time of the samples is not known is no reason. */
function problemOf(part: UsagePart, outcomes: readonly QueryOutcome[]): string | undefined {
  if ('error' in part) return part.error;
  for (const kind of ['cpu', 'memory'] as const) {
    const outcome = outcomes[part[kind]];
    if (!outcome) return `the ${kind} query was not run`;
    if ('error' in outcome) return `unable to fetch ${kind} metrics: ${outcome.error}`;
    if (outcome.type !== 'vector')
      return `unable to fetch ${kind} metrics: expected vector, got ${outcome.type}`;
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

function podsOf({ objects, labels }: PlannedPart, samples: PartSamples, atMs: number): PodUsage[] {
  return objects.flatMap((pod): PodUsage[] => {
    const cpu = byContainer('cpu', samples.cpu.get(pod.name), labels.cpu);
    const memory = byContainer('memory', samples.memory.get(pod.name), labels.memory);
    if (cpu.size === 0 || memory.size === 0) return [];
    const containers = [...new Set([...cpu.keys(), ...memory.keys()])].sort().map((name) => ({
      name,
      cpu: cpu.get(name) ?? NOTHING,
      memory: memory.get(name) ?? NOTHING,
    }));
    const times = samples.time.get(pod.name) ?? [];
    const { container } = labels.cpu;
    const relevant = times.filter(({ labels: own }) => cpu.has((container && own[container]) ?? ''));
    return [{ ...pod, timestampMs: earliest(relevant, atMs), containers }];
  });
}

/** Of several samples of one container the last counts, as upstream. */
function byContainer(
  kind: UsageKind,
  samples: readonly QuerySample[] = [],
  { container }: UsageLabels,
): ReadonlyMap<string, Usage[UsageKind]> {
  const usages = new Map<string, Usage[UsageKind]>();
  for (const { labels, value } of samples) {
    const quantity = usageQuantity(kind, value);
    if (quantity) usages.set((container && labels[container]) ?? '', quantity);
  }
  return usages;
}

/** Of several samples of one node the first counts, as upstream. */
function nodesOf({ objects }: PlannedPart, samples: PartSamples, atMs: number): NodeUsage[] {
  return objects.flatMap((node): NodeUsage[] => {
    const [cpu] = samples.cpu.get(node.name) ?? [];
    const [memory] = samples.memory.get(node.name) ?? [];
    const usage = {
      cpu: cpu && usageQuantity('cpu', cpu.value),
      memory: memory && usageQuantity('memory', memory.value),
    };
    if (!usage.cpu || !usage.memory) return [];
    const timestampMs = earliest(samples.time.get(node.name) ?? [], atMs);
    return [{ ...node, timestampMs, usage: { cpu: usage.cpu, memory: usage.memory } }];
  });
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
