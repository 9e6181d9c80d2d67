import { X509Certificate } from 'node:crypto';
import { certificateBlocks } from '../../../core/kube/pem';
import {
  DerError,
  DerReader,
  inside,
  objectId,
  optionalBoolean,
  TAG,
  text,
  time,
  type DerValue,
} from './der-reader';

/** A certificate as far as it matters for chains and users. Node checks signatures; what it does not tell is read here. */
export interface ParsedCertificate {
  readonly handle: X509Certificate;
  /** Of the whole certificate: SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  /** DER of the names, in hexadecimal; names are equal if these are, as in `crypto/x509` of Go. */
  readonly subject: string;
  readonly issuer: string;
  /** DER of the public key, in hexadecimal. */
  readonly publicKey: string;
  /** First and last moment at which it is valid, in milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Whether it may sign certificates. */
  readonly authority: boolean;
  /** How many authorities may stand between it and the last certificate. */
  readonly pathLength: number;
  /** Whether it, or what it signs, may be used by clients. */
  readonly forClients: boolean;
  /** Whether it limits the names of what it signs. */
  readonly constrainsNames: boolean;
  /** Whether it has names besides its subject. */
  readonly alternativeNames: boolean;
  /** Why it is no good in any chain. */
  readonly defect?: string;
  /** The last one, as Go takes it; `''` if there is none. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Values of `1.3.6.1.4.1.57683.2`, Kubernetes' own attribute for the UID of a user. */
  readonly userIds: readonly string[];
}

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}
type Extensions = ReadonlyMap<string, Extension>;

const ATTRIBUTE = { commonName: '2.5.4.3', organization: '2.5.4.10', userId: '1.3.6.1.4.1.57683.2' } as const;
const EXTENSION = {
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  extendedKeyUsage: '2.5.29.37',
} as const;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USAGE = '2.5.29.37.0';
/** Extensions that are looked at here, or that say nothing that could make a chain worse (as in Go). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...[EXTENSION.keyUsage, EXTENSION.alternativeNames, EXTENSION.basicConstraints, EXTENSION.extendedKeyUsage],
  ...['2.5.29.14', '2.5.29.31', '2.5.29.32', '2.5.29.35', '1.3.6.1.5.5.7.1.1'],
]);
/** Signatures with MD5 and SHA-1: RSA, DSA, ECDSA. */
const WEAK_SIGNATURES: ReadonlySet<string> = new Set([
  ...['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.3.14.3.2.29'],
  ...['1.2.840.10040.4.3', '1.2.840.10045.4.1'],
]);
const KEY_CERT_SIGN = 0x04;
/** Explicit tag of a certificate's version, and of its extensions. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** @throws DerError if the certificate cannot be read */
export function parseCertificate(handle: X509Certificate): ParsedCertificate {
  const [toBeSigned, algorithm] = inside(new DerReader(handle.raw).next(TAG.sequence));
  if (!toBeSigned || !algorithm) throw new DerError('DER ends too early');
  const reader = new DerReader(toBeSigned.content);
  reader.optional(VERSION);
  reader.next(TAG.integer);
  reader.next(TAG.sequence);
  const issuer = reader.next(TAG.sequence);
  const [notBefore, notAfter, ...more] = inside(reader.next(TAG.sequence)).map(time);
  const subject = reader.next(TAG.sequence);
  const publicKey = reader.next(TAG.sequence);
  if (notBefore === undefined || notAfter === undefined || more.length > 0) {
    throw new DerError('DER: a validity that is none');
  }
  const names = attributesOf(subject);
  return {
    handle,
    fingerprint: handle.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: subject.raw.toString('hex'),
    issuer: issuer.raw.toString('hex'),
    publicKey: publicKey.raw.toString('hex'),
    notBeforeMs: notBefore,
    notAfterMs: notAfter,
    commonName: names(ATTRIBUTE.commonName).at(-1) ?? '',
    organizations: names(ATTRIBUTE.organization),
    userIds: names(ATTRIBUTE.userId),
    ...rights(handle, rest(reader), algorithm),
  };
}

/** What the extensions allow and forbid. */
function rights(handle: X509Certificate, extensions: Extensions, algorithm: DerValue) {
  const constraints = extensions.get(EXTENSION.basicConstraints);
  const [ca, pathLength] = constraints ? basicConstraints(constraints.value) : [false, Infinity];
  const keyUsage = extensions.get(EXTENSION.keyUsage);
  const usages = extensions.get(EXTENSION.extendedKeyUsage);
  const defect = defectOf(extensions, algorithm);
  return {
    // Both readers have to agree on the one thing that makes authorities out of clients.
    authority: ca && handle.ca && (!keyUsage || mayCertify(keyUsage.value)),
    pathLength,
    forClients:
      !usages || extendedUsages(usages.value).some((each) => each === CLIENT_AUTH || each === ANY_USAGE),
    constrainsNames: extensions.has(EXTENSION.nameConstraints),
    alternativeNames: extensions.has(EXTENSION.alternativeNames),
    ...(defect === undefined ? {} : { defect }),
  };
}

function attributesOf(name: DerValue): (type: string) => string[] {
  const attributes = inside(name).flatMap((relative) =>
    inside(relative).map((attribute) => {
      const [type, value] = inside(attribute);
      return { type: type && objectId(type), value: value && text(value) };
    }),
  );
  return (wanted) =>
    attributes.flatMap(({ type, value }) => (type === wanted && value !== undefined ? [value] : []));
}

/** @throws DerError if an extension is there twice, or cannot be read */
function rest(reader: DerReader): Extensions {
  const extensions = new Map<string, Extension>();
  while (!reader.done) {
    const part = reader.next();
    if (part.tag !== EXTENSIONS) continue;
    for (const extension of inside(new DerReader(part.content).next(TAG.sequence))) {
      const fields = new DerReader(extension.content);
      const type = objectId(fields.next(TAG.objectId));
      const critical = optionalBoolean(fields);
      const value = fields.next(TAG.octetString).content;
      fields.end();
      if (extensions.has(type)) throw new DerError(`it has the extension ${type} twice`);
      extensions.set(type, { critical, value });
    }
  }
  return extensions;
}

function basicConstraints(value: Buffer): [ca: boolean, pathLength: number] {
  const fields = new DerReader(new DerReader(value).next(TAG.sequence).content);
  const ca = optionalBoolean(fields);
  const length = fields.optional(TAG.integer)?.content;
  fields.end();
  if (!length) return [ca, Infinity];
  // More than one byte, or a negative number: as good as none at all.
  return [ca, length.length === 1 ? length.readInt8(0) : Infinity];
}

function mayCertify(value: Buffer): boolean {
  const bits = new DerReader(value).next(TAG.bitString).content;
  return ((bits[1] ?? 0) & KEY_CERT_SIGN) !== 0;
}

function extendedUsages(value: Buffer): string[] {
  return inside(new DerReader(value).next(TAG.sequence)).map(objectId);
}

function defectOf(extensions: Extensions, algorithm: DerValue): string | undefined {
  for (const [type, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.has(type)) return `its critical extension ${type} is not understood`;
  }
  const [signature] = inside(algorithm);
  const weak = signature && WEAK_SIGNATURES.has(objectId(signature));
  return weak ? 'it is signed with a weak hash' : undefined;
}

/**
 * The certificates in a PEM text; what else is in it is ignored.
 * @throws if there is none, or one cannot be read
 */
export function parseCertificates(pem: string): ParsedCertificate[] {
  const blocks = certificateBlocks(pem);
  if (blocks.length === 0) throw new Error('no PEM certificate in it');
  return blocks.map((block, index) => {
    try {
      return parseCertificate(new X509Certificate(block));
    } catch (error) {
      throw new Error(`certificate ${index + 1} of ${blocks.length} cannot be read`, { cause: error });
    }
  });
}
