export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isKnownProgram, isPrometheusOperator, programFor } from './catalogue';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { headStart, rateOf, sendersOf, type Pace } from './pace';
export { probePort, probeRequest, probeSucceeds } from './probe';
export type { IncomingRequest, OutgoingCall, Program, SeriesModel, Setting } from './program';
