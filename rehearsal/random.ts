/** Up to this many expected successes a walk through the distribution is quicker than rejection. */
const INVERSION_LIMIT = 200;

/** A small deterministic generator (sfc32) with the draws that a rehearsal needs. */
export class Random {
  private a = 0;
  private b = 0x9e3779b9;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = Math.floor(seed / 2 ** 32) | 0;
    this.c = seed | 0;
    for (let round = 0; round < 12; round++) this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but without, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** How many of `n` independent trials succeed, each with probability `p`. Exact. */
  binomial(n: number, p: number): number {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < INVERSION_LIMIT ? this.byInversion(n, p) : this.byRejection(n, p);
  }

  /** Walks up the cumulative distribution. */
  private byInversion(n: number, p: number): number {
    const odds = p / (1 - p);
    let probability = Math.exp(n * Math.log1p(-p));
    let rest = this.next();
    let successes = 0;
    while (rest > probability && successes < n) {
      rest -= probability;
      successes++;
      probability *= ((n - successes + 1) / successes) * odds;
    }
    return successes;
  }

  /** Algorithm BTRS of W. Hörmann, "The generation of binomial random variates" (1993). */
  private byRejection(n: number, p: number): number {
    const deviation = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const centre = n * p + 0.5;
    const sure = 0.92 - 4.2 / b;
    const odds = p / (1 - p);
    const alpha = (2.83 + 5.1 / b) * deviation;
    const mode = Math.floor((n + 1) * p);
    for (;;) {
      const u = this.next() - 0.5;
      const v = this.next();
      const distance = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / distance + b) * u + centre);
      if (distance >= 0.07 && v <= sure) return k;
      if (k < 0 || k > n) continue;
      const height = Math.log((v * alpha) / (a / (distance * distance) + b));
      if (height <= logRatio(n, odds, mode, k)) return k;
    }
  }
}

/** Logarithm of the probability of `k` successes relative to that of the mode. */
function logRatio(n: number, odds: number, mode: number, k: number): number {
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
    (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirlingTail(mode) +
    stirlingTail(n - mode) -
    stirlingTail(k) -
    stirlingTail(n - k)
  );
}

const TAILS = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.00833056343336287,
];

/** What Stirling's approximation of `log(k!)` leaves. */
function stirlingTail(k: number): number {
  const tail = TAILS[k];
  if (tail !== undefined) return tail;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
