import type { ClusterState } from '../core/kube/cluster-state';
import type { Program } from '../core/workloads';
import type { Counter, Exposition } from './exposition';

/** The series about the cluster that a program exports: they come and go with what they are about. */
export class Gauges {
  private counters: ReadonlyMap<string, Counter> = new Map();
  private seen: ClusterState | undefined;

  constructor(
    private readonly program: Program,
    private readonly view: () => ClusterState,
    private readonly exposition: Exposition,
  ) {}

  /** Works them out again, unless the cluster is still as it was. */
  update(): void {
    const state = this.view();
    if (state === this.seen) return;
    this.seen = state;
    const counters = new Map<string, Counter>();
    for (const { name, labels, value } of this.program.gauges?.(state) ?? []) {
      const key = JSON.stringify([name, labels]);
      const counter = this.counters.get(key) ?? { name, labels, value };
      counter.value = value;
      counters.set(key, counter);
    }
    this.exposition.replace(new Set(this.counters.values()), [...counters.values()]);
    this.counters = counters;
  }
}
