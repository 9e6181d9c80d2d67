import { type SeriesListing, type QueryOutcome } from '../adapter';

/**
 * What an explanation has to ask Prometheus. Explanations are generators that yield questions and are given replies, so
 * that the same code works on series in memory and on a server.
 */
export type Question =
  /** The series that a selector selected lately: `/api/v1/series`. */
  | { readonly kind: 'series'; readonly selector: string }
  /** An instant query: `/api/v1/query`. */
  | { readonly kind: 'query'; readonly query: string }
  /** The names of all series: `/api/v1/label/__name__/values`. */
  | { readonly kind: 'names' };

export type Reply =
  | { readonly kind: 'series'; readonly result: SeriesListing }
  | { readonly kind: 'query'; readonly outcome: QueryOutcome }
  | { readonly kind: 'names'; readonly names: readonly string[] };

/** A computation that asks Prometheus. */
export type Asking<T> = Generator<Question, T, Reply>;

export function* askSeries(selector: string): Asking<SeriesListing> {
  const reply = yield { kind: 'series', selector };
  return reply.kind === 'series' ? reply.result : mismatch(reply);
}

export function* askQuery(query: string): Asking<QueryOutcome> {
  const reply = yield { kind: 'query', query };
  return reply.kind === 'query' ? reply.outcome : mismatch(reply);
}

export function* askNames(): Asking<readonly string[]> {
  const reply = yield { kind: 'names' };
  return reply.kind === 'names' ? reply.names : mismatch(reply);
}

/** Runs a computation to its end. */
export function runAsking<T>(asking: Asking<T>, reply: (question: Question) => Reply): T {
  let step = asking.next();
  while (!step.done) step = asking.next(reply(step.value));
  return step.value;
}

/** The same where replies take their time. */
export async function runAskingSlowly<T>(
  asking: Asking<T>,
  reply: (question: Question) => Promise<Reply>,
): Promise<T> {
  let step = asking.next();
  while (!step.done) step = asking.next(await reply(step.value));
  return step.value;
}

function mismatch(reply: Reply): never {
  throw new TypeError(`a reply of kind ${reply.kind} answers another question`);
}
