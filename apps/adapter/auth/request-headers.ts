/** The headers of a request as they came: nothing joined, nothing dropped, in their order. */
export class RequestHeaders {
  /** Lower case; `names[i]` belongs to `values[i]`. */
  private readonly names: readonly string[];
  private readonly values: readonly string[];

  /** @param raw names and values in turn, as Node has them in `rawHeaders` */
  constructor(raw: readonly string[]) {
    const names: string[] = [];
    const values: string[] = [];
    for (let index = 0; index + 1 < raw.length; index += 2) {
      names.push((raw[index] ?? '').toLowerCase());
      values.push(raw[index + 1] ?? '');
    }
    this.names = names;
    this.values = values;
  }

  /** Of all names and values. */
  get bytes(): number {
    let bytes = 0;
    this.forEach((name, value) => (bytes += name.length + value.length));
    return bytes;
  }

  /** @param name in lower case */
  first(name: string): string | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  /** @param name in lower case */
  all(name: string): string[] {
    const found: string[] = [];
    for (let index = this.names.indexOf(name); index >= 0; index = this.names.indexOf(name, index + 1)) {
      found.push(this.values[index] ?? '');
    }
    return found;
  }

  /** @param name in lower case */
  count(name: string): number {
    let count = 0;
    for (const each of this.names) if (each === name) count += 1;
    return count;
  }

  /** Calls back with each header; the name is in lower case. */
  forEach(visit: (name: string, value: string) => void): void {
    this.names.forEach((name, index) => visit(name, this.values[index] ?? ''));
  }
}

/** What is left of a request's headers when those that say who asks are taken away. */
export class VisibleHeaders {
  constructor(
    private readonly headers: RequestHeaders,
    private readonly hidden: (name: string) => boolean,
  ) {}

  /**
   * All values of a header, joined with `, `.
   * @param name in lower case
   */
  get(name: string): string | undefined {
    if (this.hidden(name)) return undefined;
    const values = this.headers.all(name);
    return values.length === 0 ? undefined : values.join(', ');
  }
}
