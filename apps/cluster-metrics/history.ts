import type { ClusterCapacity } from '../../core/workloads/capacity';

/** CPU at one moment, in thousandths of a core. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly allocatable: number;
  readonly others: number;
  readonly opportunistic: number;
}

/** Measurements without a moment between them at which the capacity was not known; never empty. */
export type Stretch = readonly HistoryPoint[];

/** The CPU of the last while, for the page's chart; it begins anew with the program. */
export class History {
  private readonly kept: (HistoryPoint | undefined)[] = [];

  /** @param most points; older ones are dropped */
  constructor(private readonly most: number) {}

  /** @param capacity undefined while it is not known */
  add(atMs: number, capacity: ClusterCapacity | undefined): void {
    this.kept.push(capacity && pointOf(atMs, capacity));
    if (this.kept.length > this.most) this.kept.shift();
  }

  /** From the oldest to the newest, and what is now. */
  with(nowMs: number, capacity: ClusterCapacity): readonly Stretch[] {
    const stretches: HistoryPoint[][] = [[]];
    for (const point of [...this.kept, pointOf(nowMs, capacity)]) {
      if (point) stretches.at(-1)?.push(point);
      else stretches.push([]);
    }
    return stretches.filter(({ length }) => length > 0);
  }
}

function pointOf(atMs: number, { cpu }: ClusterCapacity): HistoryPoint {
  const { allocatable, requested, opportunistic } = cpu;
  return { atMs, allocatable, others: requested - opportunistic, opportunistic };
}
