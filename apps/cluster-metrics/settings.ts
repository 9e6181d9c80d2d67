import { z } from 'zod';
import { inClusterAccess, proxiedAccess, type ApiAccess } from '../kube-api';
import { durationMs, httpSettings, wholeNumber } from '../runtime';

const HOUR_MS = 3_600_000;
const MAX_PORT = 65_535;

/** Settings of the exporter; what it counts is read by `readCapacityConfig`. */
export const exporterSettings = httpSettings.extend({
  EXCLUDE_NAMESPACES: z.string().optional(),
  RESERVE_CPU: z.string().optional(),
  OPPORTUNISTIC_SELECTOR: z.string().optional(),
  SLOT_CPU: z.string().optional(),
  /** How long the API server may be silent before its last word counts for nothing. */
  STALE_AFTER: durationMs(HOUR_MS).default(180_000),
  /** For development: an API server, or a proxy of it, that wants no credentials. */
  KUBERNETES_API_URL: z
    .string()
    .refine(isApiUrl, 'must be a URL without a path, like http://127.0.0.1:8001')
    .optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: wholeNumber(1, MAX_PORT).optional(),
});
export type ExporterSettings = z.output<typeof exporterSettings>;

/** The paths of the API begin at its root. */
function isApiUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && pathname === '/';
}

/** @throws UsageError outside a pod without an explicit URL */
export function accessFor(settings: ExporterSettings): ApiAccess {
  const { KUBERNETES_API_URL: url, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = settings;
  return url === undefined ? inClusterAccess({ host, port }) : proxiedAccess(url);
}
