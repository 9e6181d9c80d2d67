import type { Check } from './check';
import {
  duplicateObject,
  invalidName,
  namespaceOnClusterScoped,
  defaultNamespace,
  namespaceMissing,
} from './names';
import { missingReference } from './references';
import { unpinnedImage } from './images';
import { podSecurityViolation } from './pod-security';
import {
  serviceWithoutPods,
  servicePortUnresolved,
  servicePortUndeclared,
  duplicateServicePort,
} from './services';
import {
  monitorNotSelected,
  prometheusSelectsNothing,
  scrapeNotUnderstood,
  monitorSelectsNothing,
  monitorPortUnresolved,
  targetScrapedTwice,
  unknownProgram,
} from './scraping';
import { adapterMisconfigured, adapterNotUnderstood, prometheusUnreachable } from './adapters';
import {
  apiServiceUnreachable,
  apiServiceOwnedTwice,
  apiServiceMisnamed,
  apiServiceTlsConflict,
  apiServiceInsecure,
} from './api-services';
import { adapterDelegation, adapterAccess, prometheusAccess } from './access';
import {
  invalidAutoscaler,
  autoscalerNotRead,
  autoscalerTargetMissing,
  replicasOwnedTwice,
  podsOfTwoAutoscalers,
  scaledObjectConflict,
  missingResourceRequests,
} from './autoscaler-target';
import {
  metricsApiMissing,
  resourceMetricsApiMissing,
  metricWithoutRule,
  seriesNotScraped,
  seriesLabelMissing,
  metricOfOtherPods,
  metricNotVerified,
  describedObjectMissing,
  describedObjectClusterScoped,
} from './autoscaler-metrics';
import {
  ruleQueryInvalid,
  ruleQueryNotUnderstood,
  rateWindowTooShort,
  rateWindowTight,
  rateOfGauge,
  counterWithoutRate,
} from './rule-queries';
import {
  callTargetMissing,
  hopBlocked,
  apiServerBlocked,
  dnsBlocked,
  policyNotUnderstood,
} from './connectivity';
import { l7PolicyMissing, l7CountedTwice } from './l7';

/** Every check, in the order of the chain: the objects by themselves, scraping, the adapter, autoscalers, the network. */
export const ALL_CHECKS: readonly Check[] = [
  duplicateObject,
  invalidName,
  namespaceOnClusterScoped,
  defaultNamespace,
  namespaceMissing,
  missingReference,
  unpinnedImage,
  podSecurityViolation,
  serviceWithoutPods,
  servicePortUnresolved,
  servicePortUndeclared,
  duplicateServicePort,
  monitorNotSelected,
  prometheusSelectsNothing,
  scrapeNotUnderstood,
  monitorSelectsNothing,
  monitorPortUnresolved,
  targetScrapedTwice,
  unknownProgram,
  adapterMisconfigured,
  adapterNotUnderstood,
  prometheusUnreachable,
  apiServiceUnreachable,
  apiServiceOwnedTwice,
  apiServiceMisnamed,
  apiServiceTlsConflict,
  apiServiceInsecure,
  adapterDelegation,
  adapterAccess,
  prometheusAccess,
  invalidAutoscaler,
  autoscalerNotRead,
  autoscalerTargetMissing,
  replicasOwnedTwice,
  podsOfTwoAutoscalers,
  scaledObjectConflict,
  missingResourceRequests,
  metricsApiMissing,
  resourceMetricsApiMissing,
  metricWithoutRule,
  seriesNotScraped,
  seriesLabelMissing,
  metricOfOtherPods,
  metricNotVerified,
  describedObjectMissing,
  describedObjectClusterScoped,
  ruleQueryInvalid,
  ruleQueryNotUnderstood,
  rateWindowTooShort,
  rateWindowTight,
  rateOfGauge,
  counterWithoutRate,
  callTargetMissing,
  hopBlocked,
  apiServerBlocked,
  dnsBlocked,
  policyNotUnderstood,
  l7PolicyMissing,
  l7CountedTwice,
];
