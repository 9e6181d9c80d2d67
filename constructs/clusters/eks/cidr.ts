/** A block of IPv4 addresses. */
export interface Cidr {
  /** Its first address, as a number of 32 bits. */
  readonly first: number;
  /** How many leading bits all its addresses share. */
  readonly prefix: number;
}

/** `10.0.0.0/16`, read; undefined where it is not a block, or where its address is not the first of one. */
export function parseCidr(text: string): Cidr | undefined {
  const numbers = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = numbers ?? [];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % sizeOf(prefix) === 0 ? { first, prefix } : undefined;
}

/** The block of a number when a block is cut into 2^`bits` of one size. */
export function partOf({ first, prefix }: Cidr, bits: number, index: number): string {
  const part = prefix + bits;
  return formatCidr({ first: first + index * sizeOf(part), prefix: part });
}

/** Whether all addresses of one block are in the other. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  const last = outer.first + sizeOf(outer.prefix);
  return inner.prefix >= outer.prefix && inner.first >= outer.first && inner.first < last;
}

function formatCidr({ first, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** How many addresses a block of that prefix has. */
function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}
