import { relabel, type Target } from '../core/operator';
import type { Labels } from '../core/kube/selector';
import type { Series, SeriesStore } from '../core/promql';
import type { Counter } from './exposition';
import { hash32 } from './names';
import { untilPhase } from './phases';
import type { ProgramRun } from './program-run';
import type { World } from './world';

/** Where a target's metrics come from now, or why there are none; undefined if nothing is wrong with that. */
type MetricsSource = () => ProgramRun | string | undefined;

/**
 * Scrapes one target at its interval and writes what it exposes into the store, as Prometheus does. Of the series about
 * the scrape itself only `up` is written.
 */
export class ScrapeLoop {
  private readonly up: Series;
  /** Handle of each exposed series; null for one that relabelling drops. */
  private handles = new Map<Counter, Series | null>();
  private run: ProgramRun | undefined;
  /** The handles in the order of the exposition, as of that version. */
  private columns: readonly (Series | null)[] = [];
  private version = -1;
  private failure: string | undefined;
  private readonly cancel: () => void;

  constructor(
    private readonly world: World,
    private readonly store: SeriesStore,
    private readonly target: Target,
    private readonly source: MetricsSource,
    /** How much later than whole intervals; otherwise by a hash of the target, as Prometheus does it. */
    phaseMs?: number,
  ) {
    this.up = store.series(merged('up', {}, target));
    const { interval } = target;
    const offset = phaseMs ?? Math.floor((hash32(targetKey(target)) / 2 ** 32) * interval);
    const { now } = world.clock;
    const first = now + untilPhase(now, offset, interval);
    this.cancel = world.clock.every(first > now ? first : first + interval, interval, () => this.scrape());
  }

  /** Ends it; a scrape interval later its series end too. */
  stop(): void {
    const { clock } = this.world;
    this.cancel();
    this.report(undefined);
    clock.after(this.target.interval, () => {
      this.endSeries(clock.now);
      this.up.markStale(clock.now);
    });
  }

  private scrape(): void {
    const { now } = this.world.clock;
    const found = this.source();
    if (found === undefined || typeof found === 'string') {
      this.endSeries(now);
      this.up.append(now, 0);
      this.report(found);
      return;
    }
    found.settle(now);
    const { port, metricsPath: path } = this.target;
    found.count(found.growthBy({ from: 'scrape', port, method: 'GET', path }), 1);
    if (found !== this.run || found.exposition.version !== this.version) this.adopt(found, now);
    const { counters } = found.exposition;
    for (let index = 0; index < counters.length; index++) {
      this.columns[index]?.append(now, counters[index]?.value ?? 0);
    }
    this.up.append(now, 1);
    this.report(undefined);
  }

  /** Takes over a changed set of series; those that are missing now are marked stale. */
  private adopt(run: ProgramRun, now: number): void {
    const handles = new Map<Counter, Series | null>();
    for (const counter of run.exposition.counters) {
      handles.set(counter, this.handles.get(counter) ?? this.handleOf(counter));
    }
    const kept = new Set(handles.values());
    for (const series of this.handles.values()) {
      if (series && !kept.has(series)) series.markStale(now);
    }
    this.handles = handles;
    this.columns = [...handles.values()];
    this.run = run;
    this.version = run.exposition.version;
  }

  private handleOf({ name, labels }: Counter): Series | null {
    const all = merged(name, labels, this.target);
    const { metricRelabelConfigs } = this.target.job;
    const kept = metricRelabelConfigs.length === 0 ? all : relabel(all, metricRelabelConfigs);
    return kept?.['__name__'] === undefined ? null : this.store.series(kept);
  }

  private endSeries(now: number): void {
    for (const series of this.handles.values()) series?.markStale(now);
    this.handles = new Map();
    this.run = undefined;
  }

  private report(failure: string | undefined): void {
    if (failure === this.failure) return;
    this.failure = failure;
    const { job, address } = this.target;
    const messages = failure === undefined ? [] : [`target ${address}: ${failure}`];
    this.world.journal.state('scrape', job.source, targetKey(this.target), messages);
  }
}

/** Tells targets apart. */
export function targetKey({ job, labels, address, metricsPath }: Target): string {
  return JSON.stringify([job.name, address, metricsPath, labels]);
}

/**
 * The labels of a series of a target. Where both have a label, the series' own wins with `honorLabels`; otherwise it
 * is kept under a name with `exported_` in front.
 */
function merged(name: string, own: Labels, { job, labels: targetLabels }: Target): Labels {
  const all: Record<string, string> = { __name__: name, ...own };
  const renamed: [string, string][] = [];
  for (const [label, value] of Object.entries(targetLabels)) {
    const exposed = all[label];
    if (exposed !== undefined && job.honorLabels) continue;
    if (exposed !== undefined && exposed !== '') renamed.push([label, exposed]);
    all[label] = value;
  }
  for (const [label, value] of renamed.sort(([a], [b]) => a.length - b.length)) {
    let free = `exported_${label}`;
    while (all[free] !== undefined && all[free] !== '') free = `exported_${free}`;
    all[free] = value;
  }
  return all;
}
