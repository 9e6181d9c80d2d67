export { findingsJson, findingsText } from './findings';
export { htmlReport } from './html';
export { jsonReport } from './json';
export type { Style } from './style';
export { textReport } from './text';
export { expectationsMet } from './verdict';
