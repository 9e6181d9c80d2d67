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

  /** @throws if the next value is of another tag, incomplete, or not in DER */
  next(tag?: number): DerValue {
    const found = this.bytes[this.at];
    if (found === undefined) throw new Error('DER ends too early');
    if (tag !== undefined && found !== tag) throw new Error(`DER: tag ${found} where ${tag} belongs`);
    if ((found & 0x1f) === 0x1f) throw new Error('DER: a tag of more than one byte');
    const { length, start } = this.length(this.at + 1);
    const end = start + length;
    if (end > this.bytes.length) throw new Error('DER ends too early');
    const value = {
      tag: found,
      content: this.bytes.subarray(start, end),
      raw: this.bytes.subarray(this.at, end),
    };
    this.at = end;
    return value;
  }

  /** @throws if there is more */
  end(): void {
    if (!this.done) throw new Error('DER: more than belongs there');
  }

  private length(at: number): { length: number; start: number } {
    const first = this.bytes[at] ?? 0x80;
    if (first < 0x80) return { length: first, start: at + 1 };
    const count = first & 0x7f;
    const start = at + 1 + count;
    if (count === 0 || count > 4 || start > this.bytes.length) throw new Error('DER: a length that is none');
    const length = this.bytes.readUIntBE(at + 1, count);
    if (length < 0x80 || this.bytes[at + 1] === 0) throw new Error('DER: a length with padding');
    return { length, start };
  }
}

/** The values inside a constructed one. */
export function inside(value: DerValue): DerValue[] {
  const reader = new DerReader(value.content);
  const values: DerValue[] = [];
  while (!reader.done) values.push(reader.next());
  return values;
}

/** An object identifier with dots. */
export function objectId({ content }: DerValue): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** A string of any type that names are written in; `undefined` for another type. */
export function text({ tag, content }: DerValue): string | undefined {
  switch (tag) {
    case TAG.utf8String:
    case TAG.printableString:
    case TAG.ia5String:
      return content.toString('utf8');
    case TAG.teletexString:
      return content.toString('latin1');
    case TAG.bmpString:
      return Buffer.from(content).swap16().toString('utf16le');
    default:
      return undefined;
  }
}

/** A UTCTime or GeneralizedTime, in milliseconds since 1970. */
export function time({ tag, content }: DerValue): number {
  const digits = /^(\d+)Z$/.exec(content.toString('latin1'))?.[1] ?? '';
  // RFC 5280: a UTCTime is of 1950 to 2049.
  const century = Number(digits.slice(0, 2)) < 50 ? '20' : '19';
  const full = tag === TAG.utcTime && digits.length === 12 ? `${century}${digits}` : digits;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(full);
  const [, year, month, day, hour, minute, second] = parts ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!parts || Number.isNaN(ms)) throw new Error('DER: a time that is none');
  return ms;
}
