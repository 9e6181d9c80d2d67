import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import * as der from './der';

/** A certificate with its key; PEM. */
export interface KeyPair {
  /** With the intermediate certificates after it. */
  readonly certificate: string;
  readonly key: string;
}

/** From when until when a certificate is good, in milliseconds since 1970. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Who vouches for a certificate. */
interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

interface Contents {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly validity: Validity;
  readonly issuer: Issuer;
  readonly extensions: readonly Buffer[];
}

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
/** Bits of `KeyUsage`, the first in front. */
const USAGE = { digitalSignature: [0x80, 7], certAndCrlSign: [0x06, 1] } as const;
const ALT_NAME = { dns: 2, ip: 7 } as const;
const SERIAL_BYTES = 16;

/** A certificate authority that vouches for itself, with an EC key of P-256. */
export function createAuthority(name: string, validity: Validity): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return pairOf(privateKey, {
    ...{ name, publicKey, validity, issuer: { name, key: privateKey } },
    extensions: [
      extension(OID.basicConstraints, der.sequence(der.boolean(true)), true),
      keyUsage(USAGE.certAndCrlSign),
    ],
  });
}

/**
 * A certificate of a server for some names, DNS names and addresses, with an EC key of P-256.
 * @param authority by its common name and key; without one the certificate vouches for itself
 */
export function issueServing(
  names: readonly string[],
  validity: Validity,
  authority?: { readonly name: string; readonly key: KeyObject },
): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [name = ''] = names;
  return pairOf(privateKey, {
    ...{ name, publicKey, validity, issuer: authority ?? { name, key: privateKey } },
    extensions: [
      extension(OID.basicConstraints, der.sequence(), true),
      keyUsage(USAGE.digitalSignature),
      extension(OID.extKeyUsage, der.sequence(der.oid(OID.serverAuth))),
      extension(OID.subjectAltName, der.sequence(...names.map(altName))),
    ],
  });
}

/**
 * The common name under which an authority can be the issuer of certificates made here.
 * @returns undefined if its name is more than that, or written in another way: those who check compare bytes
 */
export function issuerNameOf(authority: X509Certificate): string | undefined {
  const name = /^CN=([^\n]*)$/.exec(authority.subject)?.[1];
  return name !== undefined && authority.raw.includes(distinguishedName(name)) ? name : undefined;
}

function pairOf(key: KeyObject, contents: Contents): KeyPair {
  return {
    certificate: pem('CERTIFICATE', certificate(contents)),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** `Certificate` of RFC 5280, section 4.1. */
function certificate({ name, publicKey, validity, issuer, extensions }: Contents): Buffer {
  const algorithm = der.sequence(der.oid(OID.ecdsaWithSha256));
  const toSign = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serialNumber()),
    algorithm,
    distinguishedName(issuer.name),
    der.sequence(der.time(validity.notBeforeMs), der.time(validity.notAfterMs)),
    distinguishedName(name),
    spki(publicKey),
    der.explicit(
      3,
      der.sequence(
        ...extensions,
        extension(OID.subjectKeyIdentifier, der.octetString(keyIdentifier(publicKey))),
        extension(
          OID.authorityKeyIdentifier,
          der.sequence(der.implicit(0, keyIdentifier(createPublicKey(issuer.key)))),
        ),
      ),
    ),
  );
  return der.sequence(toSign, algorithm, der.bitString(sign('sha256', toSign, issuer.key)));
}

/** Never zero in front, so that all are of one length. */
function serialNumber(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid(OID.commonName), der.utf8String(commonName))));
}

function extension(id: string, content: Buffer, critical = false): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(content));
}

function keyUsage([bits, unused]: readonly [number, number]): Buffer {
  return extension(OID.keyUsage, der.bitString(Buffer.from([bits]), unused), true);
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** Any value will do that tells keys apart. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}

function altName(name: string): Buffer {
  return isIP(name) === 0
    ? der.implicit(ALT_NAME.dns, Buffer.from(name))
    : der.implicit(ALT_NAME.ip, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const words = (text: string) =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const [before, after] = [words(head), words(tail ?? '')];
  const zeros = new Array<number>(tail === undefined ? 0 : 8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((word) => [word >> 8, word & 0xff]));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
