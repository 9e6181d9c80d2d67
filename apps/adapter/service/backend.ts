import type { AdapterFlags, Answer, Registry } from '../../../core/adapter';
import type { CustomRoute, ExternalRoute } from '../../../core/adapter/api';
import { groupResourceOf, type AdapterConfig } from '../../../core/rules';
import type { SourceSettings } from '../../../core/rules/sources';
import { PATIENCE } from '../../kube-api';
import type { Logger } from '../../runtime';
import { ClusterObjects, ResourceDiscovery } from '../cluster';
import { Queries } from '../queries';
import { createSource } from '../sources';
import { Telemetry } from '../telemetry';
import { systemTimers } from '../timers';
import type { ClusterClients } from './cluster-clients';
import { flagSourceSettings } from './flag-source-settings';
import type { HealthCheck } from './health';
import { Kubeconfigs } from './kubeconfigs';
import { Knowledge } from './knowledge';
import { Relisting } from './relisting';
import { UnknownMetrics } from './unknown-metrics';
import { shown, SourceNotes } from './source-notes';
import { SourceSet } from './source-set';
import { describedResources } from './described-resources';

export interface BackendProps {
  readonly flags: AdapterFlags;
  readonly config: AdapterConfig;
  readonly clients: ClusterClients;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** How long results may stay in memory that are not fresh any more. */
const SWEEP_MS = 10_000;
const OWN_GROUPS = ['custom.metrics.k8s.io', 'external.metrics.k8s.io', 'metrics.k8s.io'];
const { now, random } = { now: Date.now, random: Math.random };

/** Everything behind the server: rules, sources, what they hold, what the cluster serves and holds. */
export class Backend {
  readonly telemetry: Telemetry;
  readonly knowledge: Knowledge;
  readonly sources: SourceSet;
  readonly queries: Queries;
  readonly cluster: { readonly resources: ResourceDiscovery; readonly objects: ClusterObjects };
  private readonly relisting: Relisting;
  private readonly unknown: UnknownMetrics;
  private readonly end = new AbortController();
  private readonly ownSource: SourceSettings;
  private readonly kubeconfigs: Kubeconfigs;
  private readonly notes: SourceNotes;
  private brokenRules: ReadonlyMap<string, string> = new Map();
  private sweeping: NodeJS.Timeout | undefined;
  private expiries: () => Readonly<Partial<Record<string, number>>> = () => ({});

  /** @throws UsageError for a source whose settings cannot be */
  constructor(private readonly props: BackendProps) {
    const { flags, config, clients, logger, version } = props;
    this.telemetry = new Telemetry(version);
    this.noteConfig(true);
    this.knowledge = new Knowledge(config);
    this.kubeconfigs = new Kubeconfigs(logger, now);
    this.ownSource = flagSourceSettings(flags, logger);
    this.notes = new SourceNotes({
      ...{ logger, now },
      onWarning: (source, rule) => this.telemetry.sourceWarnings.inc({ source: shown(source), rule }),
    });
    this.sources = new SourceSet((settings) => this.createSource(settings));
    this.sources.replace(this.wantedSources(config));
    this.queries = this.createQueries();
    const resources = new ResourceDiscovery({
      ...{ client: clients.objects, patience: PATIENCE, logger, timers: systemTimers, random },
      intervalMs: flags.discoveryIntervalMs,
      ownGroups: OWN_GROUPS,
    });
    const objects = new ClusterObjects({
      ...{ client: clients.objects, patience: PATIENCE, logger, now, random },
      supports: (resource, verb) => resources.supports(resource, verb),
    });
    this.cluster = { resources, objects };
    this.relisting = new Relisting({
      ...{ timers: systemTimers, random, logger },
      registry: () => this.knowledge.registry,
      source: (name) => this.sources.get(name),
      intervalMs: flags.metricsRelistIntervalMs,
      maxAgeMs: flags.metricsMaxAgeMs,
      onListed: (results) => this.knowledge.setListings(results),
      onFailure: ({ source, rules }) => {
        for (const { path } of rules)
          this.telemetry.discoveryErrors.inc({ source: shown(source), rule: path });
      },
    });
    this.unknown = new UnknownMetrics({
      now,
      list: () => this.relisting.start(),
      known: () => this.knowledge.registry,
      intervalMs: flags.metricsRelistIntervalMs,
    });
  }

  /** Begins to read what the cluster serves, then to list series and to watch objects. */
  start(): void {
    this.knowledge.onChange((registry) => this.noteRules(registry));
    this.cluster.resources.onChange(() => {
      this.knowledge.setResources(this.cluster.resources.resources);
      this.afterRulesChanged();
    });
    this.cluster.resources.start();
    this.sweeping = setInterval(() => {
      this.queries.sweep();
      this.cluster.objects.sweep();
    }, SWEEP_MS).unref();
  }

  /** Other rules and sources. @throws UsageError for a source whose settings cannot be; then nothing has changed */
  setConfig(config: AdapterConfig): void {
    const before = this.sources.names;
    this.sources.replace(this.wantedSources(config));
    for (const name of before) if (!this.sources.get(name)) this.telemetry.forgetSource(shown(name));
    this.knowledge.setConfig(config);
    this.queries.clear();
    this.notes.clear();
    this.telemetry.sourceUp.reset();
    this.afterRulesChanged();
  }

  countReload(good: boolean): void {
    this.telemetry.configReloads.inc({ result: good ? 'success' : 'failure' });
    this.noteConfig(good);
  }

  countFailure(route: CustomRoute | ExternalRoute, { code }: Extract<Answer, { kind: 'status' }>): void {
    if (code === 404) return;
    const { registry } = this.knowledge;
    const rule = ruleOf(registry, route);
    this.telemetry.ruleErrors.inc({ rule: rule ?? 'none', reason: code === 503 ? 'source' : 'query' });
  }

  followCertificates(expiries: () => Readonly<Partial<Record<string, number>>>): void {
    this.expiries = expiries;
  }

  /** What readiness depends on, and what it tells. */
  checks(): readonly HealthCheck[] {
    const { resources, objects } = this.cluster;
    const broken = () =>
      this.knowledge.registry.broken.map(({ path, message }) => `${path}: ${message}`).join('; ');
    const unlisted = () => {
      const { registry } = this.knowledge;
      const paths = registry.rules.filter((rule) => !registry.discovery(rule)).map(({ path }) => path);
      return paths.length === 0 ? undefined : `the series of ${paths.join(', ')} were not listed yet`;
    };
    const unwatched = () => objects.states.flatMap(({ problem }) => problem ?? []).join('; ');
    return [
      {
        name: 'api-discovery',
        counts: 'ready',
        state: () => (resources.ready ? undefined : 'what the cluster serves was not read yet'),
      },
      { name: 'rules', counts: 'told', state: () => broken() || undefined },
      { name: 'listing', counts: 'told', state: unlisted },
      { name: 'series', counts: 'told', state: () => this.relisting.problems.join('; ') || undefined },
      { name: 'objects', counts: 'told', state: () => unwatched() || undefined },
      ...this.sources.names.map((name): HealthCheck => ({
        name: name === '' ? 'source' : `source-${name}`,
        counts: 'told',
        state: () => this.notes.problem(name),
      })),
    ];
  }

  /** Looks for metrics that nobody knows. @returns whether anything else is known now */
  lookForMetrics(): Promise<boolean> | false {
    return this.cluster.resources.ready && this.unknown.look();
  }

  /** Its own metrics. */
  exposition(): Promise<{ readonly type: string; readonly body: string }> {
    const { discoveryAge, certificateExpiry } = this.telemetry;
    discoveryAge.reset();
    certificateExpiry.reset();
    for (const [source, ms] of this.relisting.ages()) discoveryAge.set({ source: shown(source) }, ms / 1000);
    for (const [certificate, ms] of Object.entries(this.expiries())) {
      if (ms !== undefined && Number.isFinite(ms)) certificateExpiry.set({ certificate }, ms / 1000);
    }
    return this.telemetry.text();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.end.abort(new Error('stopping'));
    const { resources, objects } = this.cluster;
    await Promise.allSettled([resources.close(), objects.close(), this.relisting.stop()]);
    await this.sources.close();
  }

  /** Which rules can be served is known once it is known what the cluster serves. */
  private noteRules(registry: Registry): void {
    if (!this.cluster.resources.ready) return;
    this.telemetry.setRules(registry);
    const broken = registry.broken.map(({ path, message }) => ({ rule: path, cause: message }));
    const told = this.brokenRules;
    this.brokenRules = new Map(broken.map(({ rule, cause }) => [rule, cause]));
    for (const { rule, cause } of broken) {
      if (told.get(rule) !== cause) this.props.logger.error('a rule is not served', { rule, cause });
    }
  }

  private noteConfig(good: boolean): void {
    const { configGood, configTime } = this.telemetry;
    configGood.set(good ? 1 : 0);
    if (good) configTime.set(now() / 1000);
  }

  private afterRulesChanged(): void {
    const { registry } = this.knowledge;
    this.cluster.objects.follow({
      resources: describedResources(registry),
      resourceMetrics: registry.config.resourceRules !== undefined,
    });
    if (this.cluster.resources.ready) void this.relisting.start();
  }

  private wantedSources(config: AdapterConfig): readonly SourceSettings[] {
    return [this.ownSource, ...config.sources.values()];
  }

  private createSource(settings: SourceSettings) {
    const { logger, environment } = this.props;
    const name = shown(settings.name);
    return createSource(settings, {
      ...{ logger, now, environment },
      observe: ({ path, seconds, status }) => {
        this.telemetry.sourceSeconds.observe({ source: name, path }, seconds);
        if (this.sources.isUsed(settings)) {
          this.telemetry.sourceUp.set({ source: name }, answers(status) ? 1 : 0);
        }
      },
      kubeconfig: (path) => this.kubeconfigs.access(path),
    });
  }

  private createQueries(): Queries {
    const { cacheRequests, fusedQueries, fusedRequests, sourceQueries } = this.telemetry;
    return new Queries({
      ...{ now, stop: this.end.signal },
      source: (name) => this.sources.get(name),
      onQuery: (wanted, outcome, isUsed) => {
        const { source, rule } = wanted;
        const failed = 'error' in outcome;
        const unavailable = failed && outcome.unavailable === true;
        sourceQueries.inc({
          source: shown(source),
          rule,
          outcome: unavailable ? 'unavailable' : failed ? 'error' : 'success',
        });
        if (isUsed) this.notes.note(wanted, outcome);
      },
      onResult: (result) => cacheRequests.inc({ result }),
      onFusedQuery: ({ rule }) => fusedQueries.inc({ rule }),
      onFusedRequest: ({ rule }) => fusedRequests.inc({ rule }),
    });
  }
}

/** Whether a status is one that a Prometheus answers with that lets us in: 400 and 422 speak of the query. */
function answers(status: number | 'error'): boolean {
  return status !== 'error' && (status < 400 || status === 400 || status === 422);
}

function ruleOf(registry: Registry, route: CustomRoute | ExternalRoute): string | undefined {
  if (route.kind === 'external') return registry.findExternal(route.metric)?.rule.path;
  const resource = registry.mapper.resolve(route.groupResource);
  return (
    resource &&
    registry.findCustom(groupResourceOf(resource), route.namespace !== undefined, route.metric)?.rule.path
  );
}
