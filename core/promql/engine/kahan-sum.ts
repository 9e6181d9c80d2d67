/** A sum that carries the rounding error along (Kahan and Neumaier; `util/kahansum`). */
export class KahanSum {
  constructor(
    public sum = 0,
    public compensation = 0,
  ) {}

  add(increment: number): void {
    const { sum } = this;
    const total = sum + increment;
    if (total === Infinity || total === -Infinity) this.compensation = 0;
    else if (Math.abs(sum) >= Math.abs(increment)) this.compensation += sum - total + increment;
    else this.compensation += increment - total + sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.compensation;
  }
}
