/** What rules make of series, from listing to the value that an autoscaler gets, and where that ends if it does. */
export {
  adapterExplanation,
  type AdapterExplanation,
  type FusionJson,
  type MetricExplanationJson,
  type ResultJson,
  type UsageExplanationJson,
} from './adapter-explanation';
export { discover, metricNames, reportRules, type RuleReport } from './discover';
export { type Explanation, explainRequest, type ServedValue } from './explain-request';
export { formatSample } from './format-sample';
export { type Question, type Reply, runAsking, runAskingSlowly } from './question';
export { readSeries, StoreFiller } from './series-input';
export { storeReplies } from './store-source';
export { type MetricTarget, parseTarget, requestFor } from './target';
export { MISSING_REASONS, type Verdict } from './verdict';
