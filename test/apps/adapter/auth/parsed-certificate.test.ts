import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import {
  DerError,
  DerReader,
  inside,
  objectId,
  TAG,
  text,
  time,
} from '../../../../apps/adapter/auth/der-reader';
import { parseCertificate, type ParsedCertificate } from '../../../../apps/adapter/auth/parsed-certificate';
import { CLIENT_AUTH, issue, SERVER_AUTH, USER_ID } from './certificates';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const value = (tag: number, content: Buffer) => ({ tag, content, raw: content });

const root = issue({ name: 'root', authority: 3 });
const GOOD = [
  root,
  issue({ name: 'alice', by: root, organizations: ['dev', 'ops'], usages: [CLIENT_AUTH] }),
  issue({
    name: 'Änne 🚢',
    by: root,
    attributes: [[USER_ID, 'uid-1']],
    dnsNames: ['a.example', 'b.example'],
  }),
  issue({ name: 'server', by: root, authority: false, usages: [SERVER_AUTH] }),
  issue({
    name: 'old',
    by: root,
    hash: 'sha1',
    notBefore: new Date(0),
    notAfter: new Date('2049-12-31T23:59:59Z'),
  }),
];

/** A certificate of which Node would read other bytes than its own: what a parser sees must not depend on OpenSSL. */
function parseBytes(raw: Buffer, { handle } = root): ParsedCertificate {
  const { ca, fingerprint256 } = handle;
  const disguised = new X509Certificate(handle.raw);
  Object.defineProperties(disguised, {
    raw: { value: raw },
    ca: { value: ca },
    fingerprint256: { value: fingerprint256 },
  });
  return parseCertificate(disguised);
}

/** Whether bytes are read; whatever else is thrown than the reader's own error is a mistake. */
function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** All values in bytes, as deep as they are constructed. */
function everything(raw: Buffer): number {
  const reader = new DerReader(raw);
  let count = 0;
  while (!reader.done) {
    const each = reader.next();
    count += 1;
    isRead(() => objectId(each));
    isRead(() => text(each));
    isRead(() => time(each));
    if ((each.tag & 0x20) !== 0) count += everything(each.content);
  }
  return count;
}

describe('a certificate that is good', () => {
  it.each(GOOD.map(({ handle }) => [handle.subject.replaceAll('\n', ', '), handle] as const))(
    'is read as Node reads it: %s',
    (_, handle) => {
      const parsed = parseCertificate(handle);
      const attribute = (name: string) =>
        handle.subject
          .split('\n')
          .flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
      expect(parsed.fingerprint).toBe(handle.fingerprint256.replaceAll(':', '').toLowerCase());
      expect(parsed.publicKey).toBe(handle.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'));
      expect(parsed.notBeforeMs).toBe(Date.parse(handle.validFrom));
      expect(parsed.notAfterMs).toBe(Date.parse(handle.validTo));
      expect(parsed.organizations).toEqual(attribute('O'));
      expect(parsed.authority).toBe(handle.ca);
      expect(parsed.alternativeNames).toBe(handle.subjectAltName !== undefined);
      // OpenSSL writes what is no ASCII in bytes of their own.
      if (!/\\/.test(handle.subject)) expect([parsed.commonName]).toEqual(attribute('CN'));
      expect(parsed.forClients).toBe(!handle.keyUsage || handle.keyUsage.includes(CLIENT_AUTH));
      expect(parsed.issuer).toBe(parseCertificate(root.handle).subject);
    },
  );

  it('names a user, whatever the letters', () => {
    const third = GOOD[2];
    expect(third && parseCertificate(third.handle)).toMatchObject({
      commonName: 'Änne 🚢',
      userIds: ['uid-1'],
    });
  });

  it.each(GOOD.map(({ handle }, index) => [index, handle] as const))(
    'is read to its end: none of its beginnings is a certificate (%s)',
    (_, { raw }) => {
      expect(isRead(() => parseBytes(raw))).toBe(true);
      for (let length = 0; length < raw.length; length += 1) {
        expect(isRead(() => parseBytes(raw.subarray(0, length)))).toBe(false);
      }
    },
  );
});

/** What Node writes of a time, `Nov 27 21:22:33 26 GMT`. Date.parse alone takes the year 26 for 2026. */
function timeOf(text: string): number {
  const [, before = '', year = '', after = ''] = /^(.* )(\d+)( GMT)$/.exec(text) ?? [];
  // Of a leap year, as a 29th of February may be in it.
  const time = new Date(`${before}2000${after}`);
  return time.setUTCFullYear(Number(year));
}

describe('bytes that nobody can foresee', () => {
  const changes = fc.array(fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) }), {
    ...{ minLength: 1, maxLength: 5 },
  });

  it('are read, or refused in the words of the reader', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        (raw) => void isRead(() => everything(Buffer.from(raw))),
      ),
    );
  });

  it('make no certificate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (raw) => !isRead(() => parseBytes(Buffer.from(raw)))),
    );
  });

  it('in a good certificate are read, or refused in the words of the reader', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GOOD), changes, ({ handle }, made) => {
        const raw = Buffer.from(handle.raw);
        for (const { at, to } of made) raw[at % raw.length] = to;
        isRead(() => parseBytes(raw));
      }),
      { numRuns: 3000 },
    );
  });

  it('give what Node gives, where Node reads them too', () => {
    let both = 0;
    fc.assert(
      fc.property(fc.constantFrom(...GOOD), changes, ({ handle }, made) => {
        const raw = Buffer.from(handle.raw);
        for (const { at, to } of made) raw[at % raw.length] = to;
        let changed: X509Certificate;
        try {
          changed = new X509Certificate(raw);
        } catch {
          return;
        }
        isRead(() => {
          const parsed = parseCertificate(changed);
          both += 1;
          expect([parsed.notBeforeMs, parsed.notAfterMs]).toEqual(
            [changed.validFrom, changed.validTo].map(timeOf),
          );
          // It may know a reason against it that Node does not, never the other way round.
          if (parsed.authority) expect(changed.ca).toBe(true);
        });
      }),
      { numRuns: 3000 },
    );
    expect(both).toBeGreaterThan(100);
  });
});

describe('what is no DER', () => {
  it.each([
    ['', 'DER ends too early'],
    ['30', 'DER: a length that is none'],
    ['3080', 'DER: a length that is none'],
    ['300100ff', 'DER: a length with padding', '308101'],
    ['3005020101', 'DER ends too early'],
    ['3f0100', 'DER: a tag of more than one byte'],
    ['308500000000010500', 'DER: a length that is none'],
    ['30820001', 'DER: a length with padding'],
    ['3084ffffffff', 'DER ends too early'],
  ])('%s: %s', (hex, message, other = hex) => {
    expect(() => new DerReader(bytes(other)).next()).toThrow(new DerError(message));
  });

  it('a value of another kind, or one too many', () => {
    const reader = new DerReader(bytes('0101ff0500'));
    expect(reader.optional(TAG.integer)).toBeUndefined();
    expect(() => reader.next(TAG.integer)).toThrow(new DerError('DER: tag 1 where 2 belongs'));
    expect(reader.next(TAG.boolean).content).toEqual(bytes('ff'));
    expect(() => reader.end()).toThrow(new DerError('DER: more than belongs there'));
    expect(() => inside(value(TAG.sequence, bytes('0500 05'.replace(' ', ''))))).toThrow(DerError);
  });

  it.each(['', '80', '2a80', '2a8001', '2a86', '2a'.repeat(129)])('an object identifier of %s', (hex) => {
    expect(() => objectId(value(TAG.objectId, bytes(hex)))).toThrow(DerError);
  });

  it.each([
    [TAG.utf8String, 'c3'],
    [TAG.utf8String, 'ff'],
    [TAG.printableString, '41fe'],
    [TAG.bmpString, '004100'],
  ])('a string of type %s with %s', (tag, hex) => {
    expect(() => text(value(tag, bytes(hex)))).toThrow(DerError);
  });

  it.each([
    [TAG.utcTime, '300230000000Z'],
    [TAG.utcTime, '300101240000Z'],
    [TAG.utcTime, '300101000060Z'],
    [TAG.utcTime, '3001010000Z'],
    [TAG.utcTime, '20300101000000Z'],
    [TAG.utcTime, '300101000000+0000'],
    [TAG.generalizedTime, '300101000000Z'],
    [TAG.generalizedTime, '20300101000000'],
    [TAG.generalizedTime, '20300101000000.5Z'],
    [TAG.octetString, '20300101000000Z'],
  ])('a time of type %s with %s', (tag, digits) => {
    expect(() => time(value(tag, Buffer.from(digits)))).toThrow(DerError);
  });
});

it('reads times of both types, and object identifiers of any size that is used', () => {
  const at = (tag: number, digits: string) => new Date(time(value(tag, Buffer.from(digits)))).toISOString();
  expect(at(TAG.utcTime, '491231235959Z')).toBe('2049-12-31T23:59:59.000Z');
  expect(at(TAG.utcTime, '500101000000Z')).toBe('1950-01-01T00:00:00.000Z');
  expect(at(TAG.generalizedTime, '20500101000000Z')).toBe('2050-01-01T00:00:00.000Z');
  expect(objectId(value(TAG.objectId, bytes('2b0601040183c23502')))).toBe('1.3.6.1.4.1.57653.2');
  // A UUID as an arc.
  expect(objectId(value(TAG.objectId, bytes('6983ffffffffffffffffffffffffffffffffff7f')))).toMatch(
    /^2\.25\.\d{39}$/,
  );
});
