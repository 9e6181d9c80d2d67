/** Values of ASN.1 in their distinguished encoding (X.690), as far as certificates need them. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;
const LONG_LENGTH = 0x80;
const BASE_128 = 0x80;

/** A value with its tag and length. */
function value(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < LONG_LENGTH) return [length];
  const bytes = bytesOf(length);
  return [LONG_LENGTH | bytes.length, ...bytes];
}

/** Big-endian, without zeros in front. */
function bytesOf(number: number): number[] {
  return number < 256 ? [number] : [...bytesOf(Math.floor(number / 256)), number % 256];
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return value(TAG.sequence, Buffer.concat(items));
}

export function set(...items: readonly Uint8Array[]): Buffer {
  return value(TAG.set, Buffer.concat(items));
}

export function boolean(is: boolean): Buffer {
  return value(TAG.boolean, Buffer.from([is ? 0xff : 0]));
}

/** @param magnitude of a number that is not negative, big-endian */
export function integer(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : magnitude.subarray(first);
  const signed = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  return value(TAG.integer, signed);
}

export function octetString(content: Uint8Array): Buffer {
  return value(TAG.octetString, content);
}

/** @param unused bits at the end of the last byte */
export function bitString(content: Uint8Array, unused = 0): Buffer {
  return value(TAG.bitString, Buffer.concat([Buffer.from([unused]), content]));
}

export function utf8String(text: string): Buffer {
  return value(TAG.utf8String, Buffer.from(text));
}

/** @param dotted such as `2.5.29.17` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number % BASE_128];
  for (let left = Math.floor(number / BASE_128); left > 0; left = Math.floor(left / BASE_128)) {
    digits.unshift(BASE_128 | (left % BASE_128));
  }
  return digits;
}

/** A second, as certificates write it: with two digits of the year until 2049, with four from then on (RFC 5280). */
export function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(text.slice(0, 4)) < 2050
    ? value(TAG.utcTime, Buffer.from(text.slice(2)))
    : value(TAG.generalizedTime, Buffer.from(text));
}

/** A value whose tag its place gives it, around a whole value. */
export function explicit(number: number, content: Uint8Array): Buffer {
  return value(0xa0 | number, content);
}

/** A value whose tag its place gives it, in place of its own. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return value(0x80 | number, content);
}
