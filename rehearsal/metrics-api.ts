import type { Answer, MetricRequest, Plan } from '../core/adapter';
import { METRICS_API_GROUPS } from '../core/chain';
import {
  fromMilliseconds,
  fromSeconds,
  type Failure,
  type MetricsClient,
  type PodMetric,
  type PodMetrics,
} from '../core/hpa';
import type { Int64 } from '../core/kube/int64';
import { groupOf } from '../core/kube/object';
import { Selector, type LabelSelector } from '../core/kube/selector';
import type { AdapterServer, PlannedAnswer } from './adapter-server';
import type { ExternalMetricsServer } from './external-metrics-server';
import type { MetricsServers } from './metrics-servers';
import type { ResourceMetrics } from './resource-metrics';
import type { World } from './world';

/** The client assumes this window for a sample that names none. */
const WINDOW = fromSeconds(60);

/** A request as it was planned last. */
interface Planned extends PlannedAnswer {
  readonly adapter: AdapterServer;
  readonly names: readonly string[] | undefined;
  readonly request: MetricRequest;
}

/** A request that the controller makes again and again. */
interface Question {
  readonly api: MetricRequest['api'];
  /** Tells it apart from the autoscaler's others. */
  readonly key: string;
  /** Resource, and object if there is one, as the client's errors name them. */
  readonly subject: readonly [resource: string, object?: string];
  /** Names that the request lists, if it lists any; another list makes another request. */
  readonly names?: readonly string[] | undefined;
  readonly request: () => MetricRequest;
}

/** What one autoscaler gets of the metrics APIs, and why it gets nothing. */
export class MetricsApi implements MetricsClient {
  private readonly planned = new Map<string, Planned>();
  /** Names of the pods that the scale target's selector lists. */
  podNames: readonly string[] = [];
  private problems: string[] = [];

  constructor(
    private readonly world: World,
    private readonly servers: MetricsServers,
    private readonly resources: ResourceMetrics,
    private readonly namespace: string,
  ) {}

  /** Why metrics were missing since the last call. */
  takeProblems(): readonly string[] {
    const { problems } = this;
    if (problems.length > 0) this.problems = [];
    return problems;
  }

  resource(resource: string, container?: string): PodMetrics | Failure {
    const { namespace, podNames } = this;
    const answer = this.resources.get({ resource, container, namespace, names: podNames });
    if (!('error' in answer)) return answer;
    this.problems.push(answer.problem);
    return { error: answer.error };
  }

  pods(metric: string, metricSelector: LabelSelector | undefined): ReadonlyMap<string, PodMetric> | Failure {
    const question: Question = {
      api: 'custom',
      key: `pods ${metric} ${JSON.stringify(metricSelector)}`,
      subject: ['pods', '*'],
      names: this.podNames,
      request: () => ({
        api: 'custom',
        groupResource: { group: '', resource: 'pods' },
        namespace: this.namespace,
        objects: this.podNames,
        metric,
        metricSelector: Selector.from(metricSelector),
      }),
    };
    const answer = this.askCustom(question);
    if ('error' in answer) return answer;
    if (answer.kind !== 'custom' || answer.items.length === 0) return this.nothing(question);
    return new Map(
      answer.items.map(({ describedObject, value, timestampMs }) => [
        describedObject.name,
        { value: value.milliInt64(), timestamp: fromMilliseconds(timestampMs), window: WINDOW },
      ]),
    );
  }

  object(
    metric: string,
    described: { readonly apiVersion?: string | undefined; readonly kind: string; readonly name: string },
    metricSelector: LabelSelector | undefined,
  ): Int64 | Failure {
    const { kind, name } = described;
    const group = groupOf(described.apiVersion ?? '');
    const resource = this.world.inventory.apiResources.findKind(group, kind)?.plural;
    if (resource === undefined) {
      const message = `no matches for kind "${kind}" in group "${group}"`;
      this.problems.push(`metric ${metric}: ${message}`);
      return failure('custom', message);
    }
    const isNamespace = group === '' && kind === 'Namespace';
    const question: Question = {
      api: 'custom',
      key: `object ${group} ${kind} ${name} ${metric} ${JSON.stringify(metricSelector)}`,
      subject: [resource, name],
      request: () => ({
        api: 'custom',
        groupResource: { group, resource },
        namespace: isNamespace ? undefined : this.namespace,
        objects: isNamespace ? this.namespace : name,
        metric,
        metricSelector: Selector.from(metricSelector),
      }),
    };
    const answer = this.askCustom(question);
    if ('error' in answer) return answer;
    const [item] = answer.kind === 'custom' ? answer.items : [];
    return item ? item.value.milliInt64() : this.nothing(question);
  }

  external(metric: string, selector: LabelSelector | undefined): readonly Int64[] | Failure {
    const question: Question = {
      api: 'external',
      key: `external ${metric} ${JSON.stringify(selector)}`,
      subject: [metric],
      request: () => ({
        api: 'external',
        namespace: this.namespace,
        metric,
        selector: Selector.from(selector),
      }),
    };
    const server = this.reach(question, this.servers.external);
    if ('error' in server) return server;
    if ('metric' in server) return this.askDirectly(server, metric, Selector.from(selector));
    const answer = this.askAdapter(question, server);
    if ('error' in answer) return answer;
    if (answer.kind !== 'external' || answer.items.length === 0) return this.nothing(question);
    return answer.items.map(({ value }) => value.milliInt64());
  }

  private askCustom(question: Question): Exclude<Answer, { kind: 'status' }> | Failure {
    const server = this.reach(question, this.servers.custom);
    return 'error' in server ? server : this.askAdapter(question, server);
  }

  /** The server of an API, if it can be reached and answers. */
  private reach<Server extends Pick<AdapterServer, 'unavailable' | 'undelegated'>>(
    { api, subject }: Question,
    server: Server | undefined,
  ): Server | Failure {
    const group = METRICS_API_GROUPS[api];
    if (!server) {
      this.problems.push(`no APIService of ${group} is among the objects`);
      return failure(api, notRegistered(api, group, subject[0]));
    }
    const unavailable = server.unavailable();
    if (unavailable !== undefined) {
      this.problems.push(`${group} is not available: ${unavailable}`);
      return failure(api, `the server is currently unable to handle the request (${gotText(api, subject)})`);
    }
    if (server.undelegated !== undefined) {
      this.problems.push(`${group} refuses everybody: ${server.undelegated}`);
      return failure(api, unauthorized(gotText(api, subject)));
    }
    return server;
  }

  private askDirectly(
    server: ExternalMetricsServer,
    metric: string,
    selector: Selector,
  ): readonly Int64[] | Failure {
    const answer = server.metric(this.namespace, metric, selector);
    if (!('answer' in answer)) return [answer.milliInt64()];
    this.problems.push(`${METRICS_API_GROUPS.external}: ${answer.cause.replaceAll('\n', '; ')}`);
    return failure('external', answer.answer);
  }

  private askAdapter(
    question: Question,
    adapter: AdapterServer,
  ): Exclude<Answer, { kind: 'status' }> | Failure {
    const { api } = question;
    const planned = this.plan(question, adapter);
    if (!planned) return failure(api, 'the adapter does not run');
    const answer = adapter.answer(planned.plan);
    if (answer.kind !== 'status') return answer;
    const why = answer.code === 404 ? [answer.cause, ...this.whyNotFound(planned)] : [answer.cause];
    this.problems.push(`${METRICS_API_GROUPS[api]}: ${why.join(': ').replaceAll('\n', '; ')}`);
    return failure(api, answer.message);
  }

  /** The queries that had no result; what is known of the metric if there was nothing to ask for. */
  private whyNotFound({ adapter, plan, request }: Planned): readonly string[] {
    return plan.queries.length > 0 ? [queryText(plan)] : [adapter.explain(request)];
  }

  /** Plans again only if the pods, or what the adapter knows, changed. */
  private plan({ key, names, request }: Question, adapter: AdapterServer): Planned | undefined {
    const known = this.planned.get(key);
    if (known?.adapter === adapter && known.names === names && adapter.isCurrent(known)) return known;
    const asked = request();
    const planned = adapter.plan(asked);
    if (!planned) return undefined;
    const entry = { adapter, names, request: asked, ...planned };
    this.planned.set(key, entry);
    return entry;
  }

  /** An answer without a value, as the controller's client words it. */
  private nothing({ api, key }: Question): Failure {
    const planned = this.planned.get(key);
    const what = api === 'custom' ? 'no result for what is asked' : 'no result';
    if (planned) {
      this.problems.push(
        `metric ${planned.request.metric}: the query has ${what}: ${queryText(planned.plan)}`,
      );
    }
    return { error: `no metrics returned from ${api} metrics API` };
  }
}

/** The queries of a plan, each in one line. */
function queryText({ queries }: Plan): string {
  return queries.map((query) => query.trim().replaceAll(/\s*\n\s*/g, ' ')).join(' and ');
}

/** What was asked for, as the client's errors name it. */
function gotText(api: MetricRequest['api'], [resource, ...object]: Question['subject']): string {
  return [`get ${resource}.${METRICS_API_GROUPS[api]}`, ...object].join(' ');
}

function notRegistered(api: MetricRequest['api'], group: string, resource: string): string {
  return api === 'custom'
    ? `no custom metrics API (${group}) registered`
    : `the server could not find the requested resource (get ${resource}.${group})`;
}

/** An extension API server that may not ask for a SubjectAccessReview; its answer also quotes the request's URI. */
function unauthorized(got: string): string {
  const cause = 'subjectaccessreviews.authorization.k8s.io is forbidden';
  return `an error on the server ("Internal Server Error: ${cause}") has prevented the request from succeeding (${got})`;
}

/** As the controller's metrics client words it. */
function failure(api: MetricRequest['api'], message: string): Failure {
  return { error: `unable to fetch metrics from ${api} metrics API: ${message}` };
}
