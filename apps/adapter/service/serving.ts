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
  /** Given what has to be served from now on; what is left out stays. */
  readonly onCertificates: (certificates: Partial<FileCertificates>) => void;
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
  /** Which APIServices lead to other servers, so that they are not told of the certificate. */
  foreign(): readonly string[];
  close(): Promise<void>;
}

/**
 * The certificate of files, else the one that is looked after in a Secret, else one for localhost; beside each of them
 * those for certain names.
 * @throws UsageError if files or variables cannot be used
 */
export async function startServing(props: ServingProps): Promise<Serving> {
  const { flags, environment, timers, logger } = props;
  const named = flags.sniCertKeys.map(namedPaths);
  const managed = managedSettings(environment);
  if (flags.certFile !== undefined && flags.keyFile !== undefined) {
    if (managed) {
      logger.warn('SERVING_SECRET has no effect: --tls-cert-file is served, and no APIService is told of it');
    }
    return fromFiles(props, named, { certificate: flags.certFile, key: flags.keyFile });
  }
  // Read first: files that cannot be used keep it from starting, before anything is looked after.
  const beside = named.length === 0 ? undefined : await fromFiles(props, named);
  if (managed) return both(lookedAfter(props, managed), beside);
  const pair = await selfSignedCertificate(flags.certDir, timers.now(), logger);
  return both(
    {
      first: { certificate: pair, named: [] },
      expiries: () => ({}),
      missing: () => undefined,
      problem: () => undefined,
      foreign: () => [],
      close: () => Promise.resolve(),
    },
    beside,
  );
}

/** @param named certificates for certain names, which are served as well */
function both(main: Serving, named: Serving | undefined): Serving {
  if (!named) return main;
  return {
    ...main,
    first: { ...main.first, named: named.first.named },
    expiries() {
      const { serving, ca } = main.expiries();
      const first = Math.min(serving ?? Infinity, named.expiries().serving ?? Infinity);
      return { serving: first, ...(ca === undefined ? {} : { ca }) };
    },
    problem: () => [main.problem(), named.problem()].filter(Boolean).join('; ') || undefined,
    async close() {
      await named.close();
      await main.close();
    },
  };
}

async function fromFiles(
  { logger, timers, onCertificates }: ServingProps,
  named: readonly NamedPaths[],
  certificate?: { readonly certificate: string; readonly key: string },
): Promise<Serving> {
  let newest: FileCertificates | undefined;
  const files = new CertificateFiles({
    ...{ named, logger, timers },
    ...(certificate ? { certificate } : {}),
    onCertificates(certificates) {
      onCertificates(certificates);
      newest = certificates;
    },
  });
  const read = await files.start();
  return {
    // They may change before anything is served.
    get first() {
      return newest ?? read;
    },
    expiries: () => ({ serving: files.notAfterMs }),
    missing: () => undefined,
    problem: () => files.problem,
    foreign: () => [],
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
    onCertificate: (pair) => onCertificates({ certificate: pair }),
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
      if (notAfterMs !== undefined && notAfterMs > timers.now()) return undefined;
      const state =
        notAfterMs === undefined
          ? 'there is no serving certificate yet'
          : 'the serving certificate has expired';
      return problem ?? state;
    },
    problem: () => managed.state.problem,
    foreign: () => managed.state.foreign,
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
