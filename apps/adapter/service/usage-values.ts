import { LRUCache } from 'lru-cache';
import type { QueryOutcome } from '../../../core/adapter';
import {
  answerNodeUsage,
  answerPodUsage,
  fieldsMatch,
  objectNotFound,
  planNodeUsage,
  planPodUsage,
  type ApiStatus,
  type NodeMetricsRoute,
  type NodeUsage,
  type PodMetricsRoute,
  type PodUsage,
  type UsageAnswer,
  type UsagePlan,
} from '../../../core/adapter/api';
import { proveFusion, type Fusion } from '../../../core/adapter/fusion';
import type { ResourceQueries, RuleSettings } from '../../../core/rules';
import type { ClusterObjects, ObjectMetadata } from '../cluster';
import type { Queries, TimedOutcome, WantedQuery } from '../queries';

export interface UsageValuesProps {
  readonly objects: Pick<ClusterObjects, 'runningPods' | 'runningPod' | 'nodes' | 'node'>;
  readonly queries: Queries;
  readonly now: () => number;
  /** As `MetricValuesProps` has it. */
  readonly onSampleAge: (rule: string, ms: number) => void;
}

export interface AskedUsage {
  readonly plan: UsagePlan;
  /** One for each query of the plan; likewise `fusions`. */
  readonly outcomes: readonly QueryOutcome[];
  /** Whether it can be answered together with others. */
  readonly fusions: readonly Fusion[];
  /** When the first of them was evaluated. */
  readonly atMs: number;
}

/** For metrics. */
const RULE = 'resourceRules';
/** Lists of names that are known, and their length together: pods come and go, ten thousand of them in one list. */
const MOST_LISTS = { max: 5000, maxSize: 16 * 1024 * 1024 } as const;
const OFF: Fusion = { fusable: false, reason: 'the rule says fusion: off' };

/** CPU and memory of pods and nodes. */
export class UsageValues {
  /** Lists of names by what they hold: a list that is the same is the same one. */
  private readonly lists = new LRUCache<string, readonly string[]>({
    ...MOST_LISTS,
    sizeCalculation: (_, key) => key.length + 1,
  });

  constructor(private readonly props: UsageValuesProps) {}

  /** @throws ListingError if the pods cannot be told */
  async pods(
    rules: ResourceQueries,
    route: PodMetricsRoute,
    signal: AbortSignal,
  ): Promise<UsageAnswer<PodUsage> | ApiStatus> {
    const { plan, outcomes, atMs } = await this.asked(rules, route, signal);
    return notThere(route, 'pods', plan) ?? this.observed(answerPodUsage(plan, outcomes, atMs), atMs);
  }

  /** @throws ListingError if the nodes cannot be told */
  async nodes(
    rules: ResourceQueries,
    route: NodeMetricsRoute,
    signal: AbortSignal,
  ): Promise<UsageAnswer<NodeUsage> | ApiStatus> {
    const { plan, outcomes, atMs } = await this.asked(rules, route, signal);
    return notThere(route, 'node', plan) ?? this.observed(answerNodeUsage(plan, outcomes, atMs), atMs);
  }

  /**
   * What is asked for the objects of a request, and what came of it.
   * @throws ListingError if the objects cannot be told
   */
  async asked(
    rules: ResourceQueries,
    route: PodMetricsRoute | NodeMetricsRoute,
    signal: AbortSignal,
  ): Promise<AskedUsage> {
    const found = await this.objectsOf(route, signal);
    const selected = found.filter(({ name, namespace }) => fieldsMatch(route.fields, name, namespace));
    const plan =
      route.kind === 'pod-metrics' ? planPodUsage(rules, selected) : planNodeUsage(rules, selected);
    return { plan, ...(await this.outcomes(plan, rules.settings)) };
  }

  /** Tells the age of the sample that lags behind; where times are not known they are those of the evaluation. */
  private observed<Answer extends UsageAnswer<NodeUsage | PodUsage> | ApiStatus>(
    answer: Answer,
    atMs: number,
  ): Answer {
    if (!('items' in answer)) return answer;
    const newestMs = answer.items.reduce((least, { timestampMs }) => Math.min(least, timestampMs), atMs);
    if (newestMs < atMs) this.props.onSampleAge(RULE, atMs - newestMs);
    return answer;
  }

  private async objectsOf(
    route: PodMetricsRoute | NodeMetricsRoute,
    signal: AbortSignal,
  ): Promise<readonly ObjectMetadata[]> {
    const { objects } = this.props;
    const { name, selector } = route;
    if (route.kind === 'node-metrics') {
      return name === undefined ? objects.nodes(selector, signal) : one(await objects.node(name, signal));
    }
    const { namespace } = route;
    return namespace !== undefined && name !== undefined
      ? one(await objects.runningPod(namespace, name, signal))
      : objects.runningPods(namespace, selector, signal);
  }

  private async outcomes(plan: UsagePlan, settings: RuleSettings): Promise<Omit<AskedUsage, 'plan'>> {
    const targets = targetsOf(plan);
    const asked = plan.queries.map((text, index) => {
      const target = targets[index];
      const names = target && this.list(target.names);
      const fusion: Fusion =
        !target || !names || settings.fusion === 'off' ? OFF : proveFusion(text, { ...target, names });
      return { fusion, result: this.result(text, fusion, { namespace: target?.namespace, names, settings }) };
    });
    const results = await Promise.all(asked.map(({ result }) => result));
    return {
      outcomes: results.map(({ outcome }) => outcome),
      fusions: asked.map(({ fusion }) => fusion),
      atMs: results.length === 0 ? this.props.now() : Math.min(...results.map(({ atMs }) => atMs)),
    };
  }

  private async result(
    text: string,
    fused: Fusion,
    { namespace, names, settings }: Asked,
  ): Promise<TimedOutcome> {
    const { queries } = this.props;
    const { source, freshnessMs } = settings;
    const wanted: WantedQuery = { source, text, rule: RULE, freshnessMs };
    const alone = async () => queries.single(wanted);
    if (!fused.fusable || !names) return alone();
    return queries.fusable({ wanted, fused, namespace, names }, alone);
  }

  private list(names: readonly string[]): readonly string[] {
    const key = names.join('\n');
    const known = this.lists.get(key);
    if (known) return known;
    this.lists.set(key, names);
    return names;
  }
}

/** What a query is asked for, and how. */
interface Asked {
  readonly namespace: string | undefined;
  readonly names: readonly string[] | undefined;
  readonly settings: RuleSettings;
}

interface UsageTarget {
  readonly objectLabel: string;
  readonly namespaceLabel?: string | undefined;
  readonly namespace?: string | undefined;
  readonly names: readonly string[];
  readonly partLabels: readonly string[];
}

/** What each query of a plan is about, by its index. */
function targetsOf(plan: UsagePlan): readonly (UsageTarget | undefined)[] {
  const targets: (UsageTarget | undefined)[] = [];
  for (const part of plan.parts) {
    if ('error' in part) continue;
    const { namespace, objects, labels } = part;
    const names = objects.map(({ name }) => name);
    for (const kind of ['cpu', 'memory'] as const) {
      const { object, container, namespace: namespaceLabel } = labels[kind];
      const target = {
        objectLabel: object,
        names,
        partLabels: container === undefined ? [] : [container],
        ...(namespace === '' ? {} : { namespace, namespaceLabel }),
      };
      targets[part[kind]] = target;
      if (kind === 'cpu' && part.time !== undefined) targets[part.time] = target;
    }
  }
  return targets;
}

/** Of an object that is asked for by name and is not there. The words are those of upstream's caches. */
function notThere(
  { name }: PodMetricsRoute | NodeMetricsRoute,
  resource: 'pods' | 'node',
  { parts }: UsagePlan,
): ApiStatus | undefined {
  return name !== undefined && parts.length === 0 ? objectNotFound({ group: '', resource }, name) : undefined;
}

function one(object: ObjectMetadata | undefined): readonly ObjectMetadata[] {
  return object ? [object] : [];
}
