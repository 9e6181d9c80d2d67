import type { Status } from '../../../core/adapter';
import {
  anyTransform,
  discoveryTransform,
  encodeCustomValues,
  encodeExternalValues,
  encodeGroup,
  encodeGroupList,
  encodePaths,
  groupDiscoveryType,
  groupOfPath,
  internalFailure,
  pathNotFound,
  serves,
  taggedReply,
  type ApiStatus,
  type CustomRoute,
  type ExplainRoute,
  type ExternalRoute,
  type Routed,
} from '../../../core/adapter/api';
import type { ApiCall, ApiReply } from '../server';
import type { Documents, HashedDocument } from './documents';
import type { Health } from './health';
import { failureReply, jsonReply, negotiated, statusReply } from './json-reply';
import type { MetricValues } from './metric-values';
import { QuietLog } from '../quiet-log';
import { ResourceMetricsApi, type ResourceMetricsApiProps } from './resource-metrics-api';

/** Not to be copied: its signal is made when somebody looks at it, which for most requests nobody does. */
type Call = ApiCall<Routed>;

export interface AdapterApiProps extends ResourceMetricsApiProps {
  readonly documents: Documents;
  readonly metrics: Pick<MetricValues, 'custom' | 'external'>;
  readonly health: Health;
  readonly explain: (route: ExplainRoute, signal: AbortSignal) => Promise<string | ApiStatus>;
  readonly telemetry: () => Promise<{ readonly type: string; readonly body: string }>;
  /** `version.Info` of `/version`, as JSON. */
  readonly version: string;
  /** Told of each failure of a metric's rule or source. */
  readonly onFailure: (route: CustomRoute | ExternalRoute, status: Status) => void;
}

/** Answers authorized requests. */
export class AdapterApi {
  private readonly quiet: QuietLog;
  private readonly resources: ResourceMetricsApi;

  constructor(private readonly props: AdapterApiProps) {
    this.quiet = new QuietLog(props.logger, props.now);
    this.resources = new ResourceMetricsApi(props);
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
        return this.resources.pods(call, routed);
      case 'node-metrics':
        return this.resources.nodes(call, routed);
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

function openApi(call: Call, document: HashedDocument): ApiReply {
  const negotiation = negotiated(call, anyTransform);
  return 'refused' in negotiation ? statusReply(call, negotiation.refused) : tagged(call, document);
}

function tagged(call: Call, { body, hash }: HashedDocument, type = 'application/json'): ApiReply {
  const reply = taggedReply(body, hash, call.headers.get('if-none-match'));
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { status: reply.status, type, body: reply.body, headers };
}
