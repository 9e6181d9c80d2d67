import { type RuleCheck } from '../check';
import { metricConflict } from './conflicts';
import { metricOfManySeries, nameReference, neverMatches, seriesUnused } from './naming';
import {
  externalGroupBy,
  externalMatchersMissing,
  leadingComma,
  matchersMissing,
  matchersPartial,
  queryDropsObject,
  queryDropsSomeObjects,
  queryInvalid,
  queryNotBuilt,
  queryNotUnderstood,
  queryType,
} from './queries';
import { counterWithoutRate, rateOfGauge, windowTight, windowTooShort } from './rates';
import { resourceRuleInvalid } from './resource-rules';
import {
  externalNamespaceUnmapped,
  namespaceLabelMissing,
  resourceLabelsAmbiguous,
  resourcesMissing,
  templateWithoutCoreGroup,
} from './resources';
import { matcherNotRegexp, oldCadvisorLabels, selectorInvalid, selectorTooWide } from './selectors';
import {
  maxAgeShort,
  sampleAgeLong,
  sampleAgeShort,
  sampleAgeUnknown,
  sourceInClear,
  sourceUnused,
} from './settings';
import { configUnreadable, nothingServed, ruleInvalid, ruleNotUnderstood } from './startup';

/** Everything that a configuration is checked for, in the order in which findings of one place are told. */
export const RULE_CHECKS: readonly RuleCheck[] = [
  ...[configUnreadable, nothingServed, ruleInvalid, ruleNotUnderstood],
  ...[selectorInvalid, selectorTooWide, matcherNotRegexp, oldCadvisorLabels],
  ...[neverMatches, nameReference, metricOfManySeries, seriesUnused, metricConflict],
  ...[resourcesMissing, templateWithoutCoreGroup, resourceLabelsAmbiguous],
  ...[namespaceLabelMissing, externalNamespaceUnmapped],
  ...[queryNotBuilt, queryInvalid, queryNotUnderstood, leadingComma, queryType],
  ...[queryDropsObject, queryDropsSomeObjects],
  ...[matchersMissing, matchersPartial, externalMatchersMissing, externalGroupBy],
  ...[rateOfGauge, counterWithoutRate, windowTooShort, windowTight],
  resourceRuleInvalid,
  ...[sourceUnused, sourceInClear, maxAgeShort, sampleAgeShort, sampleAgeLong, sampleAgeUnknown],
];
