import { type CompiledRule, type GroupResource, groupResourceText, type MetricsApi } from '../rules';

/** A rule that makes a metric of a series. */
export interface Exposure {
  readonly series: string;
  readonly rule: CompiledRule;
}

/** A metric that can be asked for, and the series and rule behind it. */
export interface KnownMetric {
  readonly metric: string;
  /** Absent for an external metric. */
  readonly resource?: GroupResource | undefined;
  /** Whether it is asked for inside a namespace. */
  readonly namespaced: boolean;
  readonly series: string;
  readonly rule: CompiledRule;
  /** What else exposes it: other series of the rule, other rules. This one came last. */
  readonly rivals: readonly Exposure[];
}

/** What metrics are asked of: the objects of a kind, inside namespaces or outside, or nothing for external metrics. */
export interface MetricScope {
  readonly api: MetricsApi;
  /** Plural and with its full group; absent for external metrics. */
  readonly resource?: GroupResource | undefined;
  readonly namespaced: boolean;
}

/** One exposure, or where there are several all of them in their order: the last counts. */
type Entry = Exposure | { readonly last: Exposure; readonly all: Set<Exposure> };

interface Scoped {
  readonly scope: MetricScope;
  readonly entries: Map<string, Entry>;
}

/** Metrics by what they are asked of and by name; small, since there can be a hundred thousand of them. */
export class MetricIndex {
  private readonly scopes = new Map<string, Scoped>();

  /** @param exposure the same object for the same rule and series */
  add(scope: MetricScope, metric: string, exposure: Exposure): void {
    const key = keyOf(scope);
    let scoped = this.scopes.get(key);
    if (!scoped) {
      scoped = { scope, entries: new Map() };
      this.scopes.set(key, scoped);
    }
    const before = scoped.entries.get(metric);
    if (before !== exposure) scoped.entries.set(metric, joined(before, exposure));
  }

  find(scope: MetricScope, metric: string): KnownMetric | undefined {
    const scoped = this.scopes.get(keyOf(scope));
    const entry = scoped?.entries.get(metric);
    return scoped && entry && knownMetric(scoped.scope, metric, entry);
  }

  /** Whatever else the metric is known for. */
  scopesOf(metric: string): MetricScope[] {
    return [...this.scopes.values()].flatMap(({ scope, entries }) => (entries.has(metric) ? [scope] : []));
  }

  *[Symbol.iterator](): Generator<KnownMetric> {
    for (const { scope, entries } of this.scopes.values()) {
      for (const [metric, entry] of entries) yield knownMetric(scope, metric, entry);
    }
  }
}

/**
 * A metric of a scope as the last of its exposures gives it.
 * @param exposures at least one
 */
export function metricOf(
  scope: MetricScope,
  metric: string,
  exposures: readonly Exposure[],
): KnownMetric | undefined {
  let entry: Entry | undefined;
  for (const exposure of exposures) entry = joined(entry, exposure);
  return entry && knownMetric(scope, metric, entry);
}

function joined(before: Entry | undefined, exposure: Exposure): Entry {
  if (!before) return exposure;
  if ('series' in before) return { last: exposure, all: new Set([before, exposure]) };
  before.all.delete(exposure);
  return { last: exposure, all: before.all.add(exposure) };
}

function knownMetric({ resource, namespaced }: MetricScope, metric: string, entry: Entry): KnownMetric {
  const { series, rule } = 'series' in entry ? entry : entry.last;
  const rivals = 'series' in entry ? [] : [...entry.all].filter((exposure) => exposure !== entry.last);
  return { metric, resource, namespaced, series, rule, rivals };
}

function keyOf({ api, resource, namespaced }: MetricScope): string {
  return `${api}/${resource ? groupResourceText(resource) : ''}/${namespaced}`;
}
