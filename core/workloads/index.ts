export { BACKEND_METRICS } from './backend';
export { readCapacityConfig } from './capacity-config';
export {
  isKnownProgram,
  isPlimsollAdapter,
  isPrometheusAdapter,
  isPrometheusOperator,
  kedaPart,
  programFor,
} from './catalogue';
export { CLUSTER_METRICS } from './cluster-metrics';
export { ENVOY_METRICS } from './envoy';
export { portFlag } from './go-flags';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { KUBE_STATE_METRICS, wholeName } from './kube-state-metrics';
export { isMetricsServer, metricsServerFlags, type MetricsServerFlags } from './metrics-server';
export { NODE_EXPORTER_METRICS } from './node-exporter';
export { headStart, rateOf, sendersOf, type Pace } from './pace';
export { HEALTH } from './paths';
export { PODINFO_METRICS } from './podinfo';
export { probePort, probeRequest, probeSucceeds, probeTarget } from './probe';
export type {
  ContainerUsage,
  IncomingRequest,
  OutgoingCall,
  Program,
  Sample,
  SeriesModel,
  Setting,
} from './program';
export { PROM_FAKE_METRICS, PROM_FAKE_VALUE_PATH } from './prom-fake';
export { SPORTSBOOK_HEALTH, SPORTSBOOK_METRICS, SPORTSBOOK_PATH } from './sportsbook-api';
export { checkUsage, cpuLimitOf, usageOf, usageYaml } from './usage';
export { WORKER_METRICS } from './worker';
export { COUNTED, SAMPLE_APP_METRICS, SAMPLE_APP_PATH } from './sample-app';
export { readWorkerConfig } from './worker-config';
