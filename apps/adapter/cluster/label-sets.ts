import type { Labels } from '../../../core/kube/selector';

/** The labels of an object, one instance for all objects that have the same. */
export interface LabelSet {
  readonly labels: Labels;
  /** Each label as {@link pairText} writes it. */
  readonly pairs: readonly string[];
}

interface Entry {
  readonly set: LabelSet;
  uses: number;
}

/**
 * Labels of objects, kept once. Pods of one ReplicaSet have the same labels, so that a cluster of tens of thousands of
 * pods has some hundreds of sets, and a selector is tried on those.
 */
export class LabelSets {
  private readonly entries = new Map<string, Entry>();

  /** The instance of these labels, which is in use once more. */
  acquire(labels: Labels): LabelSet {
    const key = JSON.stringify(labels);
    let entry = this.entries.get(key);
    if (!entry) {
      const pairs = Object.entries(labels).map(([name, value]) => pairText(name, value));
      entry = { set: { labels, pairs }, uses: 0 };
      this.entries.set(key, entry);
    }
    entry.uses += 1;
    return entry.set;
  }

  /** The instance is in use once less. */
  release({ labels }: LabelSet): void {
    const key = JSON.stringify(labels);
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.uses -= 1;
    if (entry.uses === 0) this.entries.delete(key);
  }

  /** How many there are. */
  get size(): number {
    return this.entries.size;
  }
}

/** Neither names nor values of labels contain `=`. */
export function pairText(name: string, value: string): string {
  return `${name}=${value}`;
}
