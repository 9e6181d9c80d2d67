/** A binary heap that keeps its items where Go's `container/heap` does; the least is the root. */
export class GoHeap<T> {
  readonly items: T[] = [];

  constructor(private readonly less: (a: T, b: T) => boolean) {}

  push(item: T): void {
    this.items.push(item);
    this.#up(this.items.length - 1);
  }

  replaceRoot(item: T): void {
    this.items[0] = item;
    this.#down(0);
  }

  #up(start: number): void {
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #down(start: number): void {
    const { length } = this.items;
    let parent = start;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#before(child + 1, child)) child++;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.items[a], this.items[b]];
    return left !== undefined && right !== undefined && this.less(left, right);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.items[a], this.items[b]];
    if (left === undefined || right === undefined) return;
    this.items[a] = right;
    this.items[b] = left;
  }
}
