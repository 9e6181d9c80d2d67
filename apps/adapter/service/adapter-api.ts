import type { Registry, Status } from '../../../core/adapter';
import {
  anyTransform,
  discoveryTransform,
  encodeCustomValues,
  encodeExternalValues,
  encodeGroup,
  encodeGroupList,
  encodeNodeUsage,
  encodeNodeUsages,
  encodePaths,
  encodePodUsage,
  encodePodUsages,
  groupDiscoveryType,
  groupOfPath,
  internalFailure,
  nodeUsageTable,
  objectNotFound,
  pathNotFound,
  podUsageTable,
  serves,
  tableRequest,
  tableTransform,
  taggedReply,
  type ApiStatus,
  type CustomRoute,
  type ExplainRoute,
  type ExternalRoute,
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
import type { ApiCall, ApiReply } from '../server';
import type { Documents, HashedDocument } from './documents';
import type { Health } from './health';
import { jsonReply, negotiated, statusReply } from './json-reply';
import type { MetricValues } from './metric-values';
import { QuietLog } from '../quiet-log';
import type { UsageValues } from './usage-values';

/** Not to be copied: its signal is made when somebody looks at it, which for most requests nobody does. */
type Call = ApiCall<Routed>;

export interface AdapterApiProps {
  readonly registry: () => Registry;
  readonly documents: Documents;
  readonly metrics: Pick<MetricValues, 'custom' | 'external'>;
  readonly usage: Pick<UsageValues, 'pods' | 'nodes'>;
  readonly health: Health;
  readonly explain: (route: ExplainRoute, signal: AbortSignal) => Promise<string | ApiStatus>;
  readonly telemetry: () => Promise<{ readonly type: string; readonly body: string }>;
  /** `version.Info` of `/version`, as JSON. */
  readonly version: string;
  readonly now: () => number;
  readonly logger: Logger;
  /** Told of each failure of a metric's rule or source. */
  readonly onFailure: (route: CustomRoute | ExternalRoute, status: Status) => void;
  /** Told of each request that `resourceRules` or their source fail, in whole or in part. */
  readonly onUsageFailure: (reason: 'source' | 'query') => void;
}

const RESOURCE_GROUP = 'metrics.k8s.io';

/** Answers authorized requests. */
export class AdapterApi {
  private readonly quiet: QuietLog;

  constructor(private readonly props: AdapterApiProps) {
    this.quiet = new QuietLog(props.logger, props.now);
  }

  handle(call: ApiCall<Routed>): ApiReply | Promise<ApiReply> {
    const { routed } = call;
    const { documents, health } = this.props;
    switch (routed.kind) {
      case 'custom':
        return this.custom(call, routed);
      case 'external':
        return this.external(call, routed);
      case 'pod-metrics':
        return this.pods(call, routed);
      case 'node-metrics':
        return this.nodes(call, routed);
      case 'explain':
        return this.explain(call, routed);
      case 'groups':
        return this.groups(call);
      case 'group':
        return serves(documents.served, routed.group, 'v1beta1')
          ? jsonReply(call, encodeGroup(routed.group))
          : statusReply(call, pathNotFound());
      case 'resources':
        return serves(documents.served, routed.group, routed.version)
          ? jsonReply(call, documents.resources(routed.group, routed.version).body)
          : statusReply(call, pathNotFound());
      case 'openapi-v2':
        return openApi(call, documents.openApiV2());
      case 'openapi-v3':
        return this.openApiV3(call, routed.document, routed.hash);
      case 'health':
        return health.answer(routed) ?? statusReply(call, pathNotFound());
      case 'paths':
        // Whatever the client takes, as upstream.
        return jsonReply(call, encodePaths(documents.served, health.paths), { pretty: false });
      case 'version':
        return jsonReply(call, this.props.version, negotiated(call, anyTransform));
      case 'metrics':
        return this.telemetry();
      case 'refused':
        return statusReply(call, this.isUnserved(call.target) ? pathNotFound() : routed.status);
    }
  }

  /** Whether a target belongs to a group that the configuration has no rules for: then nothing is wrong with the rest. */
  private isUnserved(target: string): boolean {
    const group = groupOfPath(target.split('?', 1)[0] ?? '');
    return group !== undefined && !serves(this.props.documents.served, group, 'v1beta1');
  }

  private async custom(call: Call, routed: CustomRoute): Promise<ApiReply> {
    const { version } = routed;
    if (!serves(this.props.documents.served, 'custom.metrics.k8s.io', version)) {
      return statusReply(call, pathNotFound());
    }
    const negotiation = negotiated(call);
    if ('refused' in negotiation) return statusReply(call, negotiation.refused);
    const answer = await this.props.metrics.custom(routed, call.target, call);
    if (answer.kind === 'status') return this.failed(call, routed, answer);
    if (answer.kind === 'external') return statusReply(call, internalFailure('an answer of another API'));
    return jsonReply(call, encodeCustomValues(answer, version), negotiation);
  }

  private async external(call: Call, routed: ExternalRoute): Promise<ApiReply> {
    if (!this.props.documents.served.external) return statusReply(call, pathNotFound());
    const negotiation = negotiated(call);
    if ('refused' in negotiation) return statusReply(call, negotiation.refused);
    const answer = await this.props.metrics.external(routed, call.target);
    if (answer.kind === 'status') return this.failed(call, routed, answer);
    if (answer.kind === 'custom') return statusReply(call, internalFailure('an answer of another API'));
    return jsonReply(call, encodeExternalValues(answer), negotiation);
  }

  /** Tells the cause in the log: it may hold what not every client may see. */
  private failed(call: Call, routed: CustomRoute | ExternalRoute, status: Status): ApiReply {
    const { code, cause } = status;
    const { user, target } = call;
    const fields = { target, user: user.name, code, cause };
    // That a source is down is told once, not for each metric.
    if (code === 500) this.quiet.warn(`${routed.metric} ${cause}`, 'a metric has no value', fields);
    else this.props.logger.debug('a metric has no value', fields);
    this.props.onFailure(routed, status);
    return failureReply(call, status);
  }

  private usageFailed(call: Call, status: Status): ApiReply {
    const { code, cause } = status;
    const fields = { target: call.target, user: call.user.name, code, cause };
    if (code === 500) this.quiet.warn(cause, 'resource metrics are missing', { problem: cause });
    else this.props.logger.debug('resource metrics are missing', fields);
    this.props.onUsageFailure(code === 503 ? 'source' : 'query');
    return failureReply(call, status);
  }

  private async pods(call: Call, routed: PodMetricsRoute): Promise<ApiReply> {
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

  private async nodes(call: Call, routed: NodeMetricsRoute): Promise<ApiReply> {
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

  private async explain(call: Call, routed: ExplainRoute): Promise<ApiReply> {
    const explained = await this.props.explain(routed, call.signal);
    return typeof explained === 'string' ? jsonReply(call, explained) : statusReply(call, explained);
  }

  private groups(call: Call): ApiReply {
    const { documents } = this.props;
    const negotiation = negotiated(call, discoveryTransform);
    if ('refused' in negotiation || !negotiation.transform) {
      return jsonReply(call, encodeGroupList(documents.served), negotiation);
    }
    const version = negotiation.transform.version === 'v2' ? 'v2' : 'v2beta1';
    return tagged(call, documents.discovery(version), groupDiscoveryType(version));
  }

  private openApiV3(call: Call, path: string | undefined, hash: string | undefined): ApiReply {
    const { documents } = this.props;
    if (path === undefined) return tagged(call, documents.openApiV3Root());
    const document = documents.openApiV3(path);
    if (!document) return statusReply(call, pathNotFound());
    const reply = openApi(call, document);
    if (reply.status === 406 || hash !== document.hash) return reply;
    return { ...reply, headers: { ...reply.headers, 'cache-control': 'public, immutable' } };
  }

  private async telemetry(): Promise<ApiReply> {
    return { status: 200, ...(await this.props.telemetry()) };
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

function openApi(call: Call, document: HashedDocument): ApiReply {
  const negotiation = negotiated(call, anyTransform);
  return 'refused' in negotiation ? statusReply(call, negotiation.refused) : tagged(call, document);
}

/** A Status that may pass says when to ask again. */
function failureReply(call: Call, status: Status): ApiReply {
  if (status.code !== 503) return statusReply(call, status);
  const retryAfterSeconds = Math.max(1, Math.ceil((status.retryAfterMs ?? 0) / 1000));
  return statusReply(call, { ...status, details: { retryAfterSeconds } });
}

function tagged(call: Call, { body, hash }: HashedDocument, type = 'application/json'): ApiReply {
  const reply = taggedReply(body, hash, call.headers.get('if-none-match'));
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { status: reply.status, type, body: reply.body, headers };
}
