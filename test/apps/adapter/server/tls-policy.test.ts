import { getCiphers } from 'node:tls';
import { constants } from 'node:crypto';
import { contextOptions, tlsPolicy } from '../../../../apps/adapter/server/tls-policy';
import { UsageError } from '../../../../core/errors';

describe('--tls-min-version', () => {
  it.each([
    [undefined, 'TLSv1.2'],
    ['', 'TLSv1.2'],
    ['VersionTLS12', 'TLSv1.2'],
    ['VersionTLS13', 'TLSv1.3'],
  ])('%j is %s', (flag, minVersion) => {
    expect(tlsPolicy(flag, [])).toEqual({ minVersion });
  });

  it.each(['VersionTLS10', 'VersionTLS11'])('%s is refused, and what to set instead is said', (flag) => {
    const message = `--tls-min-version=${flag}: no longer safe; use VersionTLS12 or VersionTLS13`;
    expect(() => tlsPolicy(flag, [])).toThrow(new UsageError(message));
  });

  it.each(['TLS12', 'VersionTLS14', 'versiontls12', 'constructor', '__proto__', ' VersionTLS12'])(
    '%j is none, and those that are are said',
    (flag) => {
      const known = 'VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13';
      const message = `--tls-min-version=${flag}: unknown version; known are ${known}`;
      expect(() => tlsPolicy(flag, [])).toThrow(new UsageError(message));
    },
  );
});

describe('--tls-cipher-suites', () => {
  const TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

  it('offers the suites of TLS 1.3 always, and those of TLS 1.2 by the names of OpenSSL in the order of the flag', () => {
    const suites = ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];
    const ciphers = [...TLS13, 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256'].join(':');
    expect(tlsPolicy('VersionTLS12', suites)).toEqual({ minVersion: 'TLSv1.2', ciphers });
  });

  it('leaves the choice to Node if only suites of TLS 1.3 are named, as Go does', () => {
    expect(tlsPolicy(undefined, TLS13)).toEqual({ minVersion: 'TLSv1.2' });
  });

  it('knows no suite that OpenSSL does not', () => {
    const listed = knownSuites();
    expect(listed.length).toBeGreaterThan(15);
    const known = new Set(getCiphers().map((name) => name.toUpperCase()));
    const { ciphers = '' } = tlsPolicy(undefined, listed);
    const unknown = ciphers.split(':').filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  it.each([
    ['TLS_RSA_WITH_RC4_128_SHA', 'no longer safe'],
    ['TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', 'no longer safe'],
    ['ECDHE-RSA-AES256-GCM-SHA384', 'unknown cipher'],
    ['tls_ecdhe_rsa_with_aes_256_gcm_sha384', 'unknown cipher'],
    ['', 'unknown cipher'],
    ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:ALL', 'unknown cipher'],
  ])('%j is refused among good ones: %s', (suite, why) => {
    const asked = () => tlsPolicy(undefined, ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', suite]);
    expect(asked).toThrow(UsageError);
    expect(asked).toThrow(`--tls-cipher-suites: ${suite}: ${why}; known are TLS_ECDHE_`);
  });
});

it('neither resumes nor renegotiates a connection, and asks clients for certificates of any authority', () => {
  const options = contextOptions(tlsPolicy('VersionTLS13', []));
  const never = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;
  expect(options.secureOptions).toBe(never);
  expect(options).toMatchObject({ minVersion: 'TLSv1.3', honorCipherOrder: true, ca: [] });
  expect(options).not.toHaveProperty('ciphers');
});

/** The suites that the message of an unknown one lists. */
function knownSuites(): readonly string[] {
  try {
    tlsPolicy(undefined, ['NONE']);
  } catch (error) {
    return /known are (.*)$/.exec(String(error))?.[1]?.split(', ') ?? [];
  }
  return [];
}
