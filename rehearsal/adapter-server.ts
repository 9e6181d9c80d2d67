import {
  answer,
  explainMissing,
  internalError,
  plan,
  Registry,
  startupProblem,
  type Answer,
  type SeriesListing,
  type MetricRequest,
  type Plan,
} from '../core/adapter';
import { AUTHENTICATION_CONFIG, podListing, type AdapterDeployment } from '../core/chain';
import { messageOf, NotSupportedError } from '../core/errors';
import { refOf, refText } from '../core/kube/object';
import { parseSelector } from '../core/promql';
import { parseAdapterConfig } from '../core/rules';
import { AggregatedServer, refusalOf } from './aggregated-server';
import type { PrometheusServer } from './prometheus-server';
import type { Surroundings } from './surroundings';
import { wayToPrometheus } from './ways';

/** A metrics adapter: lists series at its interval and answers the metrics APIs, while a pod of it runs. */
export class AdapterServer {
  private readonly server: AggregatedServer;
  private readonly empty: Registry | undefined;
  private registry: Registry | undefined;
  private listed: ReadonlyMap<string, SeriesListing> = new Map();
  private cancelRelist: () => void = () => undefined;
  /** The server that the adapter's URL leads to, or why there is none. */
  private readonly prometheus: () => PrometheusServer | string;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: AdapterDeployment,
  ) {
    const { journal, pods } = surroundings.world;
    for (const { step, object, message } of deployment.problems)
      journal.state('adapter', object, step, [message]);
    this.empty = this.create();
    this.server = new AggregatedServer(surroundings, deployment, {
      name: 'the adapter',
      listens: deployment.flags?.serving.securePort,
      starts: this.empty !== undefined,
      begin: () => this.begin(),
      end: () => this.end(),
    });
    this.prometheus = pods.memo(() => this.wayToPrometheus());
  }

  /** Why the API server gets no answer from the adapter; undefined if it gets one. */
  get unavailable(): () => string | undefined {
    return this.server.unavailable;
  }

  /** Why the adapter cannot find out who may ask it, so that it refuses everybody; undefined if it can. */
  get undelegated(): string | undefined {
    return this.server.undelegated;
  }

  /** Plans an answer with what is known now. */
  plan(request: MetricRequest): { readonly plan: Plan; readonly registry: Registry } | undefined {
    const { registry } = this;
    if (!registry) return undefined;
    const unlisted = this.unlisted(request);
    if (unlisted === undefined) return { plan: plan(registry, request), registry };
    const status = internalError('unable to list matching resources', unlisted);
    return { plan: { kind: 'refused', queries: [], status }, registry };
  }

  /** Whether a plan was made from what is still known. */
  isCurrent(registry: Registry): boolean {
    return this.registry === registry;
  }

  /** Asks Prometheus what a plan says. */
  answer(planned: Plan): Answer {
    if (planned.kind === 'refused') return planned.status;
    const server = this.prometheus();
    const outcomes = planned.queries.map((query) =>
      typeof server === 'string' ? { error: server } : server.query(query),
    );
    return answer(planned, outcomes, this.surroundings.world.clock.now);
  }

  /** Why a metric is not there, as far as the adapter's rules and series tell. */
  explain(request: MetricRequest): string {
    const listing = this.prometheus();
    if (typeof listing === 'string') return listing;
    return this.registry ? explainMissing(this.registry, request) : 'the adapter does not run';
  }

  /** Says that a rule asks for a series whose values are not modelled. */
  reportNotModelled(series: string): void {
    const { config } = this.deployment;
    const rule = this.empty?.rules.find(({ source }) =>
      parseSelector(source.seriesQuery).some(
        (matcher) => matcher.label === '__name__' && matcher.matches(series),
      ),
    );
    if (!rule || !config) return;
    const message = `${rule.path} asks for ${series}, whose values are not modelled`;
    this.surroundings.world.journal.state('adapter', refOf(config.configMap), series, [message]);
  }

  /** Why the adapter cannot look up the pods that a selector stands for. */
  private unlisted(request: MetricRequest): string | undefined {
    if (request.api !== 'custom' || typeof request.objects === 'string') return undefined;
    const { namespace } = request;
    return namespace === undefined
      ? undefined
      : refusalOf(this.surroundings, this.deployment, [podListing(namespace)]);
  }

  private create(): Registry | undefined {
    const { flags, config } = this.deployment;
    const { inventory, journal } = this.surroundings.world;
    if (!flags || !config) return undefined;
    const where = `${refText(refOf(config.configMap))}, ${config.key}`;
    const unread = refusalOf(this.surroundings, this.deployment, [AUTHENTICATION_CONFIG]);
    if (unread !== undefined) {
      const { configMap } = config;
      journal.state('adapter', refOf(configMap), 'start', [`the adapter does not start: ${unread}`]);
      return undefined;
    }
    try {
      const rules = parseAdapterConfig(config.text, where);
      const problem = startupProblem(flags, rules);
      if (problem === undefined) return Registry.create(rules, inventory.apiResources);
      journal.state('adapter', refOf(config.configMap), 'start', [`the adapter does not start: ${problem}`]);
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      const message = `the adapter does not start: ${messageOf(error)}`;
      journal.state('adapter', refOf(config.configMap), 'start', [message]);
    }
    return undefined;
  }

  private begin(): void {
    const { clock } = this.surroundings.world;
    this.registry = this.empty;
    this.listed = new Map();
    const interval = this.deployment.flags?.metricsRelistIntervalMs;
    if (interval !== undefined) this.cancelRelist = clock.every(clock.now, interval, () => this.relist());
  }

  private end(): void {
    this.registry = undefined;
    this.cancelRelist();
  }

  private relist(): void {
    const { deployment, registry, surroundings } = this;
    const { clock, journal } = surroundings.world;
    if (!registry || !deployment.flags || !deployment.workload) return;
    const fromMs = clock.now - deployment.flags.metricsMaxAgeMs;
    const server = this.prometheus();
    const results = new Map<string, SeriesListing>();
    for (const { key, selector, maxAgeMs } of registry.listings()) {
      const listFromMs = maxAgeMs === undefined ? fromMs : clock.now - maxAgeMs;
      results.set(key, typeof server === 'string' ? { error: server } : server.series(selector, listFromMs));
    }
    if (!sameListing(results, this.listed)) this.registry = registry.updated(results);
    this.listed = results;
    const failures = [...results.values()].flatMap((result) =>
      'error' in result ? [`series cannot be listed: ${result.error}`] : [],
    );
    journal.state('adapter', refOf(deployment.workload), 'relist', [...new Set(failures)]);
  }

  private wayToPrometheus(): PrometheusServer | string {
    const { deployment, surroundings } = this;
    const { pod } = this.server;
    if (!pod || !deployment.prometheus) return 'the address of Prometheus is not known';
    return wayToPrometheus(surroundings, pod, deployment.prometheus);
  }
}

/** Whether nothing came, went or failed between two listings, so that the adapter knows the same metrics. */
function sameListing(
  results: ReadonlyMap<string, SeriesListing>,
  before: ReadonlyMap<string, SeriesListing>,
): boolean {
  for (const [selector, result] of results) {
    const other = before.get(selector);
    if (!other || 'error' in result || 'error' in other || result.length !== other.length) return false;
    if (result.some((labels, index) => labels !== other[index])) return false;
  }
  return true;
}
