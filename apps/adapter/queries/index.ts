/** Results of queries: kept while they are fresh, asked for once for all that wait, and for many requests at a time. */
export { Queries } from './queries';
export { type QuerySource } from './query-runner';
export { type TimedOutcome, type WantedQuery } from './wanted-query';
