import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';

const DAY_MS = 86_400_000;
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const USER_ID = '1.3.6.1.4.1.57683.2';

/** A certificate with its key. */
export interface Issued {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly handle: X509Certificate;
  /** DER of its name. */
  readonly subject: Buffer;
}

export interface TestExtension {
  readonly type: string;
  readonly critical: boolean;
  /** DER, in hexadecimal. */
  readonly value: string;
}

/** What a certificate says. */
export interface CertificateRequest {
  readonly name: string;
  readonly organizations?: readonly string[];
  /** More attributes of the name, by type. */
  readonly attributes?: readonly (readonly [type: string, value: string])[];
  /** Absent: it signs itself. */
  readonly by?: Issued;
  /** A number is the path length. */
  readonly authority?: boolean | number;
  /** The one byte of a key usage; by default that of an authority. */
  readonly keyUsage?: number;
  readonly usages?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly dnsNames?: readonly string[];
  readonly extensions?: readonly TestExtension[];
  /** PEM of a key to use again. */
  readonly key?: string;
  readonly hash?: 'sha256' | 'sha1';
}

let serial = 1;

/** A new certificate with an elliptic key. */
export function issue(request: CertificateRequest): Issued {
  const privateKey = request.key ? createPrivateKey(request.key) : newKey();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const subject = nameOf(request);
  const algorithm = der(0x30, oid(request.hash === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2'));
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, serial >> 8, serial++ & 0xff])),
    algorithm,
    request.by?.subject ?? subject,
    der(
      0x30,
      time(request.notBefore ?? new Date(Date.now() - DAY_MS)),
      time(request.notAfter ?? new Date(Date.now() + DAY_MS)),
    ),
    subject,
    publicKeyOf(privateKey),
    der(0xa3, der(0x30, ...extensionsOf(request).map(extension))),
  );
  const signingKey = request.by ? createPrivateKey(request.by.key) : privateKey;
  const signature = sign(request.hash ?? 'sha256', toBeSigned, signingKey);
  const bytes = der(0x30, toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const handle = new X509Certificate(bytes);
  return { certificate: handle.toString(), key, handle, subject };
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  });
}

function nameOf({ name, organizations = [], attributes = [] }: CertificateRequest): Buffer {
  const all = [
    ...organizations.map((each) => ['2.5.4.10', each] as const),
    ['2.5.4.3', name] as const,
    ...attributes,
  ];
  return der(
    0x30,
    ...all.map(([type, value]) => der(0x31, der(0x30, oid(type), der(0x0c, Buffer.from(value))))),
  );
}

function extensionsOf(request: CertificateRequest): TestExtension[] {
  const { authority, usages, dnsNames } = request;
  const found: TestExtension[] = [...(request.extensions ?? [])];
  const add = (type: string, critical: boolean, value: Buffer) =>
    found.push({ type, critical, value: value.toString('hex') });
  if (authority !== undefined) {
    const ca = authority === false ? [] : [der(0x01, Buffer.from([0xff]))];
    const length = typeof authority === 'number' ? [der(0x02, Buffer.from([authority]))] : [];
    add('2.5.29.19', true, der(0x30, ...ca, ...length));
    add('2.5.29.15', true, der(0x03, Buffer.from([0, request.keyUsage ?? 0x04])));
  }
  if (usages) add('2.5.29.37', false, der(0x30, ...usages.map(oid)));
  if (dnsNames) add('2.5.29.17', false, der(0x30, ...dnsNames.map((each) => der(0x82, Buffer.from(each)))));
  return found;
}

function extension({ type, critical, value }: TestExtension): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return der(0x30, oid(type), ...flag, der(0x04, Buffer.from(value, 'hex')));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/\.\d+Z$|[-:T]/g, '')}Z`));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
