import type { ClusterCapacity } from '../../core/workloads/capacity';

/** CPU at one moment, in thousandths of a core. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly allocatable: number;
  readonly others: number;
  readonly opportunistic: number;
}

/** The CPU of the last while, for the page's chart; it begins anew with the program. */
export class History {
  private readonly kept: HistoryPoint[] = [];

  /** @param most points; older ones are dropped */
  constructor(private readonly most: number) {}

  add(atMs: number, capacity: ClusterCapacity): void {
    this.kept.push(pointOf(atMs, capacity));
    if (this.kept.length > this.most) this.kept.shift();
  }

  /** From the oldest to the newest, and what is now. */
  with(nowMs: number, capacity: ClusterCapacity): readonly HistoryPoint[] {
    return [...this.kept, pointOf(nowMs, capacity)];
  }
}

function pointOf(atMs: number, { cpu }: ClusterCapacity): HistoryPoint {
  const { allocatable, requested, opportunistic } = cpu;
  return { atMs, allocatable, others: requested - opportunistic, opportunistic };
}
