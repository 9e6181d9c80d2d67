import { z } from 'zod';
import { inClusterAccess, proxiedAccess, type ApiAccess } from '../kube-api';
import { durationMs, httpSettings } from '../runtime';

const HOUR_MS = 3_600_000;

/** Settings of the exporter; what it counts is read by `readCapacityConfig`. */
export const exporterSettings = httpSettings.extend({
  EXCLUDE_NAMESPACES: z.string().optional(),
  RESERVE_CPU: z.string().optional(),
  OPPORTUNISTIC_SELECTOR: z.string().optional(),
  SLOT_CPU: z.string().optional(),
  /** How long the API server may be silent before its last word counts for nothing. */
  STALE_AFTER: durationMs(HOUR_MS).default(180_000),
  /** For development: an API server, or a proxy of it, that wants no credentials. */
  KUBERNETES_API_URL: z.url('must be a URL like http://127.0.0.1:8001').optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().optional(),
});
export type ExporterSettings = z.output<typeof exporterSettings>;

/** @throws UsageError outside a pod without an explicit URL */
export function accessFor(settings: ExporterSettings): ApiAccess {
  const { KUBERNETES_API_URL: url, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = settings;
  return url === undefined ? inClusterAccess({ host, port }) : proxiedAccess(url);
}
