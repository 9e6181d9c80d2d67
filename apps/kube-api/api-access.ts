import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors';
import { SERVICE_ACCOUNT_FOLDER } from '../../core/kube/service-account';
import { remembered } from './remembered';

/**
 * How long credentials count as those in the files. The kubelet renews a token when a fifth of its life is left, and
 * authorities overlap when they change: what was there some seconds ago is still good.
 */
export const CREDENTIALS_MS = 10_000;

/** What a request needs to be let in, and to know whom it talks to. */
export interface Credentials {
  readonly token?: string;
  /** Instead of a token. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Certificate authorities of the server, PEM. Without them those of Node vouch for it. */
  readonly ca?: string;
  /** Of the client, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** The name that the certificate of the server must have, if not that of the URL. */
  readonly serverName?: string;
}

/** Where the API server is, and who one is for it. */
export interface ApiAccess {
  /** Base URL; its path comes before those of requests. May change with the credentials. */
  readonly url: URL;
  /** Asked before each request: tokens last for an hour, authorities change now and then. */
  credentials(): Promise<Credentials>;
}

/**
 * The access that a pod has: address from the variables `KUBERNETES_SERVICE_HOST` and `_PORT`, credentials from the
 * files of its service account, which are read again as they are renewed.
 * @param now in milliseconds, of a clock that never goes back
 * @throws UsageError outside a pod, and if the variables are no address
 */
export function inClusterAccess(
  { host, port }: { readonly host: string | undefined; readonly port: number | string | undefined },
  folder = SERVICE_ACCOUNT_FOLDER,
  now = () => performance.now(),
): ApiAccess {
  if (host === undefined || port === undefined) {
    throw new UsageError(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: run in a pod, or set KUBERNETES_API_URL',
    );
  }
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!(Number(port) >= 1 && Number(port) <= 65_535) || !URL.canParse(url)) {
    throw new UsageError(
      `KUBERNETES_SERVICE_HOST="${host}" and KUBERNETES_SERVICE_PORT="${port}" are not the address of an API server: ` +
        'leave them as the kubelet sets them',
    );
  }
  const read = async (): Promise<Credentials> => {
    const [token, ca] = await Promise.all(
      ['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { token: (token ?? '').trim(), ca: ca ?? '' };
  };
  return {
    url: new URL(url),
    credentials: remembered(read, CREDENTIALS_MS, now),
  };
}

/** Access without credentials, through a proxy that has some, such as `kubectl proxy`. */
export function proxiedAccess(url: string): ApiAccess {
  return { url: new URL(url), credentials: () => Promise.resolve({}) };
}
