import {
  answer,
  explainMissing,
  internalError,
  plan,
  withCause,
  type Answer,
  type MetricRequest,
  type Plan,
  type Registry,
} from '../core/adapter';
import {
  adapterStartProblem,
  AUTHENTICATION_CONFIG,
  registryAtStart,
  type AdapterDeployment,
} from '../core/chain';
import { messageOf, NotSupportedError } from '../core/errors';
import { refOf, refText } from '../core/kube/object';
import { parseAdapterConfig } from '../core/rules';
import type { AdapterRun } from './adapter-run';
import { AdapterSources } from './adapter-sources';
import { AggregatedServer, refusalOf } from './aggregated-server';
import { PlimsollAdapterRun } from './plimsoll-adapter-run';
import type { Surroundings } from './surroundings';
import { UpstreamAdapterRun } from './upstream-adapter-run';

/** An answer as it was planned, and what the adapter knew then. */
export interface PlannedAnswer {
  readonly plan: Plan;
  readonly registry: Registry;
}

/** A metrics adapter: answers the metrics APIs while a pod of it runs, as the program of its image does. */
export class AdapterServer {
  private readonly server: AggregatedServer;
  private readonly sources: AdapterSources;
  private readonly empty: Registry | undefined;
  private run: AdapterRun | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: AdapterDeployment,
  ) {
    const { journal } = surroundings.world;
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
    const settings = this.empty?.config.sources ?? new Map<string, never>();
    this.sources = new AdapterSources(surroundings, deployment, settings, () => this.server.pod);
  }

  /** Why the API server gets no answer from the adapter; undefined if it gets one. */
  get unavailable(): () => string | undefined {
    return this.server.unavailable;
  }

  /** Why the adapter cannot find out who may ask it, so that it refuses everybody; undefined if it can. */
  get undelegated(): string | undefined {
    return this.server.undelegated;
  }

  /** Plans an answer with what is known now, or can be found out. */
  plan(request: MetricRequest): PlannedAnswer | undefined {
    const { run } = this;
    if (!run) return undefined;
    const unlisted = this.unlisted(run, request);
    if (unlisted !== undefined) {
      const status = internalError('unable to list matching resources', unlisted);
      return { plan: { kind: 'refused', queries: [], status }, registry: run.registry };
    }
    const planned = plan(run.registry, request);
    const again = isUnregistered(planned) && run.look();
    return { plan: again ? plan(run.registry, request) : planned, registry: run.registry };
  }

  /** Whether a plan is still the one that would be made. */
  isCurrent({ plan: planned, registry }: PlannedAnswer): boolean {
    const { run } = this;
    return run?.registry === registry && !(run.looks && isUnregistered(planned));
  }

  /** Asks the sources what a plan says. */
  answer(planned: Plan): Answer {
    const answered = planned.kind === 'refused' ? planned.status : this.ask(planned);
    // Upstream does not tell its clients why there is no such metric.
    const tellsCause = answered.kind === 'status' && this.deployment.program === 'plimsoll';
    return tellsCause ? withCause(answered) : answered;
  }

  /** Why a metric is not there, as far as the adapter's rules and series tell. */
  explain(request: MetricRequest): string {
    const rules = this.empty?.rules.filter(({ api }) => api === request.api) ?? [];
    const servers = (rules.length > 0 ? rules.map(({ source }) => source.settings.source) : ['']).map(
      (name) => this.sources.server(name),
    );
    const unreachable = servers.filter((server) => typeof server === 'string');
    // Of rules that can be asked the registry knows more.
    if (unreachable[0] !== undefined && unreachable.length === servers.length) return unreachable[0];
    return this.run ? explainMissing(this.run.registry, request) : 'the adapter does not run';
  }

  /** Says that a rule asks for a series whose values are not modelled. */
  reportNotModelled(series: string): void {
    const { config } = this.deployment;
    const rule = this.empty?.rules.find(({ selector = [] }) =>
      selector.some((matcher) => matcher.label === '__name__' && matcher.matches(series)),
    );
    if (!rule || !config) return;
    const message = `${rule.path} asks for ${series}, whose values are not modelled`;
    this.surroundings.world.journal.state('adapter', refOf(config.configMap), series, [message]);
  }

  private ask(planned: Exclude<Plan, { kind: 'refused' }>): Answer {
    if (!this.run) return internalError('unable to fetch metrics', 'the adapter does not run');
    const { outcomes, atMs } = this.run.ask(planned);
    return answer(planned, outcomes, atMs);
  }

  /** Why the adapter cannot look up the pods that a selector stands for. */
  private unlisted(run: AdapterRun, request: MetricRequest): string | undefined {
    if (request.api !== 'custom' || typeof request.objects === 'string') return undefined;
    const { namespace } = request;
    return namespace === undefined
      ? undefined
      : refusalOf(this.surroundings, this.deployment, run.podRequests(namespace));
  }

  private create(): Registry | undefined {
    const { flags, config, program } = this.deployment;
    const { inventory, journal } = this.surroundings.world;
    if (!flags || !config) return undefined;
    const configMap = refOf(config.configMap);
    const exits = (problem: string): undefined =>
      void journal.state('adapter', configMap, 'start', [`the adapter does not start: ${problem}`]);
    const unread = refusalOf(this.surroundings, this.deployment, [AUTHENTICATION_CONFIG]);
    if (unread !== undefined) return exits(unread);
    try {
      const rules = parseAdapterConfig(config.text, `${refText(configMap)}, ${config.key}`);
      const problem = adapterStartProblem(program, flags, rules);
      if (problem !== undefined) return exits(problem);
      const registry = registryAtStart(program, rules, inventory.apiResources);
      const broken = registry.broken.map(({ path, message }) => `${path} is not served: ${message}`);
      journal.state('adapter', configMap, 'rules', broken);
      return registry;
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      return exits(messageOf(error));
    }
  }

  private begin(): void {
    const { deployment, empty: registry, surroundings } = this;
    const { flags, workload, program } = deployment;
    if (!flags || !workload || !registry) return;
    const { world } = surroundings;
    const Run = program === 'plimsoll' ? PlimsollAdapterRun : UpstreamAdapterRun;
    this.run = new Run(
      {
        ...{ world, registry },
        server: (source) => this.sources.server(source),
        onListed: (problems) => world.journal.state('adapter', refOf(workload), 'relist', problems),
      },
      { relistMs: flags.metricsRelistIntervalMs, maxAgeMs: flags.metricsMaxAgeMs },
    );
  }

  private end(): void {
    this.run?.end();
    this.run = undefined;
  }
}

/** Whether nobody knows the metric that was asked for. */
function isUnregistered(planned: Plan): boolean {
  return planned.kind === 'refused' && planned.unregistered === true;
}
