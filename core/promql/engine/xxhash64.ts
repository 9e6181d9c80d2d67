const MASK = 0xffff_ffff_ffff_ffffn;
const P1 = 11400714785074694791n;
const P2 = 14029467366897019727n;
const P3 = 1609587929392839161n;
const P4 = 9650029242287828579n;
const P5 = 2870177450012600261n;

/** XXH64 with the seed 0 (https://xxhash.com, `github.com/cespare/xxhash`). */
export function xxhash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  const stripes = length - (length % 32);
  let hash = length >= 32 ? hashStripes(view, stripes) : P5;
  hash = (hash + BigInt(length)) & MASK;
  let offset = stripes;
  for (; offset + 8 <= length; offset += 8) {
    hash ^= round(0n, view.getBigUint64(offset, true));
    hash = (rotate(hash, 27n) * P1 + P4) & MASK;
  }
  if (offset + 4 <= length) {
    hash ^= (BigInt(view.getUint32(offset, true)) * P1) & MASK;
    hash = (rotate(hash, 23n) * P2 + P3) & MASK;
    offset += 4;
  }
  for (; offset < length; offset++) {
    hash ^= (BigInt(view.getUint8(offset)) * P5) & MASK;
    hash = (rotate(hash, 11n) * P1) & MASK;
  }
  return avalanche(hash);
}

function hashStripes(view: DataView, length: number): bigint {
  const lanes: [bigint, bigint, bigint, bigint] = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
  for (let offset = 0; offset < length; offset += 32) {
    lanes[0] = round(lanes[0], view.getBigUint64(offset, true));
    lanes[1] = round(lanes[1], view.getBigUint64(offset + 8, true));
    lanes[2] = round(lanes[2], view.getBigUint64(offset + 16, true));
    lanes[3] = round(lanes[3], view.getBigUint64(offset + 24, true));
  }
  const [a, b, c, d] = lanes;
  const sum = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK;
  return lanes.reduce((hash, lane) => ((hash ^ round(0n, lane)) * P1 + P4) & MASK, sum);
}

function avalanche(hash: bigint): bigint {
  let mixed = hash ^ (hash >> 33n);
  mixed = (mixed * P2) & MASK;
  mixed ^= mixed >> 29n;
  mixed = (mixed * P3) & MASK;
  return mixed ^ (mixed >> 32n);
}

function round(accumulator: bigint, input: bigint): bigint {
  return (rotate((accumulator + input * P2) & MASK, 31n) * P1) & MASK;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}
