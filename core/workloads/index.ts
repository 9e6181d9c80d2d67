export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isKnownProgram, isPrometheusOperator, programFor } from './catalogue';
export { ENVOY_METRICS } from './envoy';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { PODINFO_METRICS } from './podinfo';
export { probePort, probeRequest, probeSucceeds, probeTarget } from './probe';
export type { IncomingRequest, OutgoingCall, Program, Sample, Setting } from './program';
