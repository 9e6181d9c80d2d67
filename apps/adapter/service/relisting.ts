import {
  listNames,
  relistPauseMs,
  retryPauseMs,
  type DiscoveryResult,
  type Listing,
  type ListingReply,
  type Registry,
} from '../../../core/adapter';
import type { Logger } from '../../runtime';
import type { PrometheusSource } from '../sources';
import type { Timers } from '../timers';

/** Selectors of one source that are listed at a time. */
const AT_A_TIME = 4;

export interface RelistingProps {
  readonly registry: () => Registry;
  readonly source: (name: string) => Pick<PrometheusSource, 'labelNames' | 'labelValues'> | undefined;
  /** `--metrics-relist-interval` */
  readonly intervalMs: number;
  /** `--metrics-max-age` */
  readonly maxAgeMs: number;
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onListed: (results: ReadonlyMap<string, DiscoveryResult>) => void;
  readonly onFailure: (listing: Listing) => void;
}

/** What is wrong with a listing. */
interface Problem {
  readonly rules: string;
  readonly text: string;
  /** Whether the source was at fault, so that another try soon may succeed. */
  readonly unavailable: boolean;
}

/**
 * Lists the names of series at an interval, one source and one selector independent of the others. What a source did not
 * answer is tried again soon, the sooner the fewer failures came before; upstream waits for the next interval, and gives
 * up all selectors for one. A selector that is refused waits for the interval.
 */
export class Relisting {
  private readonly stopping = new AbortController();
  /** Since when nothing of a source was listed: its last listing, or before that its first try. */
  private readonly sinceMs = new Map<string, number>();
  private readonly wrong = new Map<string, Problem>();
  private cancelNext: () => void = () => undefined;
  private failures = 0;
  private allDueMs = 0;
  private wanted = false;
  private working = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly props: RelistingProps) {}

  /** Lists all now, and from then on at the interval. A listing that is under way is followed by another. */
  async start(): Promise<void> {
    if (this.stopped) return;
    this.wanted = true;
    return this.run();
  }

  /** Milliseconds since each source last answered all its listings, or as long as it never did, since it was first asked. */
  ages(): ReadonlyMap<string, number> {
    const now = this.props.timers.now();
    return new Map([...this.sinceMs].map(([source, ms]) => [source, now - ms]));
  }

  /** What cannot be listed, a line for each selector. */
  get problems(): readonly string[] {
    return [...this.wrong.values()].map(({ rules, text }) => `${rules}: ${text}`);
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('stopping'));
    this.cancelNext();
    await this.running;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private run(): Promise<void> {
    if (!this.working) this.running = this.work();
    return this.running;
  }

  private async work(): Promise<void> {
    this.cancelNext();
    this.working = true;
    const { registry, timers, intervalMs, random } = this.props;
    try {
      do {
        const all = this.wanted || this.untilAllMs() === 0;
        this.wanted = false;
        const listings = registry().listings();
        this.noteWanted(listings);
        await this.list(all ? listings : listings.filter(({ key }) => this.wrong.get(key)?.unavailable));
        if (all) this.allDueMs = timers.now() + relistPauseMs(intervalMs, random());
      } while (this.wanted && !this.stopped);
    } finally {
      // At once: who comes after the last look at what is wanted must not wait for what is over.
      this.working = false;
      if (!this.stopped) this.cancelNext = timers.after(this.pauseMs(), () => void this.run());
    }
  }

  private async list(listings: readonly Listing[]): Promise<void> {
    const bySource = new Map<string, Listing[]>();
    for (const listing of listings) {
      const same = bySource.get(listing.source);
      if (same) same.push(listing);
      else bySource.set(listing.source, [listing]);
    }
    const answered = await Promise.all(
      [...bySource].map(([source, waiting]) => this.listSource(source, waiting)),
    );
    this.failures = answered.includes(false) ? this.failures + 1 : 0;
  }

  /** @returns whether the source answered each time */
  private async listSource(source: string, waiting: Listing[]): Promise<boolean> {
    const results = new Map<string, DiscoveryResult>();
    let answered = true;
    const work = async () => {
      for (let listing = waiting.shift(); listing; listing = waiting.shift()) {
        const { result, unavailable } = await this.ask(listing);
        if (this.stopped) return;
        results.set(listing.key, result);
        answered &&= !unavailable;
        this.note(listing, result, unavailable);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    if (this.stopped) return true;
    if (answered) this.sinceMs.set(source, this.props.timers.now());
    this.props.onListed(results);
    return answered;
  }

  private async ask(listing: Listing): Promise<{ result: DiscoveryResult; unavailable: boolean }> {
    const { source, timers, maxAgeMs } = this.props;
    const { signal } = this.stopping;
    const asking = listNames(listing, { atMs: timers.now(), maxAgeMs });
    let unavailable = false;
    let step = asking.next();
    while (!step.done) {
      const { kind, match, startMs, source: name } = step.value;
      const client = source(name);
      const reply: ListingReply & { readonly unavailable?: boolean } = !client
        ? { error: `there is no source ${name}` }
        : kind === 'labels'
          ? await client.labelNames(match, startMs, signal)
          : await client.labelValues('__name__', match, startMs, signal);
      unavailable ||= reply.unavailable === true;
      step = asking.next(reply);
    }
    const result = step.value;
    return { result: 'error' in result ? { ...result, unavailable } : result, unavailable };
  }

  /** Tells a problem when it is new. */
  private note(listing: Listing, result: DiscoveryResult, unavailable: boolean): void {
    const { key, selector } = listing;
    const error = 'error' in result ? result.error : undefined;
    const text = error ?? ('problem' in result ? result.problem : undefined);
    if (error !== undefined) this.props.onFailure(listing);
    const before = this.wrong.get(key);
    if (text === undefined) {
      this.wrong.delete(key);
      return;
    }
    const rules = listing.rules.map(({ path }) => path).join(', ');
    this.wrong.set(key, { rules, text, unavailable });
    if (before?.text !== text)
      this.props.logger.warn('series cannot be listed', { rules, selector, problem: text });
  }

  /** Rules and sources that are gone have no problems and no age; the age of those that are new begins. */
  private noteWanted(listings: readonly Listing[]): void {
    const keys = new Set(listings.map(({ key }) => key));
    const sources = new Set(listings.map(({ source }) => source));
    for (const key of this.wrong.keys()) if (!keys.has(key)) this.wrong.delete(key);
    for (const source of this.sinceMs.keys()) if (!sources.has(source)) this.sinceMs.delete(source);
    for (const source of sources)
      if (!this.sinceMs.has(source)) this.sinceMs.set(source, this.props.timers.now());
  }

  /** Until all are due; at once after the clock was set back, as it would be for long. */
  private untilAllMs(): number {
    const { timers, intervalMs } = this.props;
    const ms = this.allDueMs - timers.now();
    return ms > relistPauseMs(intervalMs, 1) ? 0 : Math.max(0, ms);
  }

  private pauseMs(): number {
    const { random, intervalMs } = this.props;
    const untilAllMs = this.untilAllMs();
    if (this.failures === 0) return untilAllMs;
    const retryMs = retryPauseMs(this.failures, random());
    // Without an interval all are due at any time: a source that is down is not asked without a pause for that.
    return intervalMs === 0 ? retryMs : Math.min(retryMs, untilAllMs);
  }
}
