import { type QueryOutcome } from '../adapter';
import { messageOf } from '../errors';
import { parseSelector, prepare, type SeriesStore } from '../promql';
import { type Question, type Reply } from './question';

/** How far back the adapter lists series, unless `--metrics-max-age` says otherwise. */
const MAX_AGE_MS = 600_000;

/**
 * Replies from series in memory as Prometheus would at that time.
 * @param maxAgeMs how far back series are listed
 */
export function storeReplies(
  store: SeriesStore,
  atMs: number,
  maxAgeMs = MAX_AGE_MS,
): (question: Question) => Reply {
  return (question) => {
    switch (question.kind) {
      case 'names':
        return { kind: 'names', names: store.labelValues('__name__') };
      case 'query':
        return { kind: 'query', outcome: evaluate(store, question.query, atMs) };
      case 'series':
        return { kind: 'series', result: list(store, question.selector, atMs - maxAgeMs, atMs) };
    }
  };
}

function list(store: SeriesStore, selector: string, fromMs: number, atMs: number) {
  try {
    return store.seriesBetween(parseSelector(selector), fromMs, atMs);
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function evaluate(store: SeriesStore, query: string, atMs: number): QueryOutcome {
  try {
    const result = prepare(query).evaluate(store, atMs);
    return result.type === 'matrix' || result.type === 'string' ? { type: result.type } : result;
  } catch (error) {
    return { error: messageOf(error) };
  }
}
