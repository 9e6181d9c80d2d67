import type { QueryOutcome, QuerySample } from '../../../core/adapter';
import { splitQuery, type Fusion } from '../../../core/adapter/fusion';
import type { Queries, TimedOutcome, WantedQuery } from '../queries';
import type { FusableRequest } from '../queries/fused-results';

/** A longer query is split by the names in it, where that is provably the same. */
const LONGEST_PART = 64 * 1024;
/** Longest query that is sent, as it is sent: in a form. More than this proxies refuse, unless they are told otherwise. */
const LONGEST_BYTES = 1024 * 1024;

/** A query of a plan: on its own, or perhaps together with those of other requests. */
export interface PreparedQuery {
  /** All of it. */
  readonly whole: string;
  /** One, or several that together ask for what would be too long for one. */
  readonly parts: readonly WantedQuery[];
  readonly fusable?: FusableRequest | undefined;
  /** Why it cannot be sent, even if it is split. */
  readonly tooLong?: string | undefined;
}

/** The objects that a query is about. */
interface QueryObjects {
  readonly namespace: string | undefined;
  readonly names: readonly string[];
}

/** @param fusion of the query with that of other requests; what cannot be fused cannot be split either */
export function prepareQuery(wanted: WantedQuery, fusion: Fusion, objects: QueryObjects): PreparedQuery {
  const { namespace, names } = objects;
  if (!fusion.fusable)
    return measured({ whole: wanted.text, parts: [wanted] }, `it cannot be split, because ${fusion.reason}`);
  const texts =
    wanted.text.length <= LONGEST_PART ? [wanted.text] : splitQuery(fusion, namespace, names, LONGEST_PART);
  const parts = texts.map((text) => ({ ...wanted, text }));
  return measured(
    { whole: wanted.text, parts, fusable: { wanted, fused: fusion, namespace, names } },
    'that for one object alone',
  );
}

/** The result of a query, in one or in parts. */
export async function resultOf(queries: Queries, prepared: PreparedQuery): Promise<TimedOutcome> {
  const alone = () => inParts(prepared.parts, (part) => queries.single(part));
  return prepared.fusable ? queries.fusable(prepared.fusable, alone) : alone();
}

/** The result of a query whose parts are asked for one after the other. */
export async function inParts(
  parts: PreparedQuery['parts'],
  ask: (part: WantedQuery) => TimedOutcome | Promise<TimedOutcome>,
): Promise<TimedOutcome> {
  const results: TimedOutcome[] = [];
  for (const part of parts) results.push(await ask(part));
  const [first] = results;
  if (first && results.length === 1) return first;
  const outcome = joined(results.map((result) => result.outcome));
  return { outcome, atMs: Math.min(...results.map(({ atMs }) => atMs)) };
}

/** The results of the parts of one query; the first that is none of a query for objects counts for all. */
function joined(outcomes: readonly QueryOutcome[]): QueryOutcome {
  const samples: QuerySample[] = [];
  for (const outcome of outcomes) {
    if ('error' in outcome || outcome.type !== 'vector') return outcome;
    // A flood of samples is more than a call takes as arguments.
    for (const sample of outcome.samples) samples.push(sample);
  }
  return { type: 'vector', samples };
}

function measured(prepared: PreparedQuery, why: string): PreparedQuery {
  const longest = Math.max(...prepared.parts.map(({ text }) => sentBytes(text)));
  if (longest <= LONGEST_BYTES) return prepared;
  const tooLong = `the query is ${longest} bytes long, more than the ${LONGEST_BYTES} that are sent, and ${why}: ask for fewer objects`;
  return { ...prepared, tooLong };
}

/** A character takes nine bytes at the most. */
function sentBytes(text: string): number {
  if (text.length * 9 <= LONGEST_BYTES) return text.length;
  return new URLSearchParams({ query: text }).toString().length;
}
