import type { QueryOutcome } from '../../../core/adapter/request';
import { notUnderstood, pointValue, vectorSamples } from './samples';

type Answered = Exclude<QueryOutcome, { readonly error: string }>;

/** The data of an answer to an instant query. @throws SourceError */
export function queryResult(data: unknown): Answered {
  if (typeof data !== 'object' || data === null || !('resultType' in data)) {
    throw notUnderstood('it has no result');
  }
  const { resultType } = data;
  const result = 'result' in data ? data.result : undefined;
  switch (resultType) {
    case 'vector':
      return { type: 'vector', samples: vectorSamples(result) };
    case 'scalar':
      return { type: 'scalar', value: pointValue(result) };
    case 'matrix':
    case 'string':
      return { type: resultType };
    default:
      throw notUnderstood('the type of its result is none that Prometheus has');
  }
}

/** The data of an answer to a question for names. @throws SourceError */
export function nameList(data: unknown): { readonly values: readonly string[] } {
  // An empty list is null in some successors of Prometheus.
  if (data === null || data === undefined) return { values: [] };
  if (!isNames(data)) throw notUnderstood('it is no list of names');
  return { values: data };
}

function isNames(data: unknown): data is readonly string[] {
  return Array.isArray(data) && data.every((name) => typeof name === 'string');
}
