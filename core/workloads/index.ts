export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isKnownProgram, isPrometheusOperator, kedaPart, programFor } from './catalogue';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { probePort, probeRequest, probeSucceeds } from './probe';
export type { IncomingRequest, OutgoingCall, Program, Setting } from './program';
