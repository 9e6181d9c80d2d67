import { UsageError } from '../../errors';

const FAMILIES = { 4: 32, 6: 128 } as const;

/** A range of addresses in CIDR notation, less the ranges taken out of it. */
export class IpBlock {
  private constructor(
    private readonly range: Range,
    private readonly except: readonly Range[],
  ) {}

  /** @throws UsageError if any of the ranges is not in CIDR notation */
  static parse(cidr: string, except: readonly string[] = []): IpBlock {
    return new IpBlock(parseRange(cidr), except.map(parseRange));
  }

  /** Whether the range is all addresses, before anything is taken out. */
  get all(): boolean {
    return this.range.prefix === 0;
  }

  /** @throws UsageError if the text is not an address */
  contains(ip: string): boolean {
    const address = parseAddress(ip);
    return covers(this.range, address) && !this.except.some((range) => covers(range, address));
  }
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

interface Range extends Address {
  readonly prefix: number;
}

function covers(range: Range, address: Address): boolean {
  const shift = BigInt(FAMILIES[range.family] - range.prefix);
  return range.family === address.family && range.value >> shift === address.value >> shift;
}

function parseRange(text: string): Range {
  const [host = '', prefix] = text.split('/');
  const address = parseAddress(host);
  const bits = FAMILIES[address.family];
  const length = prefix === undefined ? bits : Number(prefix);
  if (prefix === '' || !Number.isInteger(length) || length < 0 || length > bits) {
    throw new UsageError(`invalid CIDR "${text}": write it like 10.0.0.0/8`);
  }
  return { ...address, prefix: length };
}

function parseAddress(text: string): Address {
  const address = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (!address) throw new UsageError(`invalid IP address "${text}"`);
  return address;
}

function parseIpv4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return { family: 4, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const parts = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  return { family: 6, value: parts.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n) };
}
