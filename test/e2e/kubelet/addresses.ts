import { UsageError } from '../../../core/errors';

/** Addresses of the pods of one node. One that is given back is not given out again before all others were. */
export class AddressPool {
  private readonly first: number;
  private readonly size: number;
  private readonly taken = new Set<number>();
  private next = 0;

  /**
   * @param cidr `10.244.1.0/24`
   * @throws UsageError for what is no IPv4 range with room for a pod
   */
  constructor(private readonly cidr: string) {
    const [address = '', bits = ''] = cidr.split('/');
    const prefix = Number(bits);
    if (!(prefix >= 8 && prefix <= 30)) {
      throw new UsageError(`pod range "${cidr}" has no room: write it as 10.244.1.0/24`);
    }
    // The network itself, its first address and the last one, a broadcast, are nobody's.
    this.first = toNumber(address) + 2;
    this.size = 2 ** (32 - prefix) - 3;
  }

  /** @throws UsageError if all are taken */
  take(): string {
    for (let tried = 0; tried < this.size; tried += 1) {
      const number = this.first + ((this.next + tried) % this.size);
      if (this.taken.has(number)) continue;
      this.taken.add(number);
      this.next = number - this.first + 1;
      return toText(number);
    }
    throw new UsageError(`no address left in ${this.cidr}: use a larger pod range, or fewer pods`);
  }

  release(address: string): void {
    this.taken.delete(toNumber(address));
  }
}

/** `0a000102` for 10.0.1.2. */
export function hexOf(address: string): string {
  return toNumber(address).toString(16).padStart(8, '0');
}

function toNumber(address: string): number {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) {
    throw new UsageError(`"${address}" is not an IPv4 address`);
  }
  return parts.reduce((number, part) => number * 256 + part, 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}
