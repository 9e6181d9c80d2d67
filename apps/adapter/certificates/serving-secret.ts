import { z } from 'zod';
import { UsageError } from '../../../core/errors';
import { ApiError, type ApiClient } from '../../kube-api';
import { textOf, type NamespacedName } from './namespaced-name';
import { SECRET_KEYS, type SecretContent } from './secret-content';

const secret = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).nullish(),
});

/** The Secret as it was read. */
export interface ReadSecret {
  readonly content: SecretContent;
  readonly object: z.output<typeof secret>;
}

/** @throws UsageError if there is none; ApiError and the like */
export async function readSecret(
  client: ApiClient,
  at: NamespacedName,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ReadSecret> {
  try {
    return parsed(await client.get(pathOf(at), timeoutMs, signal));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
    throw new UsageError(
      `Secret ${textOf(at)} does not exist: create it, empty and of type Opaque; ` +
        'the adapter fills it but may not create it',
    );
  }
}

/** @throws ApiError of code 409 if it has changed since it was read */
export async function writeSecret(
  client: ApiClient,
  at: NamespacedName,
  { object }: ReadSecret,
  content: SecretContent,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ReadSecret> {
  const data = Object.fromEntries(
    SECRET_KEYS.map((key) => [key, Buffer.from(content[key]).toString('base64')]),
  );
  const body = { ...object, data: { ...object.data, ...data } };
  return parsed(await client.put(pathOf(at), body, timeoutMs, signal));
}

/** Path of the collection that it is in. */
export function secretsPath({ namespace }: NamespacedName): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

function pathOf(at: NamespacedName): string {
  return `${secretsPath(at)}/${encodeURIComponent(at.name)}`;
}

function parsed(value: unknown): ReadSecret {
  const object = secret.parse(value);
  const text = (key: (typeof SECRET_KEYS)[number]) =>
    Buffer.from(object.data?.[key] ?? '', 'base64').toString();
  return {
    object,
    content: {
      'tls.crt': text('tls.crt'),
      'tls.key': text('tls.key'),
      'ca.crt': text('ca.crt'),
      'ca.key': text('ca.key'),
    },
  };
}
