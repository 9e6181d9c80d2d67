import type { QueryOutcome, Status } from '../../../core/adapter';
import {
  answerNodeUsage,
  answerPodUsage,
  fieldsMatch,
  objectNotFound,
  planUsage,
  usageGroups,
  type ApiStatus,
  type NodeMetricsRoute,
  type NodeUsage,
  type PodMetricsRoute,
  type PodUsage,
  type UsageAnswer,
  type UsagePlan,
} from '../../../core/adapter/api';
import type { Fusion } from '../../../core/adapter/fusion';
import type { ResourceQueries } from '../../../core/rules';
import type { ClusterObjects, ObjectMetadata } from '../cluster';
import type { Queries } from '../queries';
import { resultOf } from './prepared-query';
import { PreparedUsage, RESOURCE_RULES } from './prepared-usage';

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

/** CPU and memory of pods and nodes. */
export class UsageValues {
  private readonly prepared = new PreparedUsage();

  constructor(private readonly props: UsageValuesProps) {}

  /** @throws ListingError if the pods cannot be told */
  async pods(
    rules: ResourceQueries,
    route: PodMetricsRoute,
    signal: AbortSignal,
  ): Promise<UsageAnswer<PodUsage> | Status | ApiStatus> {
    const { plan, outcomes, atMs } = await this.asked(rules, route, signal);
    return notThere(route, 'pods', plan) ?? this.observed(answerPodUsage(plan, outcomes, atMs), atMs);
  }

  /** @throws ListingError if the nodes cannot be told */
  async nodes(
    rules: ResourceQueries,
    route: NodeMetricsRoute,
    signal: AbortSignal,
  ): Promise<UsageAnswer<NodeUsage> | Status | ApiStatus> {
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
    const resource = route.kind === 'pod-metrics' ? 'pods' : 'nodes';
    const groups = usageGroups(resource, selected);
    const prepared = groups.map(({ namespace, objects }) =>
      this.prepared.get(
        rules,
        resource,
        namespace,
        objects.map(({ name }) => name),
      ),
    );
    const plan = planUsage(
      rules,
      groups,
      prepared.map(({ built }) => built),
    );
    const queries = prepared.flatMap((group) => group.queries);
    const results = await Promise.all(queries.map((query) => resultOf(this.props.queries, query)));
    return {
      plan,
      outcomes: results.map(({ outcome }) => outcome),
      fusions: prepared.flatMap(({ fusions }) => fusions),
      atMs: results.reduce((least, { atMs }) => Math.min(least, atMs), this.props.now()),
    };
  }

  /** Tells the age of the sample that lags behind; where times are not known they are those of the evaluation. */
  private observed<Answer extends UsageAnswer<NodeUsage | PodUsage> | Status>(
    answer: Answer,
    atMs: number,
  ): Answer {
    if (!('items' in answer)) return answer;
    const newestMs = answer.items.reduce((least, { timestampMs }) => Math.min(least, timestampMs), atMs);
    if (newestMs < atMs) this.props.onSampleAge(RESOURCE_RULES, atMs - newestMs);
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
