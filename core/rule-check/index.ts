/** What is wrong with a configuration of prometheus-adapter, and what to write instead. */
export { checkRules } from './check-rules';
export { RULE_CHECKS } from './checks';
export { type ConfigText, configTextIn } from './config-text';
export { type RuleFinding } from './finding';
