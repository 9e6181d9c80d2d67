import {
  listNames,
  LookPace,
  relistPauseMs,
  retryPauseMs,
  type DiscoveryResult,
  type Listing,
  type ListingReply,
  type Plan,
  type Registry,
} from '../core/adapter';
import { POD_WATCH } from '../core/chain';
import type { AccessRequest } from '../core/kube/rbac';
import { listed, type AdapterRun, type AdapterRunProps, type TimedOutcomes } from './adapter-run';
import { ResultCache, type TimedOutcome } from './result-cache';

/** Waits are the usual ones: chance neither lengthens nor shortens them. */
const CHANCE = 0.5;

/** What is wrong with a listing. */
interface Problem {
  /** The rules that it is for. */
  readonly rules: string;
  readonly text: string;
  /** Whether the source was at fault, so that another try soon may succeed. */
  readonly unavailable: boolean;
}

/**
 * A run of Plimsoll's adapter: lists names at its interval, sooner what a source did not answer and what somebody asks
 * for in vain, and uses a result again while it is fresh.
 */
export class PlimsollAdapterRun implements AdapterRun {
  registry: Registry;
  readonly looks = true;
  private readonly cache = new ResultCache();
  private readonly pace: LookPace;
  private readonly wrong = new Map<string, Problem>();
  private failures = 0;
  private allDueMs = 0;
  /** Counts the moments that a listing was planned for; only the newest holds. */
  private plans = 0;

  constructor(
    private readonly props: AdapterRunProps,
    private readonly times: { readonly relistMs: number; readonly maxAgeMs: number },
  ) {
    this.registry = props.registry;
    this.pace = new LookPace(times.relistMs);
    this.relist(true);
  }

  look(): boolean {
    const { now } = this.props.world.clock;
    if (!this.pace.isDue(now)) return false;
    const before = this.registry;
    this.relist(true);
    const found = this.registry !== before;
    this.pace.looked({ beganMs: now, endMs: now, found });
    return found;
  }

  ask({ queries, source, settings }: Exclude<Plan, { kind: 'refused' }>): TimedOutcomes {
    const { now } = this.props.world.clock;
    const results = queries.map((query) => this.result(source, query, settings.freshnessMs, now));
    return { outcomes: results.map(({ outcome }) => outcome), atMs: results[0]?.atMs ?? now };
  }

  podRequests(): readonly AccessRequest[] {
    return POD_WATCH;
  }

  end(): void {
    this.plans++;
  }

  private result(source: string, query: string, freshnessMs: number, nowMs: number): TimedOutcome {
    return this.cache.get(`${source}\n${query}`, freshnessMs, nowMs, () => {
      const server = this.props.server(source);
      return typeof server === 'string' ? { error: server, unavailable: true } : server.query(query);
    });
  }

  /** @param all whether everything is listed, or only what its source did not answer the last time */
  private relist(all: boolean): void {
    const { clock } = this.props.world;
    const listings = this.registry.listings();
    const wanted = all ? listings : listings.filter(({ key }) => this.wrong.get(key)?.unavailable);
    const results = new Map<string, DiscoveryResult>();
    for (const listing of wanted) results.set(listing.key, this.list(listing));
    this.registry = this.registry.updated(results);
    const unanswered = wanted.some(({ key }) => this.wrong.get(key)?.unavailable);
    this.failures = unanswered ? this.failures + 1 : 0;
    if (all) this.allDueMs = clock.now + relistPauseMs(this.times.relistMs, CHANCE);
    this.planNext();
    this.props.onListed(this.problems());
  }

  /** Each with all the rules that have it. */
  private problems(): readonly string[] {
    const rules = new Map<string, string[]>();
    for (const problem of this.wrong.values()) {
      rules.set(problem.text, [...(rules.get(problem.text) ?? []), problem.rules]);
    }
    return [...rules].map(([text, of]) => `${of.join(', ')}: series cannot be listed: ${text}`);
  }

  private planNext(): void {
    const { clock } = this.props.world;
    const untilAllMs = this.allDueMs - clock.now;
    const retryMs = this.failures === 0 ? Number.POSITIVE_INFINITY : retryPauseMs(this.failures, CHANCE);
    const plan = ++this.plans;
    clock.after(Math.min(untilAllMs, retryMs), () => {
      if (plan === this.plans) this.relist(clock.now >= this.allDueMs);
    });
  }

  private list(listing: Listing): DiscoveryResult {
    const { world, server: serverOf } = this.props;
    const server = serverOf(listing.source);
    const asking = listNames(listing, { atMs: world.clock.now, maxAgeMs: this.times.maxAgeMs });
    let step = asking.next();
    while (!step.done) {
      const { kind, match, startMs } = step.value;
      step = asking.next(reply(kind, listed(server, match[0] ?? '', startMs)));
    }
    this.note(listing, step.value, typeof server === 'string');
    return step.value;
  }

  private note({ key, rules }: Listing, result: DiscoveryResult, unavailable: boolean): void {
    const text = 'error' in result ? result.error : 'problem' in result ? result.problem : undefined;
    if (text === undefined) this.wrong.delete(key);
    else this.wrong.set(key, { rules: rules.map(({ path }) => path).join(', '), text, unavailable });
  }
}

/** What a source says of the labels, or of the names of series. */
function reply(kind: 'labels' | 'names', series: ReturnType<typeof listed>): ListingReply {
  if ('error' in series) return series;
  const values = series.flatMap((labels) =>
    kind === 'labels' ? Object.keys(labels) : (labels['__name__'] ?? []),
  );
  return { values: [...new Set(values)].sort() };
}
