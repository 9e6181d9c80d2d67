/** Two columns of numbers by time; rows that repeat the one before are left out. */
export class Columns {
  readonly atMs: number[] = [];
  readonly first: number[] = [];
  readonly second: number[] = [];

  add(atMs: number, first: number, second: number): void {
    if (this.atMs.length > 0 && this.first.at(-1) === first && this.second.at(-1) === second) return;
    this.atMs.push(atMs);
    this.first.push(first);
    this.second.push(second);
  }
}
