import type { Registry as RuleRegistry } from '../../../core/adapter';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const PREFIX = 'plimsoll_adapter_';

/** From a cached answer to a query that takes all its time, in seconds. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From a fresh sample to one that is about to be stale, in seconds. */
const AGES = [1, 2.5, 5, 10, 15, 30, 45, 60, 90, 120, 180, 300];

/** A request that was answered, as far as it is counted. */
interface Answered {
  readonly routed?: { readonly kind: string } | undefined;
  readonly status: number;
  readonly seconds: number;
}

const GROUPS: Readonly<Record<string, string>> = {
  custom: 'custom.metrics.k8s.io',
  external: 'external.metrics.k8s.io',
  'pod-metrics': 'metrics.k8s.io',
  'node-metrics': 'metrics.k8s.io',
  resources: 'discovery',
  group: 'discovery',
  groups: 'discovery',
  explain: 'explain',
};

/** Everything that the adapter counts about itself; docs/adapter.md says what each is good for. */
export class Telemetry {
  private readonly registry = new Registry();
  private countInFlight: () => number = () => 0;

  readonly requests = this.counter('requests_total', 'Requests that were answered.', ['group', 'code']);
  readonly requestSeconds = this.histogram(
    'request_duration_seconds',
    'Time from the head of a request to its answer.',
    ['group'],
    SECONDS,
  );
  readonly inFlight = this.gauge('requests_in_flight', 'Requests that are being answered.', []);

  readonly sourceQueries = this.counter(
    'source_queries_total',
    'Queries that were sent to a source for a rule.',
    ['source', 'rule', 'outcome'],
  );
  readonly sourceWarnings = this.counter(
    'source_warnings_total',
    'Answers of a source with a warning, such as that a part of it did not answer.',
    ['source', 'rule'],
  );
  readonly sourceSeconds = this.histogram(
    'source_query_duration_seconds',
    'Time of one HTTP request to a source.',
    ['source', 'path'],
    SECONDS,
  );
  readonly sourceUp = this.gauge('source_up', 'Whether the last request to a source got an answer.', [
    'source',
  ]);

  readonly cacheRequests = this.counter(
    'cache_requests_total',
    'Results that were asked for: known (hit), on the way (coalesced), or neither (miss).',
    ['result'],
  );
  readonly fusedQueries = this.counter('fused_queries_total', 'Queries that answer for several requests.', [
    'rule',
  ]);
  readonly fusedRequests = this.counter('fused_requests_total', 'Requests that such a query answered.', [
    'rule',
  ]);

  readonly discoveryAge = this.gauge(
    'discovery_age_seconds',
    'Time since a source last answered all listings of names.',
    ['source'],
  );
  readonly discoveryErrors = this.counter('discovery_errors_total', 'Listings that failed.', [
    'source',
    'rule',
  ]);
  readonly discoveredMetrics = this.gauge('discovered_metrics', 'Metrics that can be asked for.', ['group']);

  readonly ruleErrors = this.counter(
    'rule_errors_total',
    'Requests that failed because of a rule or its query.',
    ['rule', 'reason'],
  );
  readonly ruleUp = this.gauge('rule_up', 'Whether a rule can be served: 0 if it does not compile.', [
    'rule',
  ]);
  readonly sampleAge = this.histogram(
    'sample_age_seconds',
    'Age of the newest sample behind a value, where it is known.',
    ['rule'],
    AGES,
  );

  readonly configReloads = this.counter('config_reloads_total', 'Readings of a changed configuration.', [
    'result',
  ]);
  readonly configGood = this.gauge(
    'config_last_reload_successful',
    'Whether the configuration as it is now could be read.',
    [],
  );
  readonly configTime = this.gauge(
    'config_last_reload_success_timestamp_seconds',
    'When the configuration that is served was read.',
    [],
  );
  readonly certificateExpiry = this.gauge(
    'certificate_expiry_timestamp_seconds',
    'When a certificate ceases to be valid.',
    ['certificate'],
  );
  readonly authCache = this.counter(
    'auth_cache_requests_total',
    'Identities and permissions that were asked for: known (hit), on the way (coalesced), or neither (miss).',
    ['cache', 'result'],
  );

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('build_info', 'The version that runs.', ['version']).set({ version }, 1);
  }

  /** Counts a request that was answered. */
  answered({ routed, status, seconds }: Answered): void {
    const group = GROUPS[routed?.kind ?? ''] ?? 'other';
    this.requests.inc({ group, code: String(status) });
    this.requestSeconds.observe({ group }, seconds);
  }

  /** Has the requests in flight counted whenever they are asked for. */
  observeInFlight(count: () => number): void {
    this.countInFlight = count;
  }

  /** A source that is not used any more is neither up nor down. */
  forgetSource(source: string): void {
    this.sourceUp.remove({ source });
    this.discoveryAge.remove({ source });
  }

  /** Which rules can be served, and what they expose. */
  setRules(registry: RuleRegistry): void {
    this.ruleUp.reset();
    for (const { path } of registry.rules) this.ruleUp.set({ rule: path }, 1);
    for (const { path } of registry.broken) this.ruleUp.set({ rule: path }, 0);
    let custom = 0;
    const metrics = registry.metrics();
    for (const { resource } of metrics) if (resource) custom += 1;
    const counts = { custom, external: metrics.length - custom };
    this.discoveredMetrics.reset();
    for (const api of ['custom', 'external'] as const) {
      // Who has no rules for a group does not miss its metrics.
      const served = [...registry.rules, ...registry.broken].some((rule) => rule.api === api);
      if (served) this.discoveredMetrics.set({ group: `${api}.metrics.k8s.io` }, counts[api]);
    }
  }

  /** Everything in Prometheus' text format. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    this.inFlight.set(this.countInFlight());
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }

  private counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Counter<Label> {
    return new Counter({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Gauge<Label> {
    return new Gauge({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: readonly number[],
  ): Histogram<Label> {
    return new Histogram({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }
}
