import { messageOf, UsageError } from '../errors';
import { type Labels } from '../kube/selector';
import { SeriesStore } from '../promql';
import { parseSeriesNotation, type SequenceValue } from '../promqltest';
import { isExposition, readExposition, type ExposedSample } from './exposition';

/** A text with series. */
export interface SeriesText {
  readonly text: string;
  /** Names the source in errors. */
  readonly where: string;
}

export interface SeriesInputOptions {
  /** Time from one value of a series to the next, and from one exported text to the next. */
  readonly intervalMs: number;
  /** Labels that Prometheus gives its targets; a label that a program has itself becomes `exported_…`. */
  readonly targetLabels: Labels;
}

/** Series in memory. */
export interface SeriesInput {
  readonly store: SeriesStore;
  /** The time of the last value. */
  readonly lastMs: number;
}

/**
 * Reads texts with series: Prometheus' notation with one series a line, or what programs export, where several texts are
 * scrapes one after the other.
 * @throws UsageError with `where:line:` if a line cannot be read
 */
export function readSeries(texts: readonly SeriesText[], options: SeriesInputOptions): SeriesInput {
  const filler = new StoreFiller(options);
  let scrapes = 0;
  for (const { text, where } of texts) {
    if (isExposition(text)) {
      filler.addScrape(readExposition(text, where), scrapes * options.intervalMs, where);
      scrapes += 1;
    } else {
      text.split('\n').forEach((line, index) => {
        if (line.trim() !== '' && !line.trim().startsWith('#')) filler.addLine(line, `${where}:${index + 1}`);
      });
    }
  }
  return { store: filler.store, lastMs: filler.lastMs };
}

/** Puts series into a store. */
export class StoreFiller {
  readonly store = new SeriesStore();
  lastMs = 0;

  constructor(private readonly options: SeriesInputOptions) {}

  /** Adds a series in Prometheus' notation, its first value at the beginning of time. */
  addLine(line: string, where: string): void {
    const { labels, values } = parsed(line, where);
    if (labels['__name__'] === undefined) throw new UsageError(`${where}: the series has no name`);
    const series = this.store.series(this.withTarget(labels));
    if (series.length > 0)
      throw new UsageError(`${where}: the series is there already: give all its values in one line`);
    values.forEach((value, index) => {
      const atMs = index * this.options.intervalMs;
      if (value.kind === 'value') series.append(atMs, value.value);
      else if (value.kind === 'stale') series.markStale(atMs);
      this.lastMs = Math.max(this.lastMs, atMs);
    });
  }

  /** Adds what one scrape found; lines with a time of their own keep it. */
  addScrape(samples: readonly ExposedSample[], atMs: number, where: string): void {
    const timed = samples.filter((sample) => sample.atMs !== undefined).length;
    if (timed > 0 && timed < samples.length) {
      throw new UsageError(`${where}: some lines have a time and others have none: leave the times out`);
    }
    for (const sample of samples) {
      const time = sample.atMs ?? atMs;
      this.store.series(this.withTarget(sample.labels)).append(time, sample.value);
      this.lastMs = Math.max(this.lastMs, time);
    }
  }

  private withTarget(labels: Labels): Labels {
    const { targetLabels } = this.options;
    const own = Object.entries(labels).map(([name, value]): [string, string] => [
      Object.hasOwn(targetLabels, name) ? `exported_${name}` : name,
      value,
    ]);
    return { ...Object.fromEntries(own), ...targetLabels };
  }
}

function parsed(
  line: string,
  where: string,
): { readonly labels: Labels; readonly values: readonly SequenceValue[] } {
  try {
    return parseSeriesNotation(line);
  } catch (error) {
    throw new UsageError(`${where}: ${messageOf(error)}`, { cause: error });
  }
}
