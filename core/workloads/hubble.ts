import type { MetricContract } from '../model';

/**
 * Context labels of the agent's HTTP metrics that the `labelsContext` option of a metric may name. A cluster exports
 * those that its configuration lists.
 */
const CONTEXT_LABELS = [
  'source_ip',
  'source_namespace',
  'source_pod',
  'source_workload',
  'source_workload_kind',
  'source_app',
  'destination_ip',
  'destination_namespace',
  'destination_pod',
  'destination_workload',
  'destination_workload_kind',
  'destination_app',
  'traffic_direction',
] as const;

/** What the Cilium agent exports about HTTP requests that crossed an L7 proxy (Hubble metric `httpV2`). */
export const HUBBLE_METRICS = {
  port: 'hubble-metrics',
  path: '/metrics',
  series: {
    requests: {
      name: 'hubble_http_requests_total',
      type: 'counter',
      help: 'HTTP requests by method, protocol, status and the side that reported them.',
      labels: ['method', 'protocol', 'status', 'reporter', ...CONTEXT_LABELS],
    },
    duration: {
      name: 'hubble_http_request_duration_seconds',
      type: 'histogram',
      help: 'Time from request to response in seconds, by method and the side that reported it.',
      labels: ['method', 'reporter', ...CONTEXT_LABELS],
    },
  },
} as const satisfies MetricContract;
