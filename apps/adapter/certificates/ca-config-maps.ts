import { z } from 'zod';
import { UsageError } from '../../../core/errors';
import { ApiError, PATCH, type ApiClient } from '../../kube-api';
import type { NamespacedName } from './namespaced-name';

/** Key under which the authorities stand, as in Secrets of certificates and in `kube-root-ca.crt`. */
const KEY = 'ca.crt';

const configMap = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).nullish(),
});

/** A ConfigMap from which others learn whose certificates to believe. */
export interface CaConfigMap {
  readonly at: NamespacedName;
  readonly resourceVersion: string;
  /** Authorities, PEM. */
  readonly bundle: string;
}

/** @throws UsageError if there is none; ApiError and the like */
export async function readCaConfigMap(
  client: ApiClient,
  at: NamespacedName,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CaConfigMap> {
  try {
    const { metadata, data } = configMap.parse(await client.get(pathOf(at), timeoutMs, signal));
    return { at, resourceVersion: metadata.resourceVersion, bundle: data?.[KEY] ?? '' };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
    throw new UsageError(`it does not exist: create it without data; the adapter fills in ${KEY}`);
  }
}

/**
 * Writes the authorities into it; other keys stay.
 * @throws ApiError of code 409 if it has changed since it was read
 */
export async function publish(
  client: ApiClient,
  { at, resourceVersion }: CaConfigMap,
  bundle: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const body = { metadata: { resourceVersion }, data: { [KEY]: bundle } };
  await client.patch(pathOf(at), body, PATCH.merge, timeoutMs, signal);
}

/** Path of the collection that it is in. */
export function configMapsPath({ namespace }: NamespacedName): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

function pathOf(at: NamespacedName): string {
  return `${configMapsPath(at)}/${encodeURIComponent(at.name)}`;
}
