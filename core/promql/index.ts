/** PromQL as Prometheus 3 evaluates it: a store of time series, the language, and queries over the store. */
export { type Expr, typeOf, type VectorSelector } from './ast';
export { Matcher } from './matcher';
export { parseExpr, parseSelector } from './parser';
export { printExpr } from './print';
export { DEFAULT_LOOKBACK_MS, prepare, type PreparedQuery } from './query';
export { type QueryResult } from './result';
export { type SelectorUse, selectorsOf } from './selectors-of';
export { type Series } from './series';
export { SeriesStore } from './store';
