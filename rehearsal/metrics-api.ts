import type { Answer, MetricRequest, Plan, Registry } from '../core/adapter';
import { METRICS_API_GROUPS } from '../core/chain';
import type { Failure, MetricsClient, PodMetric } from '../core/hpa';
import { groupOf } from '../core/kube/object';
import { Selector, type LabelSelector } from '../core/kube/selector';
import type { AdapterServer } from './adapter-server';
import type { World } from './world';

/** The client assumes this window for a sample that names none. */
const WINDOW_MS = 60_000;

/** A request as it was planned last. */
interface Planned {
  readonly adapter: AdapterServer;
  readonly registry: Registry;
  readonly names: readonly string[] | undefined;
  readonly plan: Plan;
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
    private readonly adapters: readonly AdapterServer[],
    private readonly namespace: string,
  ) {}

  /** Why metrics were missing since the last call. */
  takeProblems(): readonly string[] {
    const { problems } = this;
    if (problems.length > 0) this.problems = [];
    return problems;
  }

  resource(name: string): Failure {
    this.problems.push(
      `resource metric ${name}: nothing serves metrics.k8s.io; the use of CPU and memory is not modelled`,
    );
    return failure('resource', 'the server could not find the requested resource (get pods.metrics.k8s.io)');
  }

  pods(metric: string, metricSelector: LabelSelector | undefined): ReadonlyMap<string, PodMetric> | Failure {
    const answer = this.ask({
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
    });
    if ('error' in answer) return answer;
    if (answer.kind !== 'custom' || answer.items.length === 0) return this.nothing('custom', metric);
    return new Map(
      answer.items.map(({ describedObject, value, timestampMs }) => [
        describedObject.name,
        { value: value.milliValue(), timestampMs, windowMs: WINDOW_MS },
      ]),
    );
  }

  object(
    metric: string,
    described: { readonly apiVersion?: string | undefined; readonly kind: string; readonly name: string },
    metricSelector: LabelSelector | undefined,
  ): bigint | Failure {
    const { kind, name } = described;
    const group = groupOf(described.apiVersion ?? '');
    const resource = this.world.inventory.apiResources.findKind(group, kind)?.plural;
    if (resource === undefined) {
      const message = `no matches for kind "${kind}" in group "${group}"`;
      this.problems.push(`metric ${metric}: ${message}`);
      return failure('custom', message);
    }
    const isNamespace = group === '' && kind === 'Namespace';
    const answer = this.ask({
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
    });
    if ('error' in answer) return answer;
    const [item] = answer.kind === 'custom' ? answer.items : [];
    return item ? item.value.milliValue() : this.nothing('custom', metric);
  }

  external(metric: string, selector: LabelSelector | undefined): readonly bigint[] | Failure {
    const answer = this.ask({
      api: 'external',
      key: `external ${metric} ${JSON.stringify(selector)}`,
      subject: [metric],
      request: () => ({
        api: 'external',
        namespace: this.namespace,
        metric,
        selector: Selector.from(selector),
      }),
    });
    if ('error' in answer) return answer;
    if (answer.kind !== 'external' || answer.items.length === 0) return this.nothing('external', metric);
    return answer.items.map(({ value }) => value.milliValue());
  }

  private ask(question: Question): Exclude<Answer, { kind: 'status' }> | Failure {
    const { api, subject } = question;
    const group = METRICS_API_GROUPS[api];
    const adapter = this.adapters.find(({ deployment }) =>
      deployment.apiServices.some(({ spec }) => spec.group === group),
    );
    if (!adapter) {
      this.problems.push(`no APIService of ${group} is among the objects`);
      return failure(api, notRegistered(api, group, subject[0]));
    }
    const planned = this.plan(question, adapter);
    if (typeof planned === 'string') {
      this.problems.push(`${group} is not available: ${planned}`);
      const [resource, ...object] = subject;
      const got = [`get ${resource}.${group}`, ...object].join(' ');
      return failure(api, `the server is currently unable to handle the request (${got})`);
    }
    const answer = adapter.answer(planned.plan);
    if (answer.kind !== 'status') return answer;
    const why = answer.code === 404 ? [answer.cause, adapter.explain(planned.request)] : [answer.cause];
    this.problems.push(`${group}: ${why.join(': ').replaceAll('\n', '; ')}`);
    return failure(api, answer.message);
  }

  /**
   * Plans again only if the pods, or what the adapter knows, changed.
   * @returns why the API is not available, if it is not
   */
  private plan({ key, names, request }: Question, adapter: AdapterServer): Planned | string {
    const unavailable = adapter.unavailable();
    if (unavailable !== undefined) return unavailable;
    const known = this.planned.get(key);
    if (known?.adapter === adapter && known.names === names && adapter.isCurrent(known.registry))
      return known;
    const asked = request();
    const planned = adapter.plan(asked);
    if (!planned) return 'the adapter does not run';
    const entry = { adapter, names, request: asked, ...planned };
    this.planned.set(key, entry);
    return entry;
  }

  /** An answer without a value, as the controller's client words it. */
  private nothing(api: MetricRequest['api'], metric: string): Failure {
    this.problems.push(`metric ${metric}: the query has no result`);
    return { error: `no metrics returned from ${api} metrics API` };
  }
}

function notRegistered(api: MetricRequest['api'], group: string, resource: string): string {
  return api === 'custom'
    ? `no custom metrics API (${group}) registered`
    : `the server could not find the requested resource (get ${resource}.${group})`;
}

/** As the controller's metrics client words it. */
function failure(api: MetricRequest['api'] | 'resource', message: string): Failure {
  return { error: `unable to fetch metrics from ${api} metrics API: ${message}` };
}
