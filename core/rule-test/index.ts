/** Unit tests for rules: series in, metrics and values out. */
export { type RuleTestResult, runRuleTests } from './run-tests';
export { parseRuleTests, type RuleTestFile } from './test-file';
