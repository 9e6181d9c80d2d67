import { messageOf } from '../../errors';
import { Matcher, parseSelector } from '../../promql';
import { type CompiledRule } from '../../rules';
import { type DiscoveryResult } from './discovery';
import { SeriesNames } from './series-names';

/** What a source is asked while series are listed. */
export interface ListingQuestion {
  /** Key of `plimsoll.sources`; `''` for the endpoint of the flags. */
  readonly source: string;
  /** The names of labels (`/api/v1/labels`), or the names of series (`/api/v1/label/__name__/values`). */
  readonly kind: 'labels' | 'names';
  readonly match: readonly string[];
  /** The beginning of the time that is looked at; its end is now. */
  readonly startMs: number;
}

/** What it answers. */
export type ListingReply = { readonly values: readonly string[] } | { readonly error: string };

/** One selector to list, of one source. */
export interface Listing {
  /** Tells listings from each other. */
  readonly key: string;
  /** Key of `plimsoll.sources`; `''` for the endpoint of the flags. */
  readonly source: string;
  readonly selector: string;
  /** How far back to look, if that is not `--metrics-max-age`. */
  readonly maxAgeMs?: number | undefined;
  /** The rules that it is for. */
  readonly rules: readonly CompiledRule[];
}

export interface ListingTimes {
  readonly atMs: number;
  /** `--metrics-max-age` */
  readonly maxAgeMs: number;
}

/** Names of series that are kept of one listing. */
const MOST_NAMES = 100_000;

/** Asks questions, is given the answers, and ends with what the listing found. */
export type AskingForNames = Generator<ListingQuestion, DiscoveryResult, ListingReply>;

/**
 * Lists a selector by names alone: the labels of its series, and for each label that names an object the names of the
 * series that have it. What rules make of a series depends on nothing else: it is registered once for each label that
 * names an object, and of a kind that is in namespaces always inside them.
 */
export function* listNames(listing: Listing, times: ListingTimes, limit = MOST_NAMES): AskingForNames {
  const { source, selector, rules } = listing;
  const startMs = times.atMs - (listing.maxAgeMs ?? times.maxAgeMs);
  let matchers: readonly Matcher[];
  try {
    matchers = parseSelector(selector);
  } catch (error) {
    return { error: messageOf(error) };
  }
  const names = new SeriesNames.Builder(limit);
  const asked = new Map<string, readonly string[]>();
  function* namesOf(match: string): Generator<ListingQuestion, string | undefined, ListingReply> {
    if (asked.has(match)) return undefined;
    const reply = yield { source, kind: 'names', match: [match], startMs };
    if ('error' in reply) return reply.error;
    asked.set(match, reply.values);
    return undefined;
  }
  if (rules.some(({ api }) => api === 'external')) {
    const error = yield* namesOf(selector);
    if (error !== undefined) return { error };
    names.add(asked.get(selector) ?? []);
  }
  const custom = rules.filter(({ api }) => api === 'custom');
  if (custom.length === 0) return names.build();
  const labels = yield { source, kind: 'labels', match: [selector], startMs };
  if ('error' in labels) return labels;
  for (const label of labels.values) {
    if (!custom.some((rule) => rule.resourceFor(label))) continue;
    const match = withLabel(selector, matchers, label);
    const error = yield* namesOf(match);
    if (error !== undefined) return { error };
    names.add(asked.get(match) ?? [], label);
  }
  return names.build(labels.values.filter((label) => label !== '__name__'));
}

/** The selector for those of its series that have a label. */
function withLabel(selector: string, matchers: readonly Matcher[], label: string): string {
  const isGiven = matchers.some((matcher) => matcher.label === label && !matcher.matches(''));
  return isGiven ? selector : `{${[...matchers, new Matcher(label, '!=', '')].join(',')}}`;
}
