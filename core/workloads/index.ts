export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isPrometheusOperator, programFor } from './catalogue';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export type { IncomingRequest, OutgoingCall, Program, Setting } from './program';
