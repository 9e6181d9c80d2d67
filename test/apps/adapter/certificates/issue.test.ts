import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import {
  createAuthority,
  issuerNameOf,
  issueServing,
  type KeyPair,
} from '../../../../apps/adapter/certificates/issue';
import { LOOPBACK_TLS } from '../../kube-api/certificate';

const YEAR_MS = 365 * 86_400_000;
const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + YEAR_MS };
const authority = createAuthority('the authority', validity);
const signing = { name: 'the authority', key: createPrivateKey(authority.key) };
const NAMES = ['adapter.monitoring.svc', 'localhost', '127.0.0.1', '::1', 'fd00::1:2'];
const serving = issueServing(NAMES, validity, signing);

/** Whether a client that trusts these authorities takes the certificate for the name. */
async function shakesHands(pair: KeyPair, ca: string, servername: string): Promise<true | string> {
  const server = createServer({ cert: pair.certificate, key: pair.key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const result = await new Promise<true | string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => resolve(true));
    socket.once('error', ({ message }: Error) => resolve(message));
    socket.once('secureConnect', () => socket.destroy());
  });
  await new Promise((resolve) => server.close(resolve));
  return result;
}

describe('a certificate', () => {
  it('is believed by those who trust its authority, for its names', async () => {
    expect(await shakesHands(serving, authority.certificate, 'adapter.monitoring.svc')).toBe(true);
    expect(await shakesHands(serving, authority.certificate, 'other.monitoring.svc')).toMatch(/altnames/);
    const other = createAuthority('the authority', validity).certificate;
    expect(await shakesHands(serving, `${other}${authority.certificate}`, 'localhost')).toBe(true);
    expect(await shakesHands(serving, other, 'localhost')).toMatch(/certificate/);
  });

  it('says what it is for', () => {
    const read = new X509Certificate(serving.certificate);
    const ca = new X509Certificate(authority.certificate);
    expect([read.ca, ca.ca]).toEqual([false, true]);
    expect(read.subjectAltName).toBe(
      'DNS:adapter.monitoring.svc, DNS:localhost, IP Address:127.0.0.1, ' +
        'IP Address:0:0:0:0:0:0:0:1, IP Address:FD00:0:0:0:0:0:1:2',
    );
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(read.checkIssued(ca) && read.verify(ca.publicKey)).toBe(true);
    expect(read.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect([read.subject, read.issuer]).toEqual(['CN=adapter.monitoring.svc', 'CN=the authority']);
  });

  it.each([Date.UTC(2049, 11, 31, 23, 59, 59), Date.UTC(2050, 0, 1), Date.UTC(2030, 0, 1)])(
    'may end at %d',
    (notAfterMs) => {
      const { certificate } = createAuthority('x', { ...validity, notAfterMs });
      expect(Date.parse(new X509Certificate(certificate).validTo)).toBe(notAfterMs);
    },
  );

  it('may vouch for itself', async () => {
    const own = issueServing(['localhost'], validity);
    expect(await shakesHands(own, own.certificate, 'localhost')).toBe(true);
  });

  it('can be issued by authorities whose names are written in the same way', () => {
    expect(issuerNameOf(new X509Certificate(authority.certificate))).toBe('the authority');
    expect(issuerNameOf(new X509Certificate(LOOPBACK_TLS.cert))).toBe('kubernetes');
    const long = 'x'.repeat(64);
    expect(issuerNameOf(new X509Certificate(createAuthority(long, validity).certificate))).toBe(long);
  });
});
