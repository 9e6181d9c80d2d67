import { type GoString } from '../../kube/go-string';

/**
 * A Go value that a template can meet: `string`, `bool`, `int`, `float64`, `uint8`, `[]string`, `map[string]string` or
 * a struct. `undefined` is no value at all (an invalid `reflect.Value`) and a nil interface.
 */
export type GoValue = GoString | boolean | bigint | number | GoByte | GoSlice | GoMap | GoStruct;
export type MaybeValue = GoValue | undefined;

/** A `uint8`: what indexing a string gives. */
export class GoByte {
  constructor(readonly value: number) {}
}

/** A `[]string`: a window on an array that slices of it share. */
export class GoSlice {
  constructor(
    private readonly array: readonly GoString[],
    private readonly offset = 0,
    readonly length = array.length,
    readonly capacity = array.length,
  ) {}

  get items(): readonly GoString[] {
    return this.array.slice(this.offset, this.offset + this.length);
  }

  /** `slice[from:to:most]` */
  slice(from: number, to: number, most = this.capacity): GoSlice {
    return new GoSlice(this.array, this.offset + from, to - from, most - from);
  }
}

/** A `map[string]string`. */
export class GoMap {
  private readonly values: ReadonlyMap<GoString, GoString>;

  constructor(entries: Iterable<readonly [GoString, GoString]>) {
    this.values = new Map(entries);
  }

  get size(): number {
    return this.values.size;
  }

  get(key: GoString): GoString | undefined {
    return this.values.get(key);
  }

  /** In the order in which Go prints and ranges over maps. */
  get sorted(): readonly (readonly [GoString, GoString])[] {
    return [...this.values].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** A struct type: its name with the package, and its methods. */
export interface StructType {
  readonly name: string;
  /** Whether two of them can be compared. */
  readonly comparable: boolean;
  readonly methods: ReadonlyMap<string, Method>;
  /** `String()`, if it has one: how it is printed. */
  readonly text?: ((self: GoStruct) => GoString) | undefined;
}

/** A method that takes strings. */
export interface Method {
  readonly parameters: number;
  /** Type of a second result, which is no error: text/template does not call such a method. */
  readonly secondResult?: string | undefined;
  readonly call: (self: GoStruct, ...args: readonly GoString[]) => GoValue;
}

export class GoStruct {
  private readonly values: ReadonlyMap<string, GoValue>;

  constructor(
    readonly type: StructType,
    fields: Readonly<Record<string, GoValue>>,
  ) {
    this.values = new Map(Object.entries(fields));
  }

  get(field: string): MaybeValue {
    return this.values.get(field);
  }

  get fields(): readonly (readonly [string, GoValue])[] {
    return [...this.values];
  }

  /** A field that is a string; `''` if it is none. */
  string(field: string): GoString {
    const value = this.values.get(field);
    return typeof value === 'string' ? value : '';
  }
}

/** The name of a value's type, as `%T` prints it. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    default:
      if (value instanceof GoStruct) return value.type.name;
      if (value instanceof GoByte) return 'uint8';
      return value instanceof GoMap ? 'map[string]string' : '[]string';
  }
}

/** Whether `if` takes it for true: it is not zero and not empty. */
export function isTrue(value: MaybeValue): boolean {
  if (value instanceof GoSlice) return value.length > 0;
  if (value instanceof GoMap) return value.size > 0;
  if (value instanceof GoByte) return value.value !== 0;
  return Number.isNaN(value) || Boolean(value);
}
