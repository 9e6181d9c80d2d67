import type { Listing, Plan, Registry, SeriesListing } from '../core/adapter';
import { podListing } from '../core/chain';
import type { AccessRequest } from '../core/kube/rbac';
import { listed, type AdapterRun, type AdapterRunProps, type TimedOutcomes } from './adapter-run';
import { untilPhase } from './phases';

/** A run of prometheus-adapter: lists series at its interval, and asks Prometheus for each request anew. */
export class UpstreamAdapterRun implements AdapterRun {
  registry: Registry;
  readonly looks = false;
  private last: ReadonlyMap<string, SeriesListing> = new Map();
  private readonly cancelRelist: () => void;

  constructor(
    private readonly props: AdapterRunProps,
    private readonly times: { readonly relistMs: number; readonly maxAgeMs: number },
  ) {
    this.registry = props.registry;
    const { clock, phases } = props.world;
    const { listings = clock.now } = phases;
    const untilNext = untilPhase(clock.now, listings, times.relistMs);
    // It begins at once, whatever comes after.
    if (untilNext > 0) clock.at(clock.now, () => this.relist());
    this.cancelRelist = clock.every(clock.now + untilNext, times.relistMs, () => this.relist());
  }

  look(): boolean {
    return false;
  }

  ask({ queries }: Exclude<Plan, { kind: 'refused' }>): TimedOutcomes {
    const server = this.props.server('');
    const outcomes = queries.map((query) =>
      typeof server === 'string' ? { error: server } : server.query(query),
    );
    return { outcomes, atMs: this.props.world.clock.now };
  }

  podRequests(namespace: string): readonly AccessRequest[] {
    return [podListing(namespace)];
  }

  end(): void {
    this.cancelRelist();
  }

  private relist(): void {
    const { props, times, registry } = this;
    const { now } = props.world.clock;
    const server = props.server('');
    const results = new Map<string, SeriesListing>();
    const listings = registry.listings();
    for (const { key, selector, maxAgeMs = times.maxAgeMs } of listings) {
      results.set(key, listed(server, selector, now - maxAgeMs));
    }
    failTogether(listings, results);
    if (!isSame(results, this.last)) this.registry = registry.updated(results);
    this.last = results;
    const failures = [...results.values()].flatMap((result) =>
      'error' in result ? [`series cannot be listed: ${result.error}`] : [],
    );
    props.onListed([...new Set(failures)]);
  }
}

/** One selector that cannot be listed keeps everything else of its API from being updated. */
function failTogether(listings: readonly Listing[], results: Map<string, SeriesListing>): void {
  const failed = listings.filter(({ key }) => 'error' in (results.get(key) ?? {}));
  for (const { key, rules } of listings) {
    const others = rules.map(({ api }) =>
      failed.find((other) => other.rules.some((rule) => rule.api === api)),
    );
    const [first] = others;
    if (!first || others.includes(undefined) || failed.some((other) => other.key === key)) continue;
    results.set(key, results.get(first.key) ?? []);
  }
}

/** Whether nothing came, went or failed between two listings, so that the adapter knows the same metrics. */
function isSame(
  results: ReadonlyMap<string, SeriesListing>,
  before: ReadonlyMap<string, SeriesListing>,
): boolean {
  for (const [selector, result] of results) {
    const other = before.get(selector);
    if (!other || 'error' in result || 'error' in other || result.length !== other.length) return false;
    if (result.some((labels, index) => labels !== other[index])) return false;
  }
  return true;
}
