import { UsageError } from '../errors';
import { formatDuration } from '../kube/duration';
import { type Labels } from '../kube/selector';
import { type Expr, type Matcher, SeriesStore, selectorsOf } from '../promql';
import { labelsKey, labelValue } from '../promql/labels';
import { seriesText } from './label-set';
import { type LoadCommand, type LoadedSample, type LoadedSeries } from './script';

/** What `load` commands have filled since the last `clear`. */
export class LoadedData {
  readonly store = new SeriesStore();
  /** The newest sample of each series. */
  readonly #newest = new Map<string, LoadedSample>();
  readonly #nativeHistograms: Labels[] = [];

  /**
   * Adds the samples of a command.
   * @throws UsageError with the line if samples are older than what a series has, or contradict it
   */
  load({ series, nativeHistograms }: LoadCommand): void {
    for (const one of series) this.#append(one);
    this.#nativeHistograms.push(...nativeHistograms);
  }

  /** Whether an expression reads a series that holds native histograms. */
  readsNativeHistograms(expr: Expr): boolean {
    return selectorsOf(expr).some(({ matchers }) =>
      this.#nativeHistograms.some((labels) => satisfiesAll(labels, matchers)),
    );
  }

  #append({ line, labels, samples }: LoadedSeries): void {
    const key = labelsKey(labels);
    const series = this.store.series(labels);
    for (const sample of samples) {
      const newest = this.#newest.get(key);
      if (newest && newest.atMs >= sample.atMs) {
        if (sameSample(newest, sample)) continue;
        const there = `has a sample at ${formatDuration(newest.atMs)} already`;
        throw new UsageError(
          `line ${line}: ${seriesText(labels)} ${there}: what is loaded later has to be newer, or a "clear" has to come before`,
        );
      }
      if (sample.value === undefined) series.markStale(sample.atMs);
      else series.append(sample.atMs, sample.value, sample.startMs);
      this.#newest.set(key, sample);
    }
  }
}

function sameSample(a: LoadedSample, b: LoadedSample): boolean {
  return a.atMs === b.atMs && Object.is(a.value, b.value);
}

function satisfiesAll(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => matcher.matches(labelValue(labels, matcher.label)));
}
