import { type ServedMetrics, servedGroups } from './discovery-resources';
import { versionsOf } from './groups';

/** What there is whatever is configured. */
const COMMON: readonly string[] = [
  '/apis',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
];

/**
 * `/`: `metav1.RootPaths` of what is served, as compact JSON.
 * @param checks paths of single health checks, such as `/readyz/ping`
 */
export function encodePaths(served: ServedMetrics, checks: readonly string[]): string {
  const groups = servedGroups(served).flatMap((group) => [
    `/apis/${group}`,
    ...versionsOf(group).map((version) => `/apis/${group}/${version}`),
  ]);
  return JSON.stringify({ paths: [...COMMON, ...groups, ...checks].sort() });
}
