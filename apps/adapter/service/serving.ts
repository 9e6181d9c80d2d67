import type { AdapterFlags } from '../../../core/adapter';
import { UsageError } from '../../../core/errors';
import { PATIENCE, type ApiClient } from '../../kube-api';
import type { Logger } from '../../runtime';
import {
  CertificateFiles,
  ManagedCertificate,
  managedSettings,
  selfSignedCertificate,
  temporaryCertificate,
  type FileCertificates,
  type NamedPaths,
} from '../certificates';
import type { Timers } from '../timers';

export interface ServingProps {
  readonly flags: AdapterFlags['serving'];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly client: ApiClient;
  readonly logger: Logger;
  readonly timers: Timers;
  /** Given what has to be served from now on. */
  readonly onCertificates: (certificates: FileCertificates) => void;
}

/** Where the serving certificate comes from, and how it fares. */
export interface Serving {
  /** What is served first. */
  readonly first: FileCertificates;
  /** When certificates cease to be valid, by what they are for; milliseconds since 1970. */
  expiries(): Readonly<Partial<Record<'serving' | 'ca', number>>>;
  /** Why there is no certificate that clients can check, as long as there is none. */
  missing(): string | undefined;
  /** What is wrong now. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/**
 * The certificate of files, else the one that is looked after in a Secret, else one for localhost.
 * @throws UsageError if files or variables cannot be used
 */
export async function startServing(props: ServingProps): Promise<Serving> {
  const { flags, environment } = props;
  if (flags.certFile !== undefined && flags.keyFile !== undefined) {
    return fromFiles(props, { certificate: flags.certFile, key: flags.keyFile });
  }
  const managed = managedSettings(environment);
  if (managed) return lookedAfter(props, managed);
  const pair = await selfSignedCertificate(flags.certDir, props.timers.now(), props.logger);
  return {
    first: { certificate: pair, named: [] },
    expiries: () => ({}),
    missing: () => undefined,
    problem: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function fromFiles(
  { flags, logger, timers, onCertificates }: ServingProps,
  certificate: { readonly certificate: string; readonly key: string },
): Promise<Serving> {
  const named = flags.sniCertKeys.map(namedPaths);
  const files = new CertificateFiles({ certificate, named, logger, timers, onCertificates });
  const first = await files.start();
  return {
    first,
    expiries: () => ({ serving: files.notAfterMs }),
    missing: () => undefined,
    problem: () => files.problem,
    close() {
      files.close();
      return Promise.resolve();
    },
  };
}

function lookedAfter(
  { client, logger, timers, onCertificates }: ServingProps,
  settings: NonNullable<ReturnType<typeof managedSettings>>,
): Serving {
  const managed = new ManagedCertificate({
    ...{ client, logger, timers, patience: PATIENCE, random: Math.random },
    ...settings,
    onCertificate: (pair) => onCertificates({ certificate: pair, named: [] }),
  });
  managed.start();
  return {
    // Probes are answered from the start on, and tell what is wrong if the Secret cannot be read.
    first: { certificate: temporaryCertificate(timers.now()), named: [] },
    expiries() {
      const { notAfterMs, authorityNotAfterMs } = managed.state;
      return {
        ...(notAfterMs === undefined ? {} : { serving: notAfterMs }),
        ...(authorityNotAfterMs === undefined ? {} : { ca: authorityNotAfterMs }),
      };
    },
    missing() {
      const { notAfterMs, problem } = managed.state;
      return notAfterMs === undefined ? (problem ?? 'there is no serving certificate yet') : undefined;
    },
    problem: () => managed.state.problem,
    close: () => managed.close(),
  };
}

/** `CERT,KEY[:NAME,…]`, as `k8s.io/component-base` reads it. */
function namedPaths(text: string): NamedPaths {
  const [files = '', names = ''] = text.split(':');
  const [certificate = '', key = '', ...rest] = files.split(',').map((path) => path.trim());
  if (certificate === '' || key === '' || rest.length > 0) {
    throw new UsageError(`--tls-sni-cert-key ${text}: must be CERT,KEY or CERT,KEY:NAME,NAME`);
  }
  return { certificate, key, names: names.split(',').filter((name) => name !== '') };
}
