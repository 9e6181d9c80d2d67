import {
  answer,
  internalError,
  sampleAgeMs,
  withCause,
  type Answer,
  type MetricRequest,
  type Registry,
} from '../../../core/adapter';
import type { CustomRoute, ExternalRoute } from '../../../core/adapter/api';
import { messageOf } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';
import { groupResourceOf } from '../../../core/rules';
import type { ClusterObjects } from '../cluster';
import type { Queries } from '../queries';
import { resultOf } from './prepared-query';
import { PreparedRequests, type PreparedRequest } from './prepared-requests';

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
    const request = (objects: readonly string[] | undefined) => (): MetricRequest => ({
      api: 'custom',
      ...{ groupResource, namespace, metric, metricSelector },
      objects: objects ?? name,
    });
    if (name !== '*') return this.answered(target, undefined, request(undefined));
    const resource = this.props.registry().mapper.resolve(groupResource);
    const selector = route.objectSelector ?? Selector.everything;
    let objects = resource ? this.props.objects.known(resource, namespace, selector) : NONE;
    if (resource && !objects) {
      // Nobody may have objects of a kind listed, and watched from then on, by asking for a metric that there is not.
      if (!(await this.isExposed(route))) {
        return this.answer(this.prepared.get(this.props.registry(), target, undefined, request(undefined)));
      }
      try {
        objects = await this.props.objects.names(resource, namespace, selector, asker.signal);
      } catch (error) {
        return internalError('unable to list matching resources', messageOf(error));
      }
    }
    return this.answered(target, objects, request(objects));
  }

  private async isExposed(route: CustomRoute): Promise<boolean> {
    const { registry, look } = this.props;
    return isExposed(registry(), route) || ((await look()) && isExposed(registry(), route));
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

  private async answer({ plan, queries, refused }: PreparedRequest): Promise<Answer> {
    if (refused) return refused;
    const results = await Promise.all(queries.map((query) => resultOf(this.props.queries, query)));
    const outcomes = results.map(({ outcome }) => outcome);
    // Results of one plan may be of different moments: those that were fresh still, and those asked for now.
    const evaluatedMs = results.map(({ atMs }) => atMs);
    const answered = answer(plan, outcomes, evaluatedMs[0] ?? this.props.now(), evaluatedMs);
    const ageMs = sampleAgeMs(plan, outcomes, evaluatedMs);
    if (ageMs !== undefined && plan.kind !== 'refused') this.props.onSampleAge(plan.rule, ageMs);
    return answered.kind === 'status' && answered.code === 404 ? withCause(answered) : answered;
  }
}

/** Whether a rule exposes the metric of the kind of object that is asked for. */
export function isExposed(registry: Registry, { groupResource, namespace, metric }: CustomRoute): boolean {
  const resource = registry.mapper.resolve(groupResource);
  return (
    resource !== undefined &&
    registry.findCustom(groupResourceOf(resource), namespace !== undefined, metric) !== undefined
  );
}
