import type { Labels } from '../core/kube/selector';

/** A series as a program exposes it. */
export interface Counter {
  readonly name: string;
  readonly labels: Labels;
  value: number;
}

/** The series that a running program exposes now. */
export class Exposition {
  private list: readonly Counter[] = [];
  private changes = 0;

  get counters(): readonly Counter[] {
    return this.list;
  }

  /** Changes whenever a series comes or goes. */
  get version(): number {
    return this.changes;
  }

  add(counter: Counter): void {
    this.list = [...this.list, counter];
    this.changes++;
  }

  /** Puts counters in the place of others; those that are in both stay where they are. */
  replace(old: ReadonlySet<Counter>, counters: readonly Counter[]): void {
    const wanted = new Set(counters);
    if (wanted.size === old.size && counters.every((counter) => old.has(counter))) return;
    const kept = this.list.filter((counter) => !old.has(counter) || wanted.has(counter));
    this.list = [...kept, ...counters.filter((counter) => !old.has(counter))];
    this.changes++;
  }

  /** Takes away the series that do not satisfy the condition. */
  keep(condition: (counter: Counter) => boolean): void {
    const kept = this.list.filter(condition);
    if (kept.length === this.list.length) return;
    this.list = kept;
    this.changes++;
  }
}
