export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isKnownProgram, isPrometheusOperator, programFor } from './catalogue';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { KUBE_STATE_METRICS, wholeName } from './kube-state-metrics';
export { NODE_EXPORTER_METRICS } from './node-exporter';
export { probePort, probeRequest, probeSucceeds } from './probe';
export type { IncomingRequest, OutgoingCall, Program, Setting } from './program';
