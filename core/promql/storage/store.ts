import { type Labels } from '../../kube/selector';
import { canonicalLabels, compareText, labelsKey, labelValue } from '../labels';
import { type Matcher } from '../language/matcher';
import { Series } from './series';

/** The series that have a label, by the label's value. */
type Postings = Map<string, Set<Series>>;

/** Time series in memory, found through an index from label names and values to series. */
export class SeriesStore {
  readonly #byKey = new Map<string, Series>();
  readonly #postings = new Map<string, Postings>();
  readonly #indexed = new Set<Series>();
  #generation = 0;

  /** Changes whenever the set of series that have samples changes. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * The series with these labels (metric name included), new if there is none. It is found once it has a sample.
   * @param labels must never change afterwards: they are the identity of the series
   */
  series(labels: Labels): Series {
    const canonical = canonicalLabels(labels);
    const key = labelsKey(canonical);
    let series = this.#byKey.get(key);
    if (!series) {
      series = new Series(this.#byKey.size, canonical, (filled) => this.#index(filled));
      this.#byKey.set(key, series);
    }
    return series;
  }

  /** Drops samples older than `beforeMs`, and series of which none is left. */
  truncate(beforeMs: number): void {
    for (const series of this.#indexed) {
      series.truncate(beforeMs);
      if (series.length === 0) this.#unindex(series);
    }
  }

  /** The series that satisfy all matchers, in order of creation. */
  select(matchers: readonly Matcher[]): readonly Series[] {
    const found: Series[] = [];
    for (const series of this.#candidates(matchers)) {
      if (matchers.every((matcher) => matcher.matches(labelValue(series.labels, matcher.label)))) {
        found.push(series);
      }
    }
    return found.sort((a, b) => a.id - b.id);
  }

  /** Labels of the series with a sample, stale or not, in the closed interval: what `/api/v1/series` answers. */
  seriesBetween(matchers: readonly Matcher[], fromMs: number, toMs: number): Labels[] {
    return this.select(matchers)
      .filter((series) => series.hasSampleBetween(fromMs, toMs))
      .map((series) => series.labels);
  }

  /** The values that a label has, in order. */
  labelValues(name: string): string[] {
    return [...(this.#postings.get(name)?.keys() ?? [])].sort(compareText);
  }

  /**
   * Series that include all matches: those of the smallest condition whose values can be listed; only without such
   * a condition, those with a label value that some matcher accepts.
   */
  #candidates(matchers: readonly Matcher[]): Iterable<Series> {
    const selective = matchers.filter((matcher) => !matcher.matches(''));
    const listed = selective.flatMap((matcher) => {
      const values = matcher.possibleValues;
      return values ? [this.#setsOf(matcher.label, values)] : [];
    });
    const smallest = listed.sort((a, b) => totalSize(a) - totalSize(b))[0];
    if (smallest) return chain(smallest);
    const [first] = selective;
    if (!first) return this.#indexed;
    const accepted = this.labelValues(first.label).filter((value) => first.matches(value));
    return chain(this.#setsOf(first.label, accepted));
  }

  /** The disjoint sets of series that have one of the values. */
  #setsOf(label: string, values: Iterable<string>): readonly ReadonlySet<Series>[] {
    const postings = this.#postings.get(label);
    return [...values].flatMap((value) => postings?.get(value) ?? []);
  }

  #index(series: Series): void {
    for (const [name, value] of Object.entries(series.labels)) {
      const postings = getOrCreate(this.#postings, name, () => new Map<string, Set<Series>>());
      getOrCreate(postings, value, () => new Set<Series>()).add(series);
    }
    this.#indexed.add(series);
    this.#generation++;
  }

  #unindex(series: Series): void {
    for (const [name, value] of Object.entries(series.labels)) {
      const postings = this.#postings.get(name);
      const members = postings?.get(value);
      members?.delete(series);
      if (members?.size === 0) postings?.delete(value);
      if (postings?.size === 0) this.#postings.delete(name);
    }
    this.#indexed.delete(series);
    this.#generation++;
  }
}

function totalSize(sets: readonly ReadonlySet<Series>[]): number {
  return sets.reduce((total, set) => total + set.size, 0);
}

function* chain(sets: readonly ReadonlySet<Series>[]): Iterable<Series> {
  for (const set of sets) yield* set;
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
