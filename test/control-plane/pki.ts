import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der';

const DAY_MS = 86_400_000;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** For a server: the names and addresses it is called by. A client's certificate has none. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate authority that lives as long as the test. */
export class CertificateAuthority {
  private constructor(
    private readonly name: Buffer,
    private readonly key: KeyObject,
    /** Its certificate, PEM. */
    readonly certificate: string,
  ) {}

  static create(commonName: string): CertificateAuthority {
    const { privateKey, publicKey } = newKeys();
    const name = distinguishedName(commonName, []);
    const certificate = signed(privateKey, {
      issuer: name,
      subject: name,
      publicKey,
      notBefore: fromNow(-DAY_MS),
      notAfter: fromNow(30 * DAY_MS),
      extensions: [
        extension('2.5.29.19', sequence(boolean(true)), true),
        // Certificate signing and digital signature.
        extension('2.5.29.15', bitString(Buffer.from([0x84]), 2), true),
      ],
    });
    return new CertificateAuthority(name, privateKey, certificate);
  }

  /** Signs a certificate: of a server if it has names, else of a client. */
  issue(options: CertificateOptions): Identity {
    const { commonName, organizations = [], names } = options;
    const { privateKey, publicKey } = newKeys();
    const certificate = signed(this.key, {
      issuer: this.name,
      subject: distinguishedName(commonName, organizations),
      publicKey,
      notBefore: options.notBefore ?? fromNow(-DAY_MS),
      notAfter: options.notAfter ?? fromNow(30 * DAY_MS),
      extensions: [
        // Digital signature.
        extension('2.5.29.15', bitString(Buffer.from([0x80]), 7), true),
        extension('2.5.29.37', sequence(objectIdentifier(names ? SERVER_AUTH : CLIENT_AUTH)), false),
        ...(names ? [extension('2.5.29.17', sequence(...names.map(alternativeName)), false)] : []),
      ],
    });
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
}

/** Keys that sign the tokens of service accounts, PEM. */
export function serviceAccountKeys(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

interface Content {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}

/** A certificate of RFC 5280, PEM. */
function signed(key: KeyObject, content: Content): string {
  const serial = randomBytes(8);
  // Positive, and with no zero before it.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    content.issuer,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.subject,
    content.publicKey,
    explicit(3, sequence(...content.extensions)),
  );
  const signature = sign('sha256', toBeSigned, key);
  const der = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Each part in a set of its own. */
function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  const parts = [
    ...organizations.map((organization) => [ORGANIZATION, organization] as const),
    [COMMON_NAME, commonName] as const,
  ];
  return sequence(...parts.map(([type, value]) => set(sequence(objectIdentifier(type), utf8String(value)))));
}

function extension(identifier: string, value: Buffer, critical: boolean): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

function alternativeName(name: string): Buffer {
  return /^[\d.]+$/.test(name)
    ? implicit(7, Buffer.from(name.split('.').map(Number)))
    : implicit(2, Buffer.from(name));
}

function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKey: createPrivateKey(privateKey), publicKey };
}

function fromNow(byMs: number): Date {
  return new Date(Date.now() + byMs);
}
