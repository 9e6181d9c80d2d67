import { TrustRoots } from '../../../../apps/adapter/auth/trust-roots';
import { CLIENT_AUTH, issue, SERVER_AUTH, type CertificateRequest, type Issued } from './certificates';

const NOW = Date.now();
const DAY_MS = 86_400_000;
const AT = (days: number) => new Date(NOW + days * DAY_MS);

const root = issue({ name: 'root', authority: true });
const intermediate = issue({ name: 'intermediate', by: root, authority: true });

function judge(roots: readonly Issued[], sent: readonly Issued[], nowMs = NOW): string {
  const trusted = new TrustRoots(roots.map(({ certificate }) => certificate).join(''));
  const peer = { address: '127.0.0.1', certificates: sent.map(({ handle }) => handle) };
  const verdict = trusted.verify(peer, nowMs);
  return verdict.valid ? `valid: ${verdict.certificate.commonName}` : verdict.cause;
}

const client = (by: Issued, more: Partial<CertificateRequest> = {}) =>
  issue({ name: 'alice', by, usages: [CLIENT_AUTH], ...more });

describe('a chain that is accepted', () => {
  test('straight from the root', () => {
    expect(judge([root], [client(root)])).toBe('valid: alice');
  });

  test('over intermediates in any order, with others in between', () => {
    const second = issue({ name: 'second', by: intermediate, authority: true });
    const other = issue({ name: 'other', by: root, authority: true });
    const leaf = client(second);
    expect(judge([root], [leaf, other, intermediate, second])).toBe('valid: alice');
  });

  test.each([
    ['no extended key usage', {}],
    ['any usage', { usages: ['2.5.29.37.0'] }],
    ['several usages', { usages: [SERVER_AUTH, CLIENT_AUTH] }],
  ])('%s', (_, more) => {
    expect(judge([root], [issue({ name: 'alice', by: root, ...more })])).toBe('valid: alice');
  });

  test('of an authority that was issued again with the same key', () => {
    const again = issue({ name: 'root', authority: true, key: root.key, notAfter: AT(9) });
    expect(judge([again], [client(root)])).toBe('valid: alice');
  });

  test('of one of two authorities with the same name', () => {
    const namesake = issue({ name: 'root', authority: true });
    expect(judge([namesake, root], [client(root)])).toBe('valid: alice');
    expect(judge([root, namesake], [client(namesake)])).toBe('valid: alice');
  });

  test('that was signed across: one path has ended, the other has not', () => {
    const old = issue({ name: 'old root', authority: true, notBefore: AT(-9), notAfter: AT(-1) });
    const first = issue({ name: 'crossed', authority: true });
    const across = { name: 'crossed', authority: true, key: first.key };
    const [byOld, byRoot] = [issue({ ...across, by: old }), issue({ ...across, by: root })];
    expect(judge([old, root], [client(byRoot), byOld, byRoot])).toBe('valid: alice');
  });

  test('of a single certificate that is trusted itself', () => {
    const alone = issue({ name: 'alone', usages: [CLIENT_AUTH] });
    expect(judge([alone], [alone])).toBe('valid: alone');
  });

  test('within the path length', () => {
    const short = issue({ name: 'short', authority: 0 });
    expect(judge([short], [client(short)])).toBe('valid: alice');
  });
});

describe('a chain that is refused', () => {
  const cases: Readonly<Record<string, () => [readonly Issued[], readonly Issued[], string]>> = {
    'no certificate': () => [[root], [], 'the client has no certificate'],
    'of another authority': () => {
      const other = issue({ name: 'other', authority: true });
      return [[root], [client(other)], 'no authority that is trusted has signed it'];
    },
    'of an authority with the same name and another key': () => {
      const namesake = issue({ name: 'root', authority: true });
      return [[root], [client(namesake), namesake], 'a signature in the chain is wrong'];
    },
    'self-signed with the name of the root': () => {
      const self = issue({ name: 'root', usages: [CLIENT_AUTH] });
      return [[root], [self], 'a signature in the chain is wrong'];
    },
    expired: () => [
      [root],
      [client(root, { notBefore: AT(-3), notAfter: AT(-2) })],
      'the certificate has expired',
    ],
    'not valid yet': () => [
      [root],
      [client(root, { notBefore: AT(0.5) })],
      'the certificate is not valid yet',
    ],
    'for servers only': () => [
      [root],
      [client(root, { usages: [SERVER_AUTH] })],
      'the certificate is not for clients',
    ],
    'without its intermediate': () => [
      [root],
      [client(intermediate)],
      'no authority that is trusted has signed it',
    ],
    'over an expired intermediate': () => {
      const old = issue({ name: 'old', by: root, authority: true, notBefore: AT(-3), notAfter: AT(-2) });
      return [[root], [client(old), old], 'the authority "old" has expired'];
    },
    'of an expired root': () => {
      const old = issue({ name: 'old', authority: true, notBefore: AT(-3), notAfter: AT(-2) });
      return [[old], [client(old)], 'the authority "old" has expired'];
    },
    'over a client that plays authority': () => {
      const mallory = issue({ name: 'mallory', by: root, usages: [CLIENT_AUTH] });
      return [[root], [client(mallory), mallory], 'the authority "mallory" may not sign certificates'];
    },
    'over one that says it is no authority': () => {
      const no = issue({ name: 'no', by: root, authority: false });
      return [[root], [client(no), no], 'the authority "no" may not sign certificates'];
    },
    'over an authority whose key may not sign certificates': () => {
      const keyUsage = 0x80;
      const no = issue({ name: 'no', by: root, authority: true, keyUsage });
      return [[root], [client(no), no], 'the authority "no" may not sign certificates'];
    },
    'over an authority for servers': () => {
      const servers = issue({ name: 'servers', by: root, authority: true, usages: [SERVER_AUTH] });
      return [[root], [client(servers), servers], 'the authority "servers" is not for clients'];
    },
    'longer than an authority allows': () => {
      const short = issue({ name: 'short', authority: 0 });
      const under = issue({ name: 'under', by: short, authority: true });
      const cause = 'the authority "short" may not stand above so many others';
      return [[short], [client(under), under], cause];
    },
    'with a critical extension that nobody understands': () => {
      const unknown = { type: '1.2.3.4', critical: true, value: '0500' };
      const cause = 'the certificate is not accepted: its critical extension 1.2.3.4 is not understood';
      return [[root], [client(root, { extensions: [unknown] })], cause];
    },
    'with alternative names, of an authority that limits names': () => {
      // NameConstraints { permittedSubtrees { dNSName "example.com" } }
      const value = '3011a00f300d820b6578616d706c652e636f6d';
      const extensions = [{ type: '2.5.29.30', critical: false, value }];
      const limited = issue({ name: 'limited', by: root, authority: true, extensions });
      const leaf = client(limited, { dnsNames: ['else.where'] });
      return [[root], [leaf, limited], 'the authority "limited" limits names'];
    },
    'signed with SHA-1': () => [
      [root],
      [client(root, { hash: 'sha1' })],
      'the certificate is not accepted: it is signed with a weak hash',
    ],
    'with itself as its authority': () => {
      const loop = issue({ name: 'loop', authority: true });
      return [[root], [loop, loop], 'no authority that is trusted has signed it'];
    },
  };

  test.each(Object.entries(cases))('%s', (_, make) => {
    const [roots, sent, cause] = make();
    expect(judge(roots, sent)).toBe(cause);
  });

  test('a crowd of authorities of one name is given up on', () => {
    const crowd: Issued[] = [];
    const founder = issue({ name: 'crowd', authority: true });
    for (let index = 0; index < 16; index += 1) {
      crowd.push(issue({ name: 'crowd', by: founder, authority: true }));
    }
    expect(judge([root], [client(founder), ...crowd])).toBe('no authority that is trusted has signed it');
  });
});

test('a verdict is given again when a certificate ends', () => {
  const trusted = new TrustRoots(root.certificate);
  const leaf = client(root, { notAfter: AT(0.5) });
  const peer = { address: '127.0.0.1', certificates: [leaf.handle] };
  expect(trusted.verify(peer, NOW).valid).toBe(true);
  expect(trusted.verify(peer, NOW)).toBe(trusted.verify(peer, NOW + 1000));
  expect(trusted.verify(peer, NOW + 0.6 * DAY_MS)).toEqual({
    valid: false,
    cause: 'the certificate has expired',
  });
  expect(trusted.verify(peer, NOW).valid).toBe(true);
});

test.each(['', 'garbage', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
  'no roots in %j',
  (pem) => {
    expect(() => new TrustRoots(pem)).toThrow(/certificate/);
  },
);
