import {
  findAdapters,
  findMetricsServer,
  podMakers,
  prometheusWorkload,
  RESOURCE_METRICS_GROUP,
} from '../core/chain';
import { NotSupportedError, UsageError } from '../core/errors';
import { hpaConfigOf, unprovenNotice, type HpaConfig } from '../core/hpa';
import { parseGoDuration, parsePrometheusDuration } from '../core/kube/duration';
import { podLabels } from '../core/kube/endpoints';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import { refOf, refText, type KubeObject } from '../core/kube/object';
import { Rbac } from '../core/kube/rbac';
import { Selector } from '../core/kube/selector';
import type { Workload } from '../core/kube/kinds/pod';
import { nodeCount, type ClusterDescriptor, type Scenario, type Timeline } from '../core/model';
import { checkUsage } from '../core/workloads';
import { AdapterServer } from './adapter-server';
import type { Autoscaler } from './autoscaler';
import { Autoscalers } from './autoscalers';
import { Clock } from './clock';
import { ClusterWatch } from './cluster-watch';
import { Controllers } from './controllers';
import { Endpoints } from './endpoints';
import { ExpectedAutoscalers, judge } from './expectations';
import { Fargate } from './fargate';
import { HubbleAgents } from './hubble';
import { Jobs } from './jobs';
import { Journal } from './journal';
import { Keda } from './keda';
import { Kubelet } from './kubelet';
import { Latencies } from './latencies';
import { Load } from './load';
import { MetricsApi } from './metrics-api';
import { MetricsServer } from './metrics-server';
import { MetricsServers } from './metrics-servers';
import { Network } from './network';
import { OneOffRequests } from './one-off-requests';
import type { Phases } from './phases';
import { PodStart } from './pod-start';
import { Pods } from './pods';
import { PrometheusOperator } from './prometheus-operator';
import { Random } from './random';
import { Recorder } from './recorder';
import { requireUsage } from './require-usage';
import { ResourceMetrics } from './resource-metrics';
import { nodeSelection, Scheduler } from './scheduler';
import type { Surroundings } from './surroundings';
import type { WorkloadController } from './workload-controller';
import type { World } from './world';

const DEFAULT_SAMPLE_INTERVAL = '30s';

/** What is rehearsed. */
export interface RehearsalInput {
  /** Names the run in the timeline, e.g. the stack. */
  readonly name: string;
  readonly objects: readonly KubeObject[] | Inventory;
  readonly cluster: ClusterDescriptor;
  readonly scenario: Scenario;
  /** Namespaces that exist without a Namespace among the objects, such as those that Helm makes for its releases. */
  readonly namespaces?: readonly string[] | undefined;
  /** Of a cluster that was watched, to be compared with it. */
  readonly phases?: Phases | undefined;
  /** Accept a Kubernetes version whose autoscaler was never compared with the model. */
  readonly unproven?: boolean | undefined;
  /** Called now and then with the virtual time that was reached, in milliseconds. */
  readonly onProgress?: ((atMs: number) => void) | undefined;
}

/**
 * Plays the objects through the scenario in virtual time. The same input gives the same timeline.
 * @throws UsageError if an object cannot be read, an image is unknown, or the scenario names what is not there
 * @throws NotSupportedError if something among the objects is not modelled
 */
export function rehearse(input: RehearsalInput): Timeline {
  return new Rehearsal(input).run();
}

class Rehearsal {
  private readonly world: World;
  private readonly controllers: Controllers;
  private readonly jobs: Jobs;
  private readonly hpa: HpaConfig;
  private readonly autoscalers: Autoscalers;
  /** The autoscalers among the objects, synced from the beginning. */
  private readonly applied: readonly Autoscaler[];
  private readonly keda: Keda;
  private readonly expected: ExpectedAutoscalers;
  private readonly recorder: Recorder;

  constructor(private readonly input: RehearsalInput) {
    const { cluster, objects, scenario } = input;
    this.hpa = hpaConfigOf(cluster, input.unproven);
    const inventory = objects instanceof Inventory ? objects : new Inventory(objects);
    const clock = new Clock();
    const random = new Random(scenario.seed);
    const world = {
      inventory,
      rbac: new Rbac(inventory),
      cluster,
      scenario,
      clock,
      random,
      journal: new Journal(clock),
      pods: new Pods(),
      phases: input.phases ?? {},
    };
    this.world = world;

    // Parts hear of changes in the order they are made: what others look at comes first.
    const endpoints = new Endpoints(world);
    const network = new Network(world);
    const agents = new HubbleAgents(world);
    const scheduler = new Scheduler(world);
    const fargate = new Fargate(cluster);
    const watch = new ClusterWatch(world, scheduler, fargate, network);
    const podStart = new PodStart(world, input.namespaces ?? []);
    const kubelet = new Kubelet(world, scheduler, fargate, podStart, watch);
    this.controllers = new Controllers(world, kubelet, scheduler, podStart);
    const load = new Load({ world, endpoints, network, agents, latencies: new Latencies(scenario) });
    this.jobs = new Jobs({ world, kubelet, podStart });
    new OneOffRequests(world, endpoints);
    const operator = new PrometheusOperator(world, endpoints, network, this.controllers);
    const surroundings = { world, endpoints, network, operator };
    const adapters = findAdapters(inventory).map((deployment) => new AdapterServer(surroundings, deployment));
    const metricsServer = makeMetricsServer(surroundings);
    const resources = new ResourceMetrics(metricsServer, this.hpa.minor);
    this.autoscalers = new Autoscalers(
      world,
      this.controllers,
      this.hpa,
      (namespace) => new MetricsApi(world, servers, resources, namespace),
      (autoscaler) => this.requireUsage(autoscaler, kubelet, metricsServer),
    );
    this.keda = new Keda(surroundings, this.controllers, this.autoscalers);
    const servers = new MetricsServers(inventory, adapters, this.keda.metricsServers);
    this.addWorkloads(kubelet, load);
    this.reportNotModelled(kubelet, adapters);
    this.applied = inventory.horizontalPodAutoscalers.map((object) => this.autoscalers.read(object));
    this.expected = new ExpectedAutoscalers(inventory, this.keda.scaledObjects);
    this.expected.check(scenario);
    this.recorder = new Recorder(world, load);
    this.planOutages();
  }

  run(): Timeline {
    const { world, autoscalers, recorder, input } = this;
    const { scenario, cluster } = input;
    for (const target of this.scaleTargets()) recorder.watch(target);
    recorder.sampleEvery(sampleInterval(world.inventory));
    for (const controller of this.controllers.all()) controller.reconcile();
    this.jobs.start();
    for (const autoscaler of this.applied) autoscalers.add(autoscaler);
    const durationMs = parseGoDuration(scenario.duration);
    world.clock.run(durationMs, input.onProgress);

    const timelines = autoscalers.all.map(({ record }) => record.timeline());
    const workloads = recorder.workloadTimelines();
    return {
      name: input.name,
      durationMs,
      seed: scenario.seed,
      noise: scenario.noise,
      cluster: clusterLine(cluster, this.hpa),
      autoscalers: timelines,
      workloads,
      loads: recorder.loadTimelines(),
      problems: world.journal.problems(),
      events: world.journal.events,
      outcomes: judge(scenario, timelines, workloads, this.expected),
    };
  }

  private addWorkloads(kubelet: Kubelet, load: Load): void {
    const { inventory, scenario } = this.world;
    const generators = new Set<string>();
    const names = new Set<string>();
    const makers = podMakers(inventory);
    checkUsage(scenario.usage, [...makers, ...inventory.prometheuses.map(prometheusWorkload)]);
    for (const workload of makers) {
      const name = `${namespaceOf(workload)}/${workload.metadata.name}`;
      const calls = kubelet.partsOf(workload).flatMap(({ program }) => program.calls);
      names.add(name);
      if (calls.length > 0) generators.add(name);
      load.announce(name, calls);
      if (Jobs.makes(workload)) this.jobs.add(workload);
      else this.controllers.add(workload);
    }
    const generator = scenario.load.find((change) => !generators.has(change.generator))?.generator;
    if (generator !== undefined) {
      throw new UsageError(
        `load of ${generator}: no workload of that name sends requests; those that do: ${listed(generators)}`,
      );
    }
    const workload = scenario.latencies.find((change) => !names.has(change.workload))?.workload;
    if (workload !== undefined) {
      throw new UsageError(`latency of ${workload}: there is no such workload; there is: ${listed(names)}`);
    }
  }

  /** What is among the objects, or asked for by them, and takes no part in the rehearsal. */
  private reportNotModelled(kubelet: Kubelet, adapters: readonly AdapterServer[]): void {
    const { journal } = this.world;
    const workloads = [...this.controllers.all().map(({ workload }) => workload), ...this.jobs.workloads];
    for (const workload of workloads) {
      const fields = nodeSelection(workload.spec.template.spec);
      if (fields.length === 0) continue;
      const message = `node selection is not modelled: its pods are put on nodes regardless of their ${fields.join(' and ')}`;
      journal.state('pods', refOf(workload), 'node selection', [message]);
    }
    const programs = workloads.flatMap((workload) => kubelet.partsOf(workload));
    for (const series of new Set(programs.flatMap(({ program }) => program.notModelled))) {
      for (const adapter of adapters) adapter.reportNotModelled(series);
    }
  }

  /** The workloads that are scaled, at once or later. */
  private scaleTargets(): ReadonlySet<WorkloadController> {
    const later = this.keda.scaledObjects.map(({ target, namespace }) =>
      this.controllers.find(target.kind, namespace, target.name),
    );
    const targets = [...this.applied.map(({ target }) => target), ...later];
    return new Set(targets.filter((target) => target !== undefined));
  }

  /** What the pods of an autoscaler on CPU or memory use has to be known. */
  private requireUsage(
    autoscaler: Autoscaler,
    kubelet: Kubelet,
    metricsServer: MetricsServer | undefined,
  ): void {
    const resources = autoscaler.spec.metrics.some(({ type }) => type.endsWith('Resource'));
    if (!resources || !metricsServer) return;
    const { workload, container } = metricsServer.deployment;
    if (workload && !container) {
      throw new NotSupportedError(
        `${RESOURCE_METRICS_GROUP} served by ${refText(refOf(workload))}, which does not run metrics-server`,
      );
    }
    requireUsage(autoscaler, this.selectedBy(autoscaler), kubelet, this.world);
  }

  /** The workloads whose pods the target of an autoscaler selects. */
  private selectedBy({ target, namespace }: Autoscaler): readonly Workload[] {
    if (!target) return [];
    const selector = Selector.from(target.workload.spec.selector);
    return this.controllers
      .all()
      .map(({ workload }) => workload)
      .filter((workload) => namespaceOf(workload) === namespace && selector.matches(podLabels(workload)));
  }

  private planOutages(): void {
    const { clock, journal, scenario } = this.world;
    for (const { workload, from, until } of scenario.outages) {
      const [namespace = '', name = ''] = workload.split('/');
      const find = () => this.controllers.named(namespace, name);
      clock.at(parseGoDuration(from), () => {
        // A Prometheus is known by name only once the operator has made it.
        if (find().length === 0)
          throw new UsageError(`outage of ${workload}: there is no such workload at ${from}`);
        journal.event('scenario', workload, 'OutageBegins', `its pods are gone until ${until}`, 'Warning');
        for (const controller of find()) controller.suspend();
      });
      clock.at(parseGoDuration(until), () => {
        journal.event('scenario', workload, 'OutageEnds', 'its pods come back', 'Normal');
        for (const controller of find()) controller.resume();
      });
    }
  }
}

function makeMetricsServer(surroundings: Surroundings): MetricsServer | undefined {
  const deployment = findMetricsServer(surroundings.world.inventory);
  return deployment && new MetricsServer(surroundings, deployment);
}

function listed(names: ReadonlySet<string>): string {
  return [...names].join(', ') || 'none';
}

function sampleInterval({ prometheuses }: Inventory): number {
  return parsePrometheusDuration(prometheuses[0]?.spec.scrapeInterval ?? DEFAULT_SAMPLE_INTERVAL);
}

function clusterLine(cluster: ClusterDescriptor, hpa: HpaConfig): string {
  const { provider, kubernetes, autoscaling } = cluster;
  const count = nodeCount(cluster);
  const nodes = `${count} ${count === 1 ? 'node' : 'nodes'}${cluster.fargate ? ' and Fargate' : ''}`;
  const line = `${provider}, Kubernetes ${kubernetes}, ${nodes}, sync every ${autoscaling.syncPeriod}`;
  const notice = unprovenNotice(hpa);
  return notice === undefined ? line : `${line}; ${notice}`;
}
