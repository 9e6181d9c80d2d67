import { NotSupportedError, UsageError } from '../errors';
import { type Int64, toInt64 } from './int64';

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
const SUFFIX_OF_POWER: ReadonlyMap<number, string> = new Map(
  [...DECIMAL_SUFFIXES].map(([suffix, power]) => [power, suffix]),
);
/** Below this a hundred times the number is an exact float too. */
const SMALL = 2n ** 46n;
const SYNTAX = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const NANO = -9;
const MAX_INT64 = 2n ** 63n - 1n;
/** Digits that always fit an int64. */
const INT64_DIGITS = 18;
/** Scalings that upstream multiplies in one step: an overflow keeps the low 64 bits, where others give 0. */
const ONE_STEP_POWERS: ReadonlySet<number> = new Set([1, 2, 3, 6, 9]);
/** Powers of ten are exact floats and the same in every mathematics library up to this one. */
const LARGEST_EXPONENT = 22;

/** The parts of a quantity's text. */
interface Written {
  readonly text: string;
  readonly negative: boolean;
  /** Digits before the point without leading zeros, `0` if there are none. */
  readonly whole: string;
  /** Digits after the point. */
  readonly fraction: string;
  /** Whether a digit stands before the suffix; upstream reads `.k` as zero but refuses `.Pi`. */
  readonly numeric: boolean;
  readonly format: QuantityFormat;
  /** Power of ten, or of two in `BinarySI`, that the suffix stands for. */
  readonly exponent: number;
}

/** `unscaled × 10^scale`; the scale is at least -9. */
interface Amount {
  readonly unscaled: bigint;
  readonly scale: number;
  /** Upstream has two representations, which round and overflow differently. */
  readonly kind: 'int64' | 'decimal';
}

/**
 * A Kubernetes resource quantity (`500m`, `1.5Gi`, `12e3`), exact to a billionth.
 *
 * Follows `k8s.io/apimachinery/pkg/api/resource`, its oddities included: what is finer than a billionth rounds
 * away from zero, binary quantities are capped at 2^63-1, and numbers that do not fit an int64 overflow as Go's do.
 */
export class Quantity {
  private milli64: Int64 | undefined;

  private constructor(
    private readonly amount: Amount,
    readonly format: QuantityFormat,
    /** The text it was read from, if upstream prints that again instead of the canonical form. */
    private readonly text?: string,
  ) {}

  /**
   * @param source a quantity as Kubernetes writes it, or a number (its shortest decimal form is taken)
   * @throws UsageError if the text is not a quantity
   * @throws NotSupportedError if its exponent is beyond ±22
   */
  static parse(source: string | number): Quantity {
    const written = readText(String(source));
    const amount = int64Amount(written);
    if (amount) return new Quantity(amount, written.format, keepsText(written) ? written.text : undefined);
    return new Quantity(decimalAmount(written), written.format);
  }

  /** A quantity of that many thousandths, decimal unless said otherwise. */
  static milli(value: bigint | number, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity({ unscaled: BigInt(value), scale: -3, kind: 'int64' }, format);
  }

  /** Value in billionths, exact. */
  get nanos(): bigint {
    return this.amount.unscaled * powerOfTen(this.amount.scale - NANO);
  }

  /** Thousandths as `Quantity.MilliValue()`: rounded up, away from zero for int64 amounts. */
  milliValue(): bigint {
    return scaledInt64(this.amount, -3);
  }

  /** `milliValue()`, computed once. */
  milliInt64(): Int64 {
    return (this.milli64 ??= toInt64(this.milliValue()));
  }

  /** Whole units as `Quantity.Value()`: rounded up, away from zero for int64 amounts. */
  value(): bigint {
    return scaledInt64(this.amount, 0);
  }

  /** As `Quantity.AsApproximateFloat64()`: unscaled digits times a power of ten, so `570m` is 0.5700000000000001. */
  approximateFloat(): number {
    const { unscaled, scale } = this.amount;
    return scale === 0 ? Number(unscaled) : Number(unscaled) * Number(`1e${scale}`);
  }

  /** As `Quantity.Add()`: in int64 arithmetic while that is exact, else in arbitrary precision. */
  plus(other: Quantity): Quantity {
    const format = this.amount.unscaled === 0n ? other.format : this.format;
    return new Quantity(int64Sum(this.amount, other.amount) ?? decimalSum(this, other), format);
  }

  compare(other: Quantity): -1 | 0 | 1 {
    const sameScale = this.amount.scale === other.amount.scale;
    const left = sameScale ? this.amount.unscaled : this.nanos;
    const right = sameScale ? other.amount.unscaled : other.nanos;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** As `Quantity.String()`: canonical (no fraction, largest suffix that needs none), unless upstream kept the text. */
  toString(): string {
    return this.text ?? canonicalText(this.amount, this.format);
  }

  /** In JSON and YAML a quantity is its text. */
  toJSON(): string {
    return this.toString();
  }

  /** As Go's `%#v` prints it. Where an arbitrary precision number is, that has an address, here always the same. */
  goSyntax(): string {
    const { unscaled, scale, kind } = this.amount;
    const [value, power, pointer] = kind === 'int64' ? [unscaled, scale, 'nil'] : [0n, 0, '0xc000000000'];
    return (
      `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${power}}, ` +
      `d:resource.infDecAmount{Dec:(*inf.Dec)(${pointer})}, ` +
      `s:${JSON.stringify(this.text ?? '')}, Format:"${this.format}"}`
    );
  }
}

function readText(text: string): Written {
  const match = SYNTAX.exec(text);
  if (!match || text === '') {
    throw new UsageError(
      `invalid quantity "${text}": quantities must match the regular expression ` +
        `'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$', for example 500m, 2, 1.5Gi`,
    );
  }
  const [, sign, whole = '', fraction = '', exponentText, suffix = ''] = match;
  const binary = BINARY_SUFFIXES.get(suffix);
  const exponent = binary ?? Number(exponentText?.slice(1) ?? DECIMAL_SUFFIXES.get(suffix));
  if (exponentText && Math.abs(exponent) > LARGEST_EXPONENT) {
    throw new NotSupportedError(`quantity "${text}": exponents beyond ±${LARGEST_EXPONENT}`);
  }
  return {
    text,
    negative: sign === '-',
    whole: whole || '0',
    fraction,
    numeric: /^[+-]?\.?\d/.test(text) || /^[+-]?$/.test(text),
    format: binary !== undefined ? 'BinarySI' : exponentText ? 'DecimalExponent' : 'DecimalSI',
    exponent,
  };
}

/** The fast path of upstream: short numbers without binary fractions. */
function int64Amount({ whole, fraction, negative, format, exponent }: Written): Amount | undefined {
  const digits = BigInt(`${negative ? '-' : ''}${whole}${fraction}`);
  if (format === 'BinarySI') {
    const spare = 14 - whole.length - Math.floor((exponent * 3) / 10);
    if (fraction !== '' || spare < 0) return undefined;
    return { unscaled: digits * 2n ** BigInt(exponent), scale: 0, kind: 'int64' };
  }
  const scale = exponent - fraction.length;
  if (whole.length + fraction.length > INT64_DIGITS || scale < NANO) return undefined;
  return { unscaled: digits, scale, kind: 'int64' };
}

/** What upstream takes for canonical when it reads a quantity, and prints again as it was written. */
function keepsText({ text, whole, fraction, format, exponent }: Written): boolean {
  if (text === '0') return true;
  if (format === 'BinarySI') return BigInt(whole) % 8n !== 0n;
  const digits = `${whole}${fraction}`;
  return (exponent - fraction.length) % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** The slow path of upstream: arbitrary precision, rounded to billionths. */
function decimalAmount({ text, whole, fraction, negative, numeric, format, exponent }: Written): Amount {
  if (!numeric) throw new UsageError(`invalid quantity "${text}": unable to parse numeric part of quantity`);
  const digits = BigInt(`${whole}${fraction}`);
  const [unscaled, scale] =
    format === 'BinarySI'
      ? [digits * 2n ** BigInt(exponent), -fraction.length]
      : [digits, exponent - fraction.length];
  const power = scale - NANO;
  const nanos = power >= 0 ? unscaled * powerOfTen(power) : divideAwayFromZero(unscaled, powerOfTen(-power));
  const capped = format === 'BinarySI' && nanos > MAX_INT64 * powerOfTen(-NANO);
  const sign = negative ? -1n : 1n;
  return capped
    ? { unscaled: sign * MAX_INT64, scale: 0, kind: 'decimal' }
    : { unscaled: sign * nanos, scale: NANO, kind: 'decimal' };
}

/** Undefined if an operand is not an int64 amount, or the sum does not fit one. */
function int64Sum(left: Amount, right: Amount): Amount | undefined {
  if (left.kind !== 'int64' || right.kind !== 'int64') return undefined;
  if (right.unscaled === 0n) return left;
  if (left.unscaled === 0n) return right;
  const scale = Math.min(left.scale, right.scale);
  const [first, second] = [left, right].map((amount) => amount.unscaled * powerOfTen(amount.scale - scale));
  if (first === undefined || second === undefined) return undefined;
  const unscaled = first + second;
  return [first, second, unscaled].every((value) => BigInt.asIntN(64, value) === value)
    ? { unscaled, scale, kind: 'int64' }
    : undefined;
}

function decimalSum(left: Quantity, right: Quantity): Amount {
  return { unscaled: left.nanos + right.nanos, scale: NANO, kind: 'decimal' };
}

function powerOfTen(power: number): bigint {
  return 10n ** BigInt(power);
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** `Quantity.ScaledValue()`, overflow included. */
function scaledInt64({ unscaled, scale, kind }: Amount, wanted: number): bigint {
  const power = scale - wanted;
  if (kind === 'int64') {
    if (power < 0) return divideAwayFromZero(unscaled, powerOfTen(-power));
    const scaled = unscaled * powerOfTen(power);
    const int64 = BigInt.asIntN(64, scaled);
    return int64 === scaled || ONE_STEP_POWERS.has(power) ? int64 : 0n;
  }
  if (power >= 0) return BigInt.asIntN(64, BigInt.asIntN(64, unscaled) * powerOfTen(power));
  const divisor = powerOfTen(-power);
  const dividend = unscaled < MAX_INT64 ? BigInt.asIntN(64, unscaled) : unscaled;
  const roundUp = dividend % divisor === 0n ? 0n : 1n;
  return BigInt.asIntN(64, dividend / divisor + roundUp);
}

function canonicalText(amount: Amount, format: QuantityFormat): string {
  const { unscaled, scale } = amount;
  if (unscaled === 0n) return '0';
  if (format === 'BinarySI') {
    const [divisor, factor] = [powerOfTen(Math.max(-scale, 0)), powerOfTen(Math.max(scale, 0))];
    const whole = (unscaled * factor) / divisor;
    const exact = whole * divisor === unscaled * factor;
    if (exact && (whole >= 1024n || whole <= -1024n)) return withBinarySuffix(whole);
  }
  return withDecimalSuffix(amount, format);
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

/** Powers of a thousand that have no suffix are lost in print, as upstream loses them. */
function withDecimalSuffix({ unscaled, scale }: Amount, format: QuantityFormat): string {
  const small = unscaled < SMALL && unscaled > -SMALL;
  const [digits, exponent] = small ? smallThousands(Number(unscaled), scale) : thousands(unscaled, scale);
  if (format === 'DecimalExponent') return exponent === 0 ? `${digits}` : `${digits}e${exponent}`;
  return `${digits}${SUFFIX_OF_POWER.get(exponent) ?? ''}`;
}

/** The same number with the greatest power of a thousand that leaves no fraction. */
function thousands(unscaled: bigint, scale: number): [digits: bigint, exponent: number] {
  let [digits, exponent] = [unscaled, scale];
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent += 1;
  }
  while (exponent % 3 !== 0) {
    digits *= 10n;
    exponent -= 1;
  }
  return [digits, exponent];
}

/** `thousands` for what is exact as a float, and many times faster: answers have thousands of quantities. */
function smallThousands(unscaled: number, scale: number): [digits: number, exponent: number] {
  let [digits, exponent] = [unscaled, scale];
  while (digits % 10 === 0) {
    digits /= 10;
    exponent += 1;
  }
  while (exponent % 3 !== 0) {
    digits *= 10;
    exponent -= 1;
  }
  return [digits, exponent];
}
