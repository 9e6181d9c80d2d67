import type { Check } from './check';
import {
  duplicateObject,
  invalidName,
  namespaceOnClusterScoped,
  defaultNamespace,
  namespaceMissing,
} from './names';
import { missingReference, missingSecret } from './references';
import { probeFails, probePortMissing } from './probes';
import { selectorWithoutOwnPods } from './pod-templates';
import { unpinnedImage } from './images';
import { podSecurityViolation } from './pod-security';
import { programMisconfigured, programNotUnderstood } from './program-arguments';
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
  scrapeWithoutMetrics,
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
import { adapterDelegation, adapterAccess, prometheusAccess, watcherAccess } from './access';
import { operatorAccess, operatorMissing, operatorScope } from './operators';
import {
  autoscalerVersionGone,
  invalidAutoscaler,
  autoscalerNotRead,
  autoscalerTargetMissing,
  replicasOwnedTwice,
  scalingDisabled,
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
  queryWithoutSeries,
} from './rule-queries';
import { queryDropsObject } from './query-results';
import {
  kedaAccess,
  kedaMisconfigured,
  kedaMissing,
  kedaScope,
  scaledObjectInvalid,
  scaledObjectNotUnderstood,
  triggerKeyIgnored,
} from './keda';
import {
  triggerNotVerified,
  triggerPrometheusUnreachable,
  triggerResultAmbiguous,
  triggerResultType,
  triggerSeriesNotScraped,
} from './triggers';
import { metricSelectorUnmet } from './metric-selectors';
import { unschedulable } from './unschedulable';
import { fargateUnsupported } from './fargate';
import {
  metricsServerAccess,
  metricsServerMisconfigured,
  resourceMetricsNotVerified,
} from './metrics-server';
import {
  callTargetMissing,
  hopBlocked,
  apiServerBlocked,
  dnsBlocked,
  policyNotUnderstood,
} from './connectivity';
import { l7PolicyMissing, l7CountedTwice } from './l7';

/** Every check, in the order of the chain: the objects by themselves, scraping, the adapter, KEDA, autoscalers, the network. */
export const ALL_CHECKS: readonly Check[] = [
  duplicateObject,
  invalidName,
  namespaceOnClusterScoped,
  defaultNamespace,
  namespaceMissing,
  missingReference,
  missingSecret,
  unpinnedImage,
  podSecurityViolation,
  programMisconfigured,
  programNotUnderstood,
  selectorWithoutOwnPods,
  unschedulable,
  fargateUnsupported,
  probePortMissing,
  probeFails,
  serviceWithoutPods,
  servicePortUnresolved,
  servicePortUndeclared,
  duplicateServicePort,
  monitorNotSelected,
  prometheusSelectsNothing,
  scrapeNotUnderstood,
  monitorSelectsNothing,
  monitorPortUnresolved,
  scrapeWithoutMetrics,
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
  watcherAccess,
  metricsServerMisconfigured,
  metricsServerAccess,
  resourceMetricsNotVerified,
  operatorMissing,
  operatorScope,
  operatorAccess,
  scaledObjectInvalid,
  scaledObjectNotUnderstood,
  kedaMissing,
  kedaMisconfigured,
  kedaScope,
  kedaAccess,
  triggerKeyIgnored,
  triggerPrometheusUnreachable,
  triggerSeriesNotScraped,
  triggerNotVerified,
  triggerResultType,
  triggerResultAmbiguous,
  invalidAutoscaler,
  autoscalerVersionGone,
  autoscalerNotRead,
  autoscalerTargetMissing,
  replicasOwnedTwice,
  scalingDisabled,
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
  queryWithoutSeries,
  queryDropsObject,
  metricSelectorUnmet,
  callTargetMissing,
  hopBlocked,
  apiServerBlocked,
  dnsBlocked,
  policyNotUnderstood,
  l7PolicyMissing,
  l7CountedTwice,
];
