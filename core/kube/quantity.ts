import { UsageError } from '../errors';

/** How a quantity was written, and therefore how it is printed (apimachinery `resource.Format`). */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

const DECIMAL_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);
const SYNTAX = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const NANOS = 1_000_000_000n;
const MAX_NANOS = (2n ** 63n - 1n) * NANOS;

/**
 * A Kubernetes resource quantity (`500m`, `1.5Gi`, `12e3`), exact to a billionth.
 *
 * Follows `k8s.io/apimachinery/pkg/api/resource`: finer than nano rounds away from zero, larger than 2^63-1 is capped.
 */
export class Quantity {
  private constructor(
    /** Value in billionths. */
    readonly nanos: bigint,
    readonly format: QuantityFormat,
    private readonly unscaled: bigint,
    private readonly scale: number,
  ) {}

  /**
   * @param text a quantity as Kubernetes writes it, or a number (its shortest decimal form is taken)
   * @throws UsageError if the text is not a quantity
   */
  static parse(text: string | number): Quantity {
    const source = typeof text === 'number' ? String(text) : text;
    const match = SYNTAX.exec(source);
    if (!match) {
      throw new UsageError(
        `invalid quantity "${source}": quantities must match the regular expression ` +
          `'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$', for example 500m, 2, 1.5Gi`,
      );
    }
    const [, sign, number = '', exponent, suffix = ''] = match;
    const [whole = '', fraction = ''] = number.split('.');
    const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
    const power = BINARY_SUFFIXES.get(suffix);
    if (power !== undefined) {
      const unscaled = digits * 2n ** BigInt(power);
      return Quantity.of(unscaled, -fraction.length, 'BinarySI');
    }
    const scale =
      (exponent ? Number(exponent.slice(1)) : (DECIMAL_SUFFIXES.get(suffix) ?? 0)) - fraction.length;
    return Quantity.of(digits, scale, exponent ? 'DecimalExponent' : 'DecimalSI');
  }

  /** A quantity of that many thousandths, decimal unless said otherwise. */
  static milli(value: bigint | number, format: QuantityFormat = 'DecimalSI'): Quantity {
    return Quantity.of(BigInt(value), -3, format);
  }

  private static of(unscaled: bigint, scale: number, format: QuantityFormat): Quantity {
    const clampedScale = Math.min(scale, 60);
    const nanos = capped(scaledTo(unscaled, clampedScale + 9));
    return new Quantity(nanos, format, unscaled, clampedScale);
  }

  /** Thousandths, rounded up (away from zero for positive values), as `Quantity.MilliValue()`. */
  milliValue(): bigint {
    return divideAwayFromZero(this.nanos, 1_000_000n);
  }

  /** Whole units, rounded away from zero, as `Quantity.Value()`. */
  value(): bigint {
    return divideAwayFromZero(this.nanos, NANOS);
  }

  /** As `Quantity.AsApproximateFloat64()`: unscaled digits times a power of ten, so `570m` is 0.5700000000000001. */
  approximateFloat(): number {
    return this.scale === 0 ? Number(this.unscaled) : Number(this.unscaled) * Number(`1e${this.scale}`);
  }

  compare(other: Quantity): -1 | 0 | 1 {
    return this.nanos < other.nanos ? -1 : this.nanos > other.nanos ? 1 : 0;
  }

  plus(other: Quantity): Quantity {
    return Quantity.of(this.nanos + other.nanos, -9, this.format);
  }

  /** Canonical form: no fraction, largest suffix that needs none. */
  toString(): string {
    const whole = this.nanos / NANOS;
    const binary = this.format === 'BinarySI' && whole * NANOS === this.nanos && magnitude(whole) >= 1024n;
    return binary ? withBinarySuffix(whole) : this.decimalString();
  }

  /** In JSON and YAML a quantity is its canonical text. */
  toJSON(): string {
    return this.toString();
  }

  private decimalString(): string {
    if (this.nanos === 0n) return '0';
    let digits = this.nanos;
    let exponent = -9;
    while (digits % 1000n === 0n && exponent < 18) {
      digits /= 1000n;
      exponent += 3;
    }
    if (this.format === 'DecimalExponent')
      return exponent === 0 ? digits.toString() : `${digits}e${exponent}`;
    const suffix = [...DECIMAL_SUFFIXES].find(([, power]) => power === exponent)?.[0] ?? '';
    return `${digits}${suffix}`;
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function capped(nanos: bigint): bigint {
  if (nanos > MAX_NANOS) return MAX_NANOS;
  return nanos < -MAX_NANOS ? -MAX_NANOS : nanos;
}

/** `value × 10^power`, rounded away from zero when the power is negative. */
function scaledTo(value: bigint, power: number): bigint {
  return power >= 0 ? value * 10n ** BigInt(power) : divideAwayFromZero(value, 10n ** BigInt(-power));
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

function withBinarySuffix(whole: bigint): string {
  let value = whole;
  let suffix = '';
  for (const [name] of BINARY_SUFFIXES) {
    if (value % 1024n !== 0n) break;
    value /= 1024n;
    suffix = name;
  }
  return `${value}${suffix}`;
}
