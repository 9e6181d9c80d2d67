/** The names of series with the labels that mean something, and nothing else of the series. */
export class SeriesNames {
  private constructor(
    /** In order, each once. */
    readonly names: readonly string[],
    private readonly labelSets: readonly (readonly string[])[],
    private readonly setOf: Uint32Array,
    /** All labels of the series, if they were asked for. */
    readonly labels: readonly string[] | undefined,
    /** What is missing, and why. */
    readonly problem: string | undefined,
  ) {}

  /** The labels of a name: each is on a series of that name, though not all need to be on one. */
  labelsOf(index: number): readonly string[] {
    return this.labelSets[this.setOf[index] ?? 0] ?? [];
  }

  /** Whether a later listing found the same. */
  equals(other: SeriesNames): boolean {
    return (
      this.problem === other.problem &&
      isSame(this.names, other.names) &&
      isSame(this.labels ?? [], other.labels ?? []) &&
      this.names.every((_, index) => isSame(this.labelsOf(index), other.labelsOf(index)))
    );
  }

  static readonly Builder = class Builder {
    private readonly sets: (readonly string[])[] = [[]];
    private readonly setOf = new Map<string, number>();
    private refused = 0;

    /** @param limit names that are kept */
    constructor(private readonly limit: number) {}

    /** @param label that series of these names have; none if nothing is known of their labels */
    add(names: readonly string[], label?: string): void {
      const extended = new Map<number, number>();
      for (const name of names) {
        const before = this.setOf.get(name);
        if (before === undefined && this.setOf.size >= this.limit) {
          this.refused += 1;
          continue;
        }
        this.setOf.set(name, label === undefined ? (before ?? 0) : this.extend(extended, before ?? 0, label));
      }
    }

    build(labels?: readonly string[]): SeriesNames {
      const names = [...this.setOf.keys()].sort();
      const setOf = Uint32Array.from(names, (name) => this.setOf.get(name) ?? 0);
      const problem =
        this.refused === 0 ? undefined : `only ${this.limit} names of series are kept: narrow seriesQuery`;
      return new SeriesNames(names, this.sets, setOf, labels, problem);
    }

    private extend(extended: Map<number, number>, set: number, label: string): number {
      const known = extended.get(set);
      if (known !== undefined) return known;
      const index = this.sets.push([...(this.sets[set] ?? []), label]) - 1;
      extended.set(set, index);
      return index;
    }
  };
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return (
    left === right || (left.length === right.length && left.every((text, index) => text === right[index]))
  );
}
