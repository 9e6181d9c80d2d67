import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { messageOf, UsageError } from '../../core/errors';
import { CREDENTIALS_MS, type ApiAccess, type Credentials } from './api-access';
import { readKubeconfig, type KubeconfigContext } from './kubeconfig-file';
import { remembered } from './remembered';

/** What may be chosen about a kubeconfig file. */
export interface KubeconfigOptions {
  /** The current one of the file unless given. */
  readonly context?: string;
  /** Told when the file, or one that it names, could not be read again; what it said before stays. */
  readonly onProblem?: (message: string) => void;
  /** In milliseconds, of a clock that never goes back. */
  readonly now?: () => number;
}

interface Read {
  readonly url: URL;
  readonly credentials: Credentials;
}

/**
 * The access that one context of a kubeconfig file gives. The file and those that it names are read again as they
 * change; while one of them cannot be read, what they said before stays.
 * @throws UsageError, NotSupportedError as {@link readKubeconfig}, and if a file cannot be read
 */
export async function kubeconfigAccess(
  path: string,
  { context, onProblem = () => undefined, now = () => performance.now() }: KubeconfigOptions = {},
): Promise<ApiAccess> {
  let last = await read(path, context);
  const again = remembered(
    async () => {
      try {
        last = await read(path, context);
      } catch (error) {
        onProblem(`${messageOf(error)}; what it said before stays`);
      }
      return last.credentials;
    },
    CREDENTIALS_MS,
    now,
  );
  return {
    get url() {
      return last.url;
    },
    credentials: again,
  };
}

async function read(path: string, context: string | undefined): Promise<Read> {
  const found = readKubeconfig(await textOf(path), path, context);
  const { server } = found.cluster;
  if (!URL.canParse(server) || !['http:', 'https:'].includes(new URL(server).protocol)) {
    throw new UsageError(`${path}: server "${server}" is not a URL of http or https`);
  }
  return { url: new URL(server), credentials: await credentialsOf(found, path) };
}

async function credentialsOf({ cluster, user }: KubeconfigContext, path: string): Promise<Credentials> {
  const file = (data: string | undefined, name: string | undefined) => contentOf(data, name, path);
  const [ca, cert, key, token] = await Promise.all([
    file(cluster['certificate-authority-data'], cluster['certificate-authority']),
    file(user['client-certificate-data'], user['client-certificate']),
    file(user['client-key-data'], user['client-key']),
    user.tokenFile ? textOf(resolve(dirname(path), user.tokenFile)) : user.token,
  ]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError(`${path}: client-certificate and client-key have to be given together`);
  }
  // Each is read for itself: while both are replaced, one may be the old one.
  if (cert !== undefined && key !== undefined) checkPair(cert, key, path);
  const { username, password = '' } = user;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
    ...(token ? { token: token.trim() } : {}),
    ...(username ? { basic: { username, password } } : {}),
    ...(cluster['tls-server-name'] ? { serverName: cluster['tls-server-name'] } : {}),
  };
}

function checkPair(cert: string, key: string, path: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new UsageError(`${path}: client-certificate and client-key cannot be used: ${messageOf(error)}`);
  }
}

/** What is in the file itself wins over what it refers to; paths count from where it lies. */
async function contentOf(
  data: string | undefined,
  name: string | undefined,
  path: string,
): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString();
  return name ? textOf(resolve(dirname(path), name)) : undefined;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}
