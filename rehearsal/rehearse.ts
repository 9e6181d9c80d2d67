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
import type { ServerSurroundings } from './aggregated-server';
import { Autoscaler } from './autoscaler';
import { Clock } from './clock';
import { ClusterWatch } from './cluster-watch';
import { Controllers } from './controllers';
import { Endpoints } from './endpoints';
import { checkExpectations, judge } from './expectations';
import { Fargate } from './fargate';
import { HubbleAgents } from './hubble';
import { Journal } from './journal';
import { Kubelet } from './kubelet';
import { Load } from './load';
import { MetricsApi } from './metrics-api';
import { MetricsServer } from './metrics-server';
import { Network } from './network';
import { PodStart } from './pod-start';
import { Pods } from './pods';
import { PrometheusOperator } from './prometheus-operator';
import { Random } from './random';
import { Recorder } from './recorder';
import { requireUsage } from './require-usage';
import { ResourceMetrics } from './resource-metrics';
import { nodeSelection, Scheduler } from './scheduler';
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
  private readonly hpa: HpaConfig;
  private readonly autoscalers: readonly Autoscaler[];
  private readonly recorder: Recorder;

  constructor(private readonly input: RehearsalInput) {
    const { cluster, objects, scenario } = input;
    this.hpa = hpaConfigOf(cluster, input.unproven);
    const inventory = objects instanceof Inventory ? objects : new Inventory(objects);
    refuseScaledObjects(inventory);
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
    const load = new Load({ world, endpoints, network, agents });
    const operator = new PrometheusOperator(world, endpoints, network, this.controllers);
    const adapters = findAdapters(inventory).map(
      (deployment) => new AdapterServer({ world, endpoints, network, operator }, deployment),
    );
    const metricsServer = this.makeMetricsServer({ world, endpoints, network });
    this.addWorkloads(kubelet, load);
    this.reportNotModelled(kubelet, adapters);
    this.autoscalers = this.makeAutoscalers(kubelet, adapters, metricsServer);
    this.recorder = new Recorder(world, load);
    this.planOutages();
  }

  run(): Timeline {
    const { world, autoscalers, recorder, input } = this;
    const { scenario, cluster } = input;
    for (const { target } of autoscalers) if (target) recorder.watch(target);
    recorder.sampleEvery(sampleInterval(world.inventory));
    for (const controller of this.controllers.all()) controller.reconcile();
    for (const autoscaler of autoscalers) autoscaler.start(parseGoDuration(cluster.autoscaling.syncPeriod));
    const durationMs = parseGoDuration(scenario.duration);
    world.clock.run(durationMs, input.onProgress);

    const timelines = autoscalers.map(({ record }) => record.timeline());
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
      outcomes: judge(scenario, timelines, workloads),
    };
  }

  private addWorkloads(kubelet: Kubelet, load: Load): void {
    const { inventory, scenario } = this.world;
    const generators = new Set<string>();
    const makers = podMakers(inventory);
    checkUsage(scenario.usage, [...makers, ...inventory.prometheuses.map(prometheusWorkload)]);
    for (const workload of makers) {
      const name = `${namespaceOf(workload)}/${workload.metadata.name}`;
      const calls = kubelet.partsOf(workload).flatMap(({ program }) => program.calls);
      if (calls.length > 0) generators.add(name);
      load.announce(name, calls);
      this.controllers.add(workload);
    }
    const unknown = scenario.load.find(({ generator }) => !generators.has(generator));
    if (!unknown) return;
    const known = [...generators].join(', ') || 'none';
    throw new UsageError(
      `load of ${unknown.generator}: no workload of that name sends requests; those that do: ${known}`,
    );
  }

  /** What is among the objects, or asked for by them, and takes no part in the rehearsal. */
  private reportNotModelled(kubelet: Kubelet, adapters: readonly AdapterServer[]): void {
    const { inventory, journal } = this.world;
    for (const kind of ['Job', 'CronJob']) {
      for (const object of inventory.ofKind('batch', kind)) {
        journal.state('pods', refOf(object), 'kind', [`its pods are not made: a ${kind} is not modelled`]);
      }
    }
    const workloads = this.controllers.all().map(({ workload }) => workload);
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

  private makeMetricsServer(surroundings: ServerSurroundings): MetricsServer | undefined {
    const deployment = findMetricsServer(surroundings.world.inventory);
    return deployment && new MetricsServer(surroundings, deployment);
  }

  private makeAutoscalers(
    kubelet: Kubelet,
    adapters: readonly AdapterServer[],
    metricsServer: MetricsServer | undefined,
  ): readonly Autoscaler[] {
    const { inventory, scenario } = this.world;
    const resources = new ResourceMetrics(metricsServer, this.hpa.minor);
    const metricsIn = (namespace: string) => new MetricsApi(this.world, adapters, resources, namespace);
    const autoscalers = inventory.horizontalPodAutoscalers.map(
      (object) => new Autoscaler(this.world, this.controllers, this.hpa, object, metricsIn),
    );
    checkExpectations(
      scenario,
      autoscalers.map(({ namespace, ref }) => `${namespace}/${ref.name}`),
    );
    this.findRivals(autoscalers);
    if (metricsServer) this.requireUsage(autoscalers, kubelet, metricsServer);
    return autoscalers;
  }

  private requireUsage(
    autoscalers: readonly Autoscaler[],
    kubelet: Kubelet,
    { deployment }: MetricsServer,
  ): void {
    const { workload, container } = deployment;
    for (const autoscaler of autoscalers) {
      if (!autoscaler.spec.metrics.some(({ type }) => type === 'Resource' || type === 'ContainerResource'))
        continue;
      if (workload && !container) {
        throw new NotSupportedError(
          `${RESOURCE_METRICS_GROUP} served by ${refText(refOf(workload))}, which does not run metrics-server`,
        );
      }
      requireUsage(autoscaler, this.selectedBy(autoscaler), kubelet, this.world);
    }
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

  /** Tells autoscalers of the others that select a pod of theirs. */
  private findRivals(autoscalers: readonly Autoscaler[]): void {
    const selecting = autoscalers.flatMap((autoscaler) => {
      const { target } = autoscaler;
      return target ? [{ autoscaler, selector: Selector.from(target.workload.spec.selector) }] : [];
    });
    const rivals = new Map<Autoscaler, Set<string>>();
    for (const { workload } of this.controllers.all()) {
      const labels = podLabels(workload);
      const found = selecting.filter(
        ({ autoscaler, selector }) =>
          autoscaler.namespace === namespaceOf(workload) && selector.matches(labels),
      );
      if (found.length < 2) continue;
      for (const { autoscaler } of found) {
        const names = found
          .map((other) => other.autoscaler.ref.name)
          .filter((name) => name !== autoscaler.ref.name);
        rivals.set(autoscaler, new Set([...(rivals.get(autoscaler) ?? []), ...names]));
      }
    }
    for (const [autoscaler, names] of rivals) autoscaler.otherHpas = [...names];
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

function refuseScaledObjects(inventory: Inventory): void {
  const [scaledObject] = inventory.ofKind('keda.sh', 'ScaledObject');
  if (scaledObject) throw new NotSupportedError(`rehearsal of ${refText(refOf(scaledObject))}`);
}

function sampleInterval({ prometheuses }: Inventory): number {
  return parsePrometheusDuration(prometheuses[0]?.spec.scrapeInterval ?? DEFAULT_SAMPLE_INTERVAL);
}

function clusterLine(cluster: ClusterDescriptor, hpa: HpaConfig): string {
  const { provider, kubernetes, autoscaling } = cluster;
  const line = `${provider}, Kubernetes ${kubernetes}, ${nodeCount(cluster)} nodes${cluster.fargate ? ' and Fargate' : ''}, sync every ${autoscaling.syncPeriod}`;
  const notice = unprovenNotice(hpa);
  return notice === undefined ? line : `${line}; ${notice}`;
}
