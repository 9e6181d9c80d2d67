import type { LoadTimeline, WorkloadTimeline } from '../core/model';
import { namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import type { WorkloadController } from './workload-controller';
import type { Load, LoadGroup } from './load';
import type { World } from './world';

/** Columns of numbers by time; of several rows at one moment the last counts, and rows that repeat are left out. */
class Columns {
  readonly atMs: number[] = [];
  readonly first: number[] = [];
  readonly second: number[] = [];

  add(atMs: number, first: number, second: number, repeat = false): void {
    const last = this.atMs.length - 1;
    if (this.atMs[last] === atMs) {
      this.first[last] = first;
      this.second[last] = second;
      return;
    }
    if (!repeat && last >= 0 && this.first[last] === first && this.second[last] === second) return;
    this.atMs.push(atMs);
    this.first.push(first);
    this.second.push(second);
  }
}

/** Writes down how many pods scale targets have, and what is sent to them. */
export class Recorder {
  private readonly workloads = new Map<
    Workload,
    { readonly controller: WorkloadController; readonly columns: Columns }
  >();
  private readonly loads = new Map<LoadGroup, Columns>();

  constructor(
    private readonly world: World,
    private readonly load: Load,
  ) {
    world.pods.onChange(({ workload }) => this.recordWorkload(workload));
    load.onChange = () => this.recordLoads(false);
  }

  watch(controller: WorkloadController): void {
    this.workloads.set(controller.workload, { controller, columns: new Columns() });
    this.recordWorkload(controller.workload);
  }

  /** Samples the loads at an interval too, so that long steady stretches have points. */
  sampleEvery(intervalMs: number): void {
    this.world.clock.every(this.world.clock.now, intervalMs, () => this.recordLoads(true));
  }

  workloadTimelines(): readonly WorkloadTimeline[] {
    return [...this.workloads.values()].map(({ controller: { workload }, columns }) => ({
      kind: workload.kind,
      namespace: namespaceOf(workload),
      name: workload.metadata.name,
      atMs: columns.atMs,
      pods: columns.first,
      ready: columns.second,
    }));
  }

  loadTimelines(): readonly LoadTimeline[] {
    return [...this.loads].map(([{ name, target }, columns]) => ({
      name,
      target,
      atMs: columns.atMs,
      sent: columns.first,
      served: columns.second,
    }));
  }

  private recordWorkload(workload: Workload): void {
    const watched = this.workloads.get(workload);
    if (!watched) return;
    const { statusReplicas, readyReplicas } = watched.controller;
    watched.columns.add(this.world.clock.now, statusReplicas, readyReplicas);
  }

  private recordLoads(repeat: boolean): void {
    const { now } = this.world.clock;
    for (const group of this.load.all()) {
      let sent = 0;
      let served = 0;
      for (const { flow } of group.connections) {
        sent += flow.sent;
        served += flow.served;
      }
      let columns = this.loads.get(group);
      if (!columns) this.loads.set(group, (columns = new Columns()));
      columns.add(now, sent, served, repeat);
    }
  }
}
