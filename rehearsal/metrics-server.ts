import {
  AUTHENTICATION_CONFIG,
  METRICS_SERVER_WATCHES,
  NODE_METRICS,
  type MetricsServerDeployment,
} from '../core/chain';
import { refOf } from '../core/kube/object';
import { AggregatedServer, refusalOf } from './aggregated-server';
import { MetricsStorage, type Batch, type Point, type PodUsage } from './metrics-storage';
import { untilPhase } from './phases';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';

/** metrics-server: asks all kubelets at its interval, and says what pods use. */
export class MetricsServer {
  private readonly server: AggregatedServer;
  private storage: MetricsStorage | undefined;
  private cancel: () => void = () => undefined;
  /** Why kubelets tell it nothing, so that it never is ready. */
  private unheard: string | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deployment: MetricsServerDeployment,
  ) {
    const { journal } = surroundings.world;
    const { workload, flags, problems } = deployment;
    for (const { step, object, message } of problems) journal.state('adapter', object, step, [message]);
    const refused = refusalOf(surroundings, deployment, [AUTHENTICATION_CONFIG, ...METRICS_SERVER_WATCHES]);
    if (workload && refused !== undefined) {
      journal.state('adapter', refOf(workload), 'start', [`metrics-server does not start: ${refused}`]);
    }
    this.server = new AggregatedServer(surroundings, deployment, {
      name: 'metrics-server',
      listens: flags?.securePort,
      starts: flags !== undefined && refused === undefined,
      begin: (pod) => this.begin(pod),
      end: () => this.end(),
    });
  }

  /** Why the API server gets no answer from it; undefined if it gets one. */
  unavailable(): string | undefined {
    return this.unheard ?? this.server.unavailable();
  }

  /** Why it cannot find out who may ask it, so that it refuses everybody; undefined if it can. */
  get undelegated(): string | undefined {
    return this.server.undelegated;
  }

  /** What running pods of a namespace use, of those of which enough is known. */
  usageOf(namespace: string, names: readonly string[]): ReadonlyMap<string, PodUsage> {
    const { pods } = this.surroundings.world;
    const found = new Map<string, PodUsage>();
    for (const name of names) {
      if (pods.find(namespace, name)?.phase !== 'Running') continue;
      const usage = this.storage?.usageOf(keyOf({ namespace, name }));
      if (usage) found.set(name, usage);
    }
    return found;
  }

  private begin(pod: VirtualPod): void {
    const { resolutionMs } = this.deployment.flags ?? {};
    if (resolutionMs === undefined) return;
    const { clock, journal } = this.surroundings.world;
    this.storage = new MetricsStorage(resolutionMs);
    this.unheard = this.whyUnheard(pod);
    const messages =
      this.unheard === undefined ? [] : [`metrics-server does not become ready: ${this.unheard}`];
    journal.state('adapter', pod.owner, 'kubelets', messages);
    if (this.unheard !== undefined) return;
    const ask = (): void => this.storage?.store(this.askKubelets());
    const { resources = clock.now } = this.surroundings.world.phases;
    const untilNext = untilPhase(clock.now, resources, resolutionMs);
    // It begins at once, whatever comes after.
    if (untilNext > 0) ask();
    this.cancel = clock.every(clock.now + untilNext, resolutionMs, ask);
  }

  private end(): void {
    this.storage = undefined;
    this.cancel();
  }

  private whyUnheard(pod: VirtualPod): string | undefined {
    const refused = refusalOf(this.surroundings, this.deployment, [NODE_METRICS]);
    return refused ?? this.surroundings.network.kubeletProblem(pod);
  }

  /** All answer at once; how old their numbers are is not modelled. */
  private askKubelets(): Batch {
    const { clock, pods } = this.surroundings.world;
    const batch = new Map<string, ReadonlyMap<string, Point>>();
    for (const pod of pods.all()) {
      if (pod.runs.length === 0) continue;
      const points = pod.runs.map((run) => {
        run.settle(clock.now);
        const { cpu, memory } = run.use;
        return [run.name, { startMs: run.startedMs, atMs: clock.now, cpu, memory }] as const;
      });
      batch.set(keyOf(pod), new Map(points));
    }
    return batch;
  }
}

function keyOf({ namespace, name }: Pick<VirtualPod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
