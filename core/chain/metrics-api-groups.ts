/** The API groups that a metrics adapter serves, by the name that rules use for them. */
export const METRICS_API_GROUPS = {
  custom: 'custom.metrics.k8s.io',
  external: 'external.metrics.k8s.io',
} as const;

/** The API of resource metrics. */
export const RESOURCE_METRICS_GROUP = 'metrics.k8s.io';
