/** Clients of Prometheus-compatible endpoints. */
export { createSource, type PrometheusSource } from './source';
export { type SourceDeps, type SourceRequest } from './deps';
export { inClusterSettings } from './kubernetes';
