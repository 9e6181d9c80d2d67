/** PromQL as Prometheus 3 evaluates it: a store of time series, the language, and queries over the store. */
export {
  type Aggregator,
  type AggregateExpr,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type FunctionName,
  type Grouping,
  type MatrixSelector,
  type NumberLiteral,
  type StringLiteral,
  type UnaryExpr,
  type ValueType,
  type VectorMatching,
  type VectorSelector,
  typeOf,
} from './ast';
export { Matcher, type MatchOperator } from './matcher';
export { parseExpr, parseSelector } from './parser';
export { printExpr } from './print';
export { DEFAULT_LOOKBACK_MS, prepare, type PreparedQuery } from './query';
export { type MatrixResult, type Point, type PointSeries, type QueryResult, type Sample } from './result';
export { type SelectorUse, selectorsOf } from './selectors-of';
export { type Series } from './series';
export { SeriesStore } from './store';
