import { join } from 'node:path';
import { messageOf, UsageError } from '../../../core/errors';
import { SERVICE_ACCOUNT_FOLDER } from '../../../core/kube/service-account';
import type { SourceSettings } from '../../../core/rules/sources';
import type { Authorizer } from './authorizer';
import { basicValue } from './basic';
import type { Deadline } from './deadline';
import type { KubernetesAccess, KubernetesCredentials, SourceDeps } from './deps';
import type { Headers } from './exchange';
import { SourceError } from './outcome';
import { secureContext, type TlsFiles, type TlsUse } from './tls-files';

/** Token and authority of the pod's service account: what `--prometheus-auth-incluster` means. */
export function inClusterSettings(
  folder = SERVICE_ACCOUNT_FOLDER,
): Pick<SourceSettings, 'bearerTokenFile' | 'tls'> {
  return { bearerTokenFile: join(folder, 'token'), tls: { caFile: join(folder, 'ca.crt') } };
}

/** @throws UsageError without a reader of kubeconfig files */
export function kubeconfigAccess(path: string, { kubeconfig }: SourceDeps): KubernetesAccess {
  if (!kubeconfig) throw new UsageError(`${path}: credentials of a kubeconfig cannot be read here`);
  return kubeconfig(path);
}

/** The credentials of a kubeconfig for a source. */
export class KubernetesAuthorizer implements Authorizer {
  constructor(private readonly access: KubernetesAccess) {}

  async headers(_target: unknown, deadline: Deadline): Promise<Headers> {
    const { token, basic } = await deadline.wait(read(this.access));
    if (token !== undefined) return [['authorization', `Bearer ${token}`]];
    return basic ? [['authorization', basicValue(basic.username, basic.password)]] : [];
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** TLS as a kubeconfig wants it. */
export class KubernetesTls implements TlsFiles {
  private made: { readonly of: string; readonly use: TlsUse } | undefined;

  constructor(private readonly access: KubernetesAccess) {}

  async current(): Promise<TlsUse> {
    const { ca, certificate, serverName } = await read(this.access);
    const of = JSON.stringify([ca, certificate, serverName]);
    if (this.made?.of === of) return this.made.use;
    const use = {
      ...(ca === undefined && !certificate ? {} : { secureContext: secureContext({ ca, ...certificate }) }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    };
    this.made = { of, use };
    return use;
  }

  async renew(used: TlsUse): Promise<boolean> {
    return (await this.current()) !== used;
  }
}

async function read(access: KubernetesAccess): Promise<KubernetesCredentials> {
  try {
    return await access.credentials();
  } catch (error) {
    throw new SourceError('refused', `kubeconfig: ${messageOf(error)}`);
  }
}
