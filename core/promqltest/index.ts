/** The language of Prometheus' PromQL test scripts, run against Plimsoll's own engine. */
export { engineOptions, FEATURES, type Feature, SERVER_FEATURES, TEST_ENGINE_FEATURES } from './features';
export { printable } from './printable';
export { parseSeriesNotation, type SequenceValue } from './series-notation';
export { type CaseResult, NATIVE_HISTOGRAMS, runScript } from './run-script';
export { type ScriptTally, tally } from './tally';
