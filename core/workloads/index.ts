export { BACKEND_HEALTH_PATH, BACKEND_METRICS } from './backend';
export { isKnownProgram, isPrometheusOperator, programFor } from './catalogue';
export { HUBBLE_METRICS } from './hubble';
export type { FlowEnd, HttpFlow } from './hubble-config';
export { isMetricsServer, metricsServerFlags, type MetricsServerFlags } from './metrics-server';
export { probePort, probeRequest, probeSucceeds } from './probe';
export type { ContainerUsage, IncomingRequest, OutgoingCall, Program, Setting } from './program';
export { checkUsage, cpuLimitOf, usageOf, usageYaml } from './usage';
