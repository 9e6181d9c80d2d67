import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../../../core/errors';
import { certificateBlocks } from '../../../core/kube/pem';
import type { SourceTls } from '../../../core/rules/sources';
import type { SourceDeps } from './deps';
import { SourceError } from './outcome';
import { ReloadedFiles } from './reloaded-files';

/** What a connection over TLS is made with, as `node:tls` names it. */
export interface TlsUse {
  /** Absent for the authorities that Node trusts and no certificate of our own. */
  readonly secureContext?: SecureContext;
  readonly servername?: string;
}

/** What TLS needs at the moment; a change of it is another object. */
export interface TlsFiles {
  /** @throws SourceError */
  current(): Promise<TlsUse>;
  /** Told that it may be no good any more: looks at once. @returns whether there is something else than what was used */
  renew(used: TlsUse): Promise<boolean>;
}

/** Authorities, certificate and key from files that are read again when they change: all of them or none. */
export function tlsFiles(tls: SourceTls, what: string, deps: SourceDeps): TlsFiles {
  const { caFile, certFile, keyFile, serverName } = tls;
  return reloaded({ ca: caFile, cert: certFile, key: keyFile }, serverName, what, deps);
}

/** The authorities of a file besides those that Node trusts. */
export function tlsWithPublicAuthorities(
  caFile: string | undefined,
  what: string,
  deps: SourceDeps,
): TlsFiles {
  return reloaded({ moreCa: caFile }, undefined, what, deps);
}

/** PEM by what it is for. */
type Pem = Readonly<Partial<Record<'ca' | 'moreCa' | 'cert' | 'key', string | undefined>>>;

function reloaded(paths: Pem, serverName: string | undefined, what: string, deps: SourceDeps): TlsFiles {
  const given = Object.entries(paths).flatMap(([use, path]) => (path === undefined ? [] : [{ use, path }]));
  const name = serverName === undefined ? {} : { servername: serverName };
  if (given.length === 0)
    return { current: () => Promise.resolve(name), renew: () => Promise.resolve(false) };
  const files = new ReloadedFiles<TlsUse>({
    what: `TLS of ${what}`,
    paths: given.map(({ path }) => path),
    read: (texts) => ({
      secureContext: secureContext(Object.fromEntries(given.map(({ use }, index) => [use, texts[index]]))),
      ...name,
    }),
    now: deps.now,
    logger: deps.logger,
  });
  return {
    current: () =>
      files.current().catch((error: unknown) => {
        throw new SourceError('refused', messageOf(error));
      }),
    renew: (used) => files.renew(used),
  };
}

/** @throws if something in it is no good, or if the key is not that of the certificate */
export function secureContext({ ca, moreCa, cert, key }: Pem): SecureContext {
  return createSecureContext({
    // A connection that has a context does not look at what its agent says of versions.
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: certificates(ca, 'certificate authorities') }),
    ...(moreCa === undefined
      ? {}
      : { ca: [...rootCertificates, ...certificates(moreCa, 'certificate authorities')] }),
    ...(cert === undefined ? {} : { cert: certificates(cert, 'client certificate').join('\n') }),
    ...(key === undefined ? {} : { key }),
  });
}

/** Each on its own; Node would take a text without any as no authority at all. */
function certificates(text: string, what: string): string[] {
  const blocks = certificateBlocks(text);
  if (blocks.length === 0) throw new Error(`${what}: no certificate in PEM`);
  for (const block of blocks) new X509Certificate(block);
  return blocks;
}
