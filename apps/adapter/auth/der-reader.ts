/** Bytes that are not what they should be. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One value of ASN.1 in DER. */
export interface DerValue {
  /** The first byte: class, form and number. */
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly raw: Buffer;
}

/** Tags of universal types, as their first byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Reads values that follow each other. What is not DER is an error: two readers must not see two certificates in it. */
export class DerReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** @returns `undefined` if the next value is of another tag, or there is none */
  optional(tag: number): DerValue | undefined {
    return this.bytes[this.at] === tag ? this.next(tag) : undefined;
  }

  /** @throws DerError if the next value is of another tag, incomplete, or not in DER */
  next(tag?: number): DerValue {
    const found = this.bytes[this.at];
    if (found === undefined) throw new DerError('DER ends too early');
    if (tag !== undefined && found !== tag) throw new DerError(`DER: tag ${found} where ${tag} belongs`);
    if ((found & 0x1f) === 0x1f) throw new DerError('DER: a tag of more than one byte');
    const { length, start } = this.length(this.at + 1);
    const end = start + length;
    if (end > this.bytes.length) throw new DerError('DER ends too early');
    const value = {
      tag: found,
      content: this.bytes.subarray(start, end),
      raw: this.bytes.subarray(this.at, end),
    };
    this.at = end;
    return value;
  }

  /** @throws DerError if there is more */
  end(): void {
    if (!this.done) throw new DerError('DER: more than belongs there');
  }

  private length(at: number): { length: number; start: number } {
    const first = this.bytes[at] ?? 0x80;
    if (first < 0x80) return { length: first, start: at + 1 };
    const count = first & 0x7f;
    const start = at + 1 + count;
    if (count === 0 || count > 4 || start > this.bytes.length)
      throw new DerError('DER: a length that is none');
    const length = this.bytes.readUIntBE(at + 1, count);
    if (length < 0x80 || this.bytes[at + 1] === 0) throw new DerError('DER: a length with padding');
    return { length, start };
  }
}

/** The values inside a constructed one. @throws DerError */
export function inside(value: DerValue): DerValue[] {
  const reader = new DerReader(value.content);
  const values: DerValue[] = [];
  while (!reader.done) values.push(reader.next());
  return values;
}

/** Longer object identifiers than anybody uses would cost more to write out than they are worth. */
const LONGEST_OBJECT_ID = 128;

/** An object identifier with dots. @throws DerError if it is none */
export function objectId({ content }: DerValue): string {
  const [last] = content.subarray(-1);
  if (last === undefined || last >= 0x80 || content.length > LONGEST_OBJECT_ID) {
    throw new DerError('DER: an object identifier that is none');
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let begins = true;
  for (const byte of content) {
    if (begins && byte === 0x80) throw new DerError('DER: an object identifier with padding');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    begins = byte < 0x80;
    if (!begins) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** The next value, if it is a boolean; false if there is none. @throws DerError if it is neither true nor false */
export function optionalBoolean(reader: DerReader): boolean {
  const value = reader.optional(TAG.boolean)?.content;
  if (!value) return false;
  if (value.length !== 1 || (value[0] !== 0 && value[0] !== 0xff)) {
    throw new DerError('DER: a boolean that is none');
  }
  return value[0] === 0xff;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A string of any type that names are written in; `undefined` for another type.
 * @throws DerError if its bytes are none of its type: replaced, they would make one name of several
 */
export function text({ tag, content }: DerValue): string | undefined {
  switch (tag) {
    case TAG.utf8String:
    case TAG.printableString:
    case TAG.ia5String:
      try {
        return utf8.decode(content);
      } catch (error) {
        throw new DerError('DER: a string that is no UTF-8', { cause: error });
      }
    case TAG.teletexString:
      return content.toString('latin1');
    case TAG.bmpString:
      if (content.length % 2 !== 0) throw new DerError('DER: a string with half a character');
      return Buffer.from(content).swap16().toString('utf16le');
    default:
      return undefined;
  }
}

/** A UTCTime or GeneralizedTime, in milliseconds since 1970. @throws DerError if it is none */
export function time({ tag, content }: DerValue): number {
  const digits = /^(\d+)Z$/.exec(content.toString('latin1'))?.[1] ?? '';
  // RFC 5280: a UTCTime is of 1950 to 2049.
  const century = Number(digits.slice(0, 2)) < 50 ? '20' : '19';
  const full = tag === TAG.utcTime ? `${century}${digits}` : tag === TAG.generalizedTime ? digits : '';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(full);
  const [, year, month, day, hour, minute, second] = parts ?? [];
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = parts ? Date.parse(written) : Number.NaN;
  // Date knows a 30th of February, and an hour 24.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== written) {
    throw new DerError('DER: a time that is none');
  }
  return ms;
}
