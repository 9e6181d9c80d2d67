import { constants } from 'node:crypto';
import { type SecureContextOptions, type SecureVersion } from 'node:tls';
import { UsageError } from '../../../core/errors';

/** What is negotiated with a client. */
export interface TlsPolicy {
  readonly minVersion: SecureVersion;
  /** OpenSSL's names, for TLS 1.2; absent for Node's own choice. */
  readonly ciphers?: string | undefined;
}

const VERSIONS: ReadonlyMap<string, SecureVersion> = new Map([
  ['VersionTLS10', 'TLSv1'],
  ['VersionTLS11', 'TLSv1.1'],
  ['VersionTLS12', 'TLSv1.2'],
  ['VersionTLS13', 'TLSv1.3'],
]);

/**
 * Ciphers of TLS 1.2 by Go's names (`crypto/tls`), with OpenSSL's. Those of TLS 1.3 are always offered, as in Go; the
 * flag accepts their names.
 */
const CIPHERS: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA'],
]);

const CIPHERS_13: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

/** Ciphers that Go knows and OpenSSL has dropped. */
const GONE: readonly string[] = [
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_RSA_WITH_RC4_128_SHA',
  'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
  'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA',
];

/**
 * Reads the flags `--tls-min-version` and `--tls-cipher-suites`.
 * @param minVersion `VersionTLS12`; absent or empty: TLS 1.2
 * @param cipherSuites Go's names; none: all that are safe
 * @throws UsageError for a version or cipher that Go does not know, or that nobody should use any more
 */
export function tlsPolicy(minVersion: string | undefined, cipherSuites: readonly string[]): TlsPolicy {
  const version = VERSIONS.get(minVersion || 'VersionTLS12');
  if (!version) {
    const known = [...VERSIONS.keys()].join(', ');
    throw new UsageError(`--tls-min-version=${minVersion}: unknown version; known are ${known}`);
  }
  if (version === 'TLSv1' || version === 'TLSv1.1') {
    throw new UsageError(`--tls-min-version=${minVersion}: no longer safe; use VersionTLS12 or VersionTLS13`);
  }
  const ciphers = cipherSuites.filter((name) => !CIPHERS_13.includes(name)).map(opensslCipher);
  if (ciphers.length > 0) {
    return { minVersion: version, ciphers: [...CIPHERS_13, ...ciphers].join(':') };
  }
  return { minVersion: version };
}

function opensslCipher(name: string): string {
  const cipher = CIPHERS.get(name);
  if (cipher) return cipher;
  const what = GONE.includes(name) ? 'no longer safe' : 'unknown cipher';
  throw new UsageError(`--tls-cipher-suites: ${name}: ${what}; known are ${[...CIPHERS.keys()].join(', ')}`);
}

/**
 * What holds for every connection. Sessions are not resumed: a resumed one has lost the client's intermediate
 * certificates. Nor are connections renegotiated: the client's certificate stays what it was.
 *
 * OpenSSL trusts nobody (`ca` is empty) and clients see no list of authorities, which is as good as all: who has sent a
 * certificate is found out by `TrustRoots`, request by request. Node 24.21 takes the intermediate certificates out of
 * a connection that OpenSSL has found good, before anybody else can ask for them.
 */
export function contextOptions({ minVersion, ciphers }: TlsPolicy): SecureContextOptions {
  return {
    minVersion,
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    honorCipherOrder: true,
    ca: [],
    ...(ciphers === undefined ? {} : { ciphers }),
  };
}
