/** PromQL as Prometheus 3 evaluates it: a store of time series, the language, and queries over the store. */
export { type Annotation } from './annotations';
export { type Expr, typeOf, type VectorSelector } from './language/ast';
export { keepsLabel } from './language/keeps-label';
export { Matcher } from './language/matcher';
export { DEFAULT_LOOKBACK_MS, type EngineOptions } from './options';
export { parseExpr, parseSelector } from './language/parser';
export { printExpr } from './language/print';
export { prepare, type PreparedQuery } from './query';
export { type QueryResult } from './result';
export { type SelectorUse, selectorsOf } from './language/selectors-of';
export { type Series } from './storage/series';
export { SeriesStore } from './storage/store';
