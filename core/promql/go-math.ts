/** Functions of Go's `math` whose results for infinities and NaN are not those of JavaScript. */

/** `math.Pow`: 1 to any power is 1, and -1 to an infinite one too. */
export function goPow(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : base ** exponent;
}

/** `math.Max`: +Inf wins over NaN. */
export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

/** `math.Min`: -Inf wins over NaN. */
export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

/** `time.Duration.Seconds`: whole seconds and the fraction are rounded each for itself. */
export function goSeconds(milliseconds: number): number {
  const fraction = milliseconds % 1000;
  return (milliseconds - fraction) / 1000 + (fraction * 1e6) / 1e9;
}

/** `math.Log2`: exact for powers of two, and less so than `Math.log2` just above 1. */
export function goLog2(value: number): number {
  if (!(value > 0) || value === Infinity) return Math.log(value);
  const { fraction, exponent } = frexp(value);
  return fraction === 0.5 ? exponent - 1 : Math.log(fraction) * (1 / Math.LN2) + exponent;
}

/** `math.Log10`. */
export function goLog10(value: number): number {
  return goLog2(value) * (Math.LN2 / Math.LN10);
}

const BITS = new DataView(new ArrayBuffer(8));
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const EXPONENT_BIAS = 1022;

/** `math.Frexp` of a positive number: a fraction of at least a half and below 1, times a power of two. */
function frexp(value: number): { readonly fraction: number; readonly exponent: number } {
  if (value < SMALLEST_NORMAL) {
    const { fraction, exponent } = frexp(value * 2 ** 52);
    return { fraction, exponent: exponent - 52 };
  }
  BITS.setFloat64(0, value);
  const high = BITS.getUint32(0);
  BITS.setUint32(0, (high & 0x000f_ffff) | (EXPONENT_BIAS << 20));
  return { fraction: BITS.getFloat64(0), exponent: (high >>> 20) - EXPONENT_BIAS };
}
