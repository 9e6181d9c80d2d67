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
