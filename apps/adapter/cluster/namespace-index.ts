import { LRUCache } from 'lru-cache';
import type { Selector } from '../../../core/kube/selector';
import type { SelectorRequirement } from '../../../core/kube/selector-requirement';
import { pairText, type LabelSet } from './label-sets';

/** What is kept of an object. */
export interface ObjectRecord {
  readonly name: string;
  /** `''` for a cluster-scoped kind. */
  readonly namespace: string;
  readonly labels: LabelSet;
  /** When it was created, in milliseconds since 1970. */
  readonly createdMs: number;
}

/** The names of the objects that have one set of labels. */
interface Group {
  readonly set: LabelSet;
  readonly names: Set<string>;
}

/**
 * What is kept of the answers of one kind, in bytes: that of ten thousand autoscalers of a hundred pods each. Selectors
 * come from clients, who may send longer and more different ones than any autoscaler has.
 */
const MOST = { bytes: 16 * 1024 * 1024, key: 1024 } as const;
/** What an answer takes besides its key and its names; a name is kept with its object, and costs a reference. */
const COST = { answer: 200, name: 8 } as const;

/** The names that a selector selects, and at which state of the objects. */
interface Answer {
  readonly names: readonly string[];
  state: object;
}

/** Answers to selectors, of all namespaces of a kind; those that nobody asked for longest are forgotten first. */
export type SelectorAnswers = LRUCache<string, Answer>;

export function selectorAnswers(maxBytes: number = MOST.bytes): SelectorAnswers {
  return new LRUCache({
    maxSize: maxBytes,
    sizeCalculation: ({ names }, key) => COST.answer + key.length + COST.name * names.length,
  });
}

/**
 * The objects of one kind in one namespace.
 *
 * Objects are grouped by their labels, and the groups are found by each label, so that a selector is tried on the few
 * groups that have a label that it wants. An answer is kept until an object comes, goes or changes its labels; if it is
 * then found to be the same, it is the same list, and whatever was made of it stays good.
 */
export class NamespaceIndex {
  private readonly records = new Map<string, ObjectRecord>();
  private readonly groups = new Map<LabelSet, Group>();
  private readonly byPair = new Map<string, Set<Group>>();
  /** Another one after each change, and none that another index of this namespace had. */
  private state = {};

  constructor(
    private readonly namespace: string,
    private readonly answers: SelectorAnswers,
  ) {}

  get size(): number {
    return this.records.size;
  }

  record(name: string): ObjectRecord | undefined {
    return this.records.get(name);
  }

  all(): IterableIterator<ObjectRecord> {
    return this.records.values();
  }

  /** @returns what was there under the name */
  put(record: ObjectRecord): ObjectRecord | undefined {
    const before = this.records.get(record.name);
    this.records.set(record.name, record);
    if (before?.labels === record.labels) return before;
    if (before) this.leave(before);
    this.join(record);
    this.state = {};
    return before;
  }

  /** @returns what was there under the name */
  remove(name: string): ObjectRecord | undefined {
    const before = this.records.get(name);
    if (!before) return undefined;
    this.records.delete(name);
    this.leave(before);
    this.state = {};
    return before;
  }

  /** Names of the objects that a selector selects, in order: as the API server lists them. */
  names(selector: Selector): readonly string[] {
    const key = `${this.namespace}/${selector.empty ? '' : selector.toString()}`;
    const kept = this.answers.get(key);
    if (kept?.state === this.state) return kept.names;
    const names = (selector.empty ? [...this.records.keys()] : this.search(selector)).sort();
    if (kept && isSame(kept.names, names)) {
      kept.state = this.state;
      return kept.names;
    }
    if (key.length <= MOST.key) this.answers.set(key, { names, state: this.state });
    return names;
  }

  private search(selector: Selector): string[] {
    const names: string[] = [];
    for (const group of this.candidates(selector)) {
      if (selector.matches(group.set.labels)) for (const name of group.names) names.push(name);
    }
    return names;
  }

  /** The groups of the requirement that leaves the fewest. */
  private candidates({ requirements }: Selector): Iterable<Group> {
    let fewest: Iterable<Group> = this.groups.values();
    let size = this.groups.size;
    for (const requirement of requirements) {
      if (!wantsValue(requirement)) continue;
      const values = [...new Set(requirement.values)];
      const found = values.flatMap((value) => [...(this.byPair.get(pairText(requirement.key, value)) ?? [])]);
      if (found.length < size) [fewest, size] = [found, found.length];
    }
    return fewest;
  }

  private join({ name, labels }: ObjectRecord): void {
    let group = this.groups.get(labels);
    if (!group) {
      group = { set: labels, names: new Set() };
      this.groups.set(labels, group);
      for (const pair of labels.pairs) {
        const sharing = this.byPair.get(pair) ?? new Set<Group>();
        this.byPair.set(pair, sharing.add(group));
      }
    }
    group.names.add(name);
  }

  private leave({ name, labels }: ObjectRecord): void {
    const group = this.groups.get(labels);
    group?.names.delete(name);
    if (!group || group.names.size > 0) return;
    this.groups.delete(labels);
    for (const pair of labels.pairs) {
      const sharing = this.byPair.get(pair);
      sharing?.delete(group);
      if (sharing?.size === 0) this.byPair.delete(pair);
    }
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

function wantsValue({ operator }: SelectorRequirement): boolean {
  return operator === '=' || operator === '==' || operator === 'In';
}
