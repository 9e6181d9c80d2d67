import type { Registry, Status } from '../../../core/adapter';
import {
  encodeNodeUsage,
  encodeNodeUsages,
  encodePodUsage,
  encodePodUsages,
  internalFailure,
  nodeUsageTable,
  objectNotFound,
  pathNotFound,
  podUsageTable,
  tableRequest,
  tableTransform,
  type ApiStatus,
  type NodeMetricsRoute,
  type NodeUsage,
  type PodMetricsRoute,
  type PodUsage,
  type Routed,
  type UsageAnswer,
  type UsageContext,
} from '../../../core/adapter/api';
import type { Logger } from '../../runtime';
import { ListingError } from '../cluster';
import { QuietLog } from '../quiet-log';
import type { ApiCall, ApiReply } from '../server';
import { failureReply, jsonReply, negotiated, statusReply } from './json-reply';
import type { UsageValues } from './usage-values';

/** Not to be copied, as in the API of the other groups. */
type Call = ApiCall<Routed>;

export interface ResourceMetricsApiProps {
  readonly registry: () => Registry;
  readonly usage: Pick<UsageValues, 'pods' | 'nodes'>;
  readonly now: () => number;
  readonly logger: Logger;
  /** Told of each request that `resourceRules` or their source fail, in whole or in part. */
  readonly onUsageFailure: (reason: 'source' | 'query') => void;
}

const RESOURCE_GROUP = 'metrics.k8s.io';

/** Answers authorized requests for CPU and memory of pods and nodes. */
export class ResourceMetricsApi {
  private readonly quiet: QuietLog;

  constructor(private readonly props: ResourceMetricsApiProps) {
    this.quiet = new QuietLog(props.logger, props.now);
  }

  pods(call: Call, routed: PodMetricsRoute): Promise<ApiReply> {
    return this.resource(call, routed, {
      answer: (rules) => this.props.usage.pods(rules, routed, call.signal),
      one:
        routed.name === undefined
          ? undefined
          : { resource: 'podmetrics', name: routed.name, encode: encodePodUsage },
      list: encodePodUsages,
      table: podUsageTable,
    });
  }

  nodes(call: Call, routed: NodeMetricsRoute): Promise<ApiReply> {
    return this.resource(call, routed, {
      answer: (rules) => this.props.usage.nodes(rules, routed, call.signal),
      one:
        routed.name === undefined
          ? undefined
          : { resource: 'nodemetrics', name: routed.name, encode: encodeNodeUsage },
      list: encodeNodeUsages,
      table: nodeUsageTable,
    });
  }

  private async resource<Item extends PodUsage | NodeUsage>(
    call: Call,
    { includeObject }: PodMetricsRoute | NodeMetricsRoute,
    { answer, one, list, table }: UsageKindOf<Item>,
  ): Promise<ApiReply> {
    const { resourceQueries, config, broken } = this.props.registry();
    if (!config.resourceRules) return statusReply(call, pathNotFound());
    if (!resourceQueries) {
      const why = broken.find(({ api }) => api === 'resource')?.message ?? 'see the log';
      this.props.onUsageFailure('query');
      return statusReply(call, internalFailure(`resourceRules cannot be used: ${why}`));
    }
    const negotiation = negotiated(call, tableTransform);
    if ('refused' in negotiation) return statusReply(call, negotiation.refused);
    const { transform } = negotiation;
    const form = transform && tableRequest(transform.version, includeObject);
    if (form && 'code' in form) return statusReply(call, form);
    let answered: UsageAnswer<Item> | Status | ApiStatus;
    try {
      answered = await answer(resourceQueries);
    } catch (error) {
      if (!(error instanceof ListingError)) throw error;
      this.quiet.warn(error.message, 'objects cannot be listed', { cause: error.message });
      return statusReply(call, internalFailure('unable to list matching resources'));
    }
    if ('cause' in answered) return this.usageFailed(call, answered);
    if ('code' in answered) return statusReply(call, answered);
    const { items, problems, failed } = answered;
    if (failed) this.props.onUsageFailure(failed);
    for (const problem of problems) this.quiet.warn(problem, 'resource metrics are missing', { problem });
    const context = { windowMs: resourceQueries.windowMs, atMs: this.props.now() };
    if (form) return jsonReply(call, table(items, context, form), negotiation);
    if (!one) return jsonReply(call, list(items, context), negotiation);
    const [item] = items;
    return item
      ? jsonReply(call, one.encode(item, context), negotiation)
      : statusReply(call, objectNotFound({ group: RESOURCE_GROUP, resource: one.resource }, one.name));
  }

  private usageFailed(call: Call, status: Status): ApiReply {
    const { code, cause } = status;
    const fields = { target: call.target, user: call.user.name, code, cause };
    if (code === 500) this.quiet.warn(cause, 'resource metrics are missing', { problem: cause });
    else this.props.logger.debug('resource metrics are missing', fields);
    this.props.onUsageFailure(code === 503 ? 'source' : 'query');
    return failureReply(call, status);
  }
}

/** How metrics of one kind of object are answered. */
interface UsageKindOf<Item> {
  readonly answer: (
    rules: NonNullable<Registry['resourceQueries']>,
  ) => Promise<UsageAnswer<Item> | Status | ApiStatus>;
  /** Absent for a list. */
  readonly one:
    | {
        readonly resource: string;
        readonly name: string;
        readonly encode: (item: Item, context: UsageContext) => string;
      }
    | undefined;
  readonly list: (items: readonly Item[], context: UsageContext) => string;
  readonly table: (
    items: readonly Item[],
    context: UsageContext,
    form: Exclude<ReturnType<typeof tableRequest>, ApiStatus>,
  ) => string;
}
