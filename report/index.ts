export { brokenLinksText, checkSummary, findingsJson, findingsText } from './findings';
export { htmlReport } from './html';
export { jsonReport } from './json';
export { differenceText, replayText } from './replay-text';
export { hang, type Style } from './style';
export { replicaCharts, summaryText, type RehearsalSummary } from './summary-text';
export { textReport } from './text';
export { expectationsMet } from './verdict';
