import { type MetricsGroup } from './routed';

/** In the order of `/apis`. */
export const METRICS_GROUPS: readonly MetricsGroup[] = [
  'custom.metrics.k8s.io',
  'external.metrics.k8s.io',
  'metrics.k8s.io',
];

/**
 * The versions of a group, the preferred one first. Upstream answers v1beta2 of custom metrics as well, without saying
 * so; what it prefers stays preferred.
 */
export function versionsOf(group: MetricsGroup): readonly string[] {
  return group === 'custom.metrics.k8s.io' ? ['v1beta1', 'v1beta2'] : ['v1beta1'];
}

/** The group whose web service claims a path. Slashes in front or in between must be single ones. */
export function groupOfPath(path: string): MetricsGroup | undefined {
  return METRICS_GROUPS.find((group) => path === `/apis/${group}` || path.startsWith(`/apis/${group}/`));
}
