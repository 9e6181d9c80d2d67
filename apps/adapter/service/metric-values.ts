import {
  answer,
  internalError,
  newestSampleMs,
  withCause,
  type Answer,
  type MetricRequest,
  type QueryOutcome,
  type Registry,
} from '../../../core/adapter';
import type { CustomRoute, ExternalRoute } from '../../../core/adapter/api';
import { messageOf } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';
import type { ClusterObjects } from '../cluster';
import type { Queries, TimedOutcome } from '../queries';
import { PreparedRequests, type PreparedQuery, type PreparedRequest } from './prepared-requests';

export interface MetricValuesProps {
  readonly registry: () => Registry;
  readonly objects: Pick<ClusterObjects, 'known' | 'names'>;
  readonly queries: Queries;
  readonly now: () => number;
  /** Looks for metrics that are not known. @returns whether anything else is known now */
  readonly look: () => Promise<boolean> | boolean;
  /** Told how old the newest sample behind an answer of a rule is, in milliseconds, where that is known. */
  readonly onSampleAge: (rule: string, ms: number) => void;
}

const NONE: readonly string[] = [];

/** The values of custom and external metrics. */
export class MetricValues {
  private readonly prepared = new PreparedRequests();

  constructor(private readonly props: MetricValuesProps) {}

  /** @param asker waits for the answer; the signal is looked at only if something has to be waited for */
  async custom(route: CustomRoute, target: string, asker: { readonly signal: AbortSignal }): Promise<Answer> {
    const { groupResource, namespace, name, metric, metricSelector } = route;
    const registry = this.props.registry();
    let objects: readonly string[] | undefined;
    if (name === '*') {
      const resource = registry.mapper.resolve(groupResource);
      const selector = route.objectSelector ?? Selector.everything;
      try {
        objects = !resource
          ? NONE
          : (this.props.objects.known(resource, namespace, selector) ??
            (await this.props.objects.names(resource, namespace, selector, asker.signal)));
      } catch (error) {
        return internalError('unable to list matching resources', messageOf(error));
      }
    }
    return this.answered(target, objects, () => ({
      api: 'custom',
      ...{ groupResource, namespace, metric, metricSelector },
      objects: objects ?? name,
    }));
  }

  external({ namespace, metric, selector }: ExternalRoute, target: string): Promise<Answer> {
    const request = () => ({ api: 'external' as const, namespace, metric, selector });
    return this.answered(target, undefined, request);
  }

  private async answered(
    target: string,
    objects: readonly string[] | undefined,
    request: () => MetricRequest,
  ): Promise<Answer> {
    const { registry, look } = this.props;
    let prepared = this.prepared.get(registry(), target, objects, request);
    const isUnknown = prepared.plan.kind === 'refused' && prepared.plan.unregistered;
    if (isUnknown && (await look())) prepared = this.prepared.get(registry(), target, objects, request);
    return this.answer(prepared);
  }

  private async answer({ plan, queries }: PreparedRequest): Promise<Answer> {
    const results = await Promise.all(queries.map((query) => this.result(query)));
    const atMs = results[0]?.atMs ?? this.props.now();
    const outcomes = results.map(({ outcome }) => outcome);
    const answered = answer(plan, outcomes, atMs);
    const newestMs = newestSampleMs(plan, outcomes);
    if (newestMs !== undefined && plan.kind !== 'refused') this.props.onSampleAge(plan.rule, atMs - newestMs);
    return answered.kind === 'status' && answered.code === 404 ? withCause(answered) : answered;
  }

  private result({ parts, fusable }: PreparedQuery): Promise<TimedOutcome> {
    const alone = () => this.whole(parts);
    return fusable ? this.props.queries.fusable(fusable, alone) : alone();
  }

  private async whole(parts: PreparedQuery['parts']): Promise<TimedOutcome> {
    const results: TimedOutcome[] = [];
    for (const part of parts) results.push(await this.props.queries.single(part));
    const [first] = results;
    if (first && results.length === 1) return first;
    const outcome = joined(results.map((result) => result.outcome));
    return { outcome, atMs: Math.min(...results.map(({ atMs }) => atMs)) };
  }
}

/** The results of the parts of one query; the first that is none of a query for objects counts for all. */
function joined(outcomes: readonly QueryOutcome[]): QueryOutcome {
  const samples = [];
  for (const outcome of outcomes) {
    if ('error' in outcome || outcome.type !== 'vector') return outcome;
    samples.push(...outcome.samples);
  }
  return { type: 'vector', samples };
}
