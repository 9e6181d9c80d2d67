import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors';

/** Where the kubelet puts a pod's credentials, and renews them. */
const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What a request needs to be let in, and to know whom it talks to. */
export interface Credentials {
  readonly token?: string;
  /** Certificate authorities of the server, PEM. */
  readonly ca?: string;
}

/** Where the API server is, and who one is for it. */
export interface ApiAccess {
  /** Base URL without a path. */
  readonly url: URL;
  /** Asked before each request: tokens last for an hour, authorities change now and then. */
  credentials(): Promise<Credentials>;
}

/**
 * The access that a pod has: address from the variables `KUBERNETES_SERVICE_HOST` and `_PORT`, credentials from the
 * files of its service account.
 * @throws UsageError outside a pod
 */
export function inClusterAccess(
  { host, port }: { readonly host: string | undefined; readonly port: number | undefined },
  folder = ACCOUNT_FOLDER,
): ApiAccess {
  if (host === undefined || port === undefined) {
    throw new UsageError(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: run in a pod, or set KUBERNETES_API_URL',
    );
  }
  return {
    url: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    async credentials() {
      const [token, ca] = await Promise.all(
        ['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      return { token: (token ?? '').trim(), ca: ca ?? '' };
    },
  };
}

/** Access without credentials, through a proxy that has some, such as `kubectl proxy`. */
export function proxiedAccess(url: string): ApiAccess {
  return { url: new URL(url), credentials: () => Promise.resolve({}) };
}
