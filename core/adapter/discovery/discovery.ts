import { type Labels } from '../../kube/selector';
import { SeriesNames } from './series-names';

/** Answer of Prometheus to the listing of one selector's series: their labels, `__name__` among them. */
export type SeriesListing = readonly Labels[] | FailedListing;

/** Why there is none. */
interface FailedListing {
  readonly error: string;
  /** The source gave no answer; what it would list may exist. */
  readonly unavailable?: boolean | undefined;
}

/** What a listing found: series, or names alone. */
export type DiscoveryResult = SeriesListing | SeriesNames;

const METRIC_NAME = '__name__';

/** What is known about the series of one selector. */
export class Discovery {
  private constructor(
    /** From the last listing that succeeded. */
    private readonly listed: readonly Labels[] | SeriesNames,
    /** Of the last listing, if it failed. */
    readonly error?: string,
    private readonly unavailable = false,
  ) {}

  /** @param before what was known before this listing; it is what is returned where that changes nothing */
  static after(before: Discovery | undefined, result: DiscoveryResult): Discovery {
    if (before?.isConfirmedBy(result)) return before;
    if (!('error' in result)) return new Discovery(result);
    return new Discovery(before?.listed ?? [], result.error, result.unavailable);
  }

  private isConfirmedBy(result: DiscoveryResult): boolean {
    const { listed, error, unavailable } = this;
    if ('error' in result) return error === result.error && unavailable === (result.unavailable ?? false);
    const isNames = listed instanceof SeriesNames && result instanceof SeriesNames;
    return error === undefined && isNames && listed.equals(result);
  }

  /** The series, where they were listed with their labels; otherwise one for each name, with empty labels. */
  get series(): readonly Labels[] {
    const { listed } = this;
    if (!(listed instanceof SeriesNames)) return listed;
    return listed.names.map((name, index): Labels => {
      const empty = Object.fromEntries(listed.labelsOf(index).map((label) => [label, '']));
      return { [METRIC_NAME]: name, ...empty };
    });
  }

  /** What the last listing that succeeded left out, and why. */
  get problem(): string | undefined {
    return this.listed instanceof SeriesNames ? this.listed.problem : undefined;
  }

  /** The labels of all series, as far as they are known. */
  get labels(): readonly string[] {
    const { listed } = this;
    if (listed instanceof SeriesNames && listed.labels) return listed.labels;
    return [...new Set([...this.entries()].flatMap(([, labels]) => labels))].filter(
      (label) => label !== METRIC_NAME,
    );
  }

  /** Whether nothing could be listed yet, since the source does not answer. */
  get isAwaited(): boolean {
    return this.unavailable && this.isEmpty;
  }

  get isEmpty(): boolean {
    const { listed } = this;
    return listed instanceof SeriesNames ? listed.names.length === 0 : listed.length === 0;
  }

  /**
   * The names of the series and of their labels, `__name__` perhaps among them, without the values. A name may come
   * several times; the same labels are the same list.
   */
  *entries(): Generator<readonly [name: string, labels: readonly string[]]> {
    const { listed } = this;
    if (listed instanceof SeriesNames) {
      for (const [index, name] of listed.names.entries()) yield [name, listed.labelsOf(index)];
      return;
    }
    const known = new Map<string, readonly string[]>();
    for (const labels of listed) {
      const names = Object.keys(labels);
      const key = names.join('\0');
      const same = known.get(key) ?? names;
      if (same === names) known.set(key, names);
      yield [labels[METRIC_NAME] ?? '', same];
    }
  }
}
