import { z } from 'zod';
import { PATCH, type ApiClient } from '../../kube-api';
import type { NamespacedName } from './namespaced-name';

/** Path of the collection of APIServices. */
export const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

const apiService = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  spec: z.object({
    service: z.object({ namespace: z.string(), name: z.string() }).nullish(),
    caBundle: z.string().nullish(),
    insecureSkipTLSVerify: z.boolean().nullish(),
  }),
});

/** How the API server finds and checks the server of one version of a group. */
export interface ApiService {
  readonly name: string;
  readonly resourceVersion: string;
  /** The Service through which it is reached. */
  readonly service: NamespacedName | undefined;
  /** Authorities whose certificates are believed, PEM. */
  readonly caBundle: string;
  /** Whether any certificate is. */
  readonly unchecked: boolean;
}

/** @throws ApiError and the like */
export async function readApiService(
  client: ApiClient,
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ApiService> {
  return parsed(await client.get(`${API_SERVICES}/${encodeURIComponent(name)}`, timeoutMs, signal));
}

/**
 * Has certificates of these authorities believed, and of no others.
 * @throws ApiError of code 409 if it has changed since it was read
 */
export async function trust(
  client: ApiClient,
  { name, resourceVersion }: ApiService,
  bundle: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ApiService> {
  const caBundle = Buffer.from(bundle).toString('base64');
  const body = { metadata: { resourceVersion }, spec: { caBundle, insecureSkipTLSVerify: false } };
  const path = `${API_SERVICES}/${encodeURIComponent(name)}`;
  return parsed(await client.patch(path, body, PATCH.merge, timeoutMs, signal));
}

/** Names by which the API server and people on the same machine reach the server behind a Service. */
export function serverNames({ namespace, name }: NamespacedName): readonly string[] {
  const short = `${name}.${namespace}`;
  return [`${short}.svc`, `${short}.svc.cluster.local`, short, name, 'localhost', '127.0.0.1', '::1'];
}

function parsed(value: unknown): ApiService {
  const { metadata, spec } = apiService.parse(value);
  return {
    ...metadata,
    service: spec.service ?? undefined,
    caBundle: Buffer.from(spec.caBundle ?? '', 'base64').toString(),
    unchecked: spec.insecureSkipTLSVerify ?? false,
  };
}
