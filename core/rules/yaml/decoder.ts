import { UsageError } from '../../errors';
import { type Form } from './form';
import { type YamlNode, type YamlScalar } from './node';
import { resolve, type Resolved } from './resolve';

/** A place as people count: from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** How a value of a Go type is filled from YAML. */
export interface Shape<Value> {
  /** What it is before anything is read. */
  readonly zero: Value;
  /** Reads what is not null. @param current what there is already, which a mapping adds to */
  readonly read: (at: Decoder, current: Value) => Value;
  /** What null makes of it; by default its zero value. */
  readonly readNull?: ((at: Decoder) => Value) | undefined;
  /** What it accepts. */
  readonly form: Form;
}

const NULL_TAG = 'tag:yaml.org,2002:null';

/** What all places of a document share. */
interface Shared {
  readonly where: string;
  readonly places: Map<string, Place>;
  /** Aliases that are being read, to find one in itself. */
  readonly open: Set<YamlNode>;
  decoded: number;
  throughAliases: number;
}

/**
 * A place in a YAML document, filled into a Go struct as yaml.v2 does it in strict mode (`decode.go`): unknown and
 * repeated keys and wrong types are errors; null is the zero value; `<<` fills in what another mapping has.
 */
export class Decoder {
  private constructor(
    private readonly shared: Shared,
    private readonly node: YamlNode,
    private readonly path: string,
  ) {}

  /**
   * @param where names the source in errors, e.g. a file or a ConfigMap's key
   * @returns the value, and where the parts of it stand, by paths such as `rules[0].name`
   * @throws UsageError with `where:line:column: path:`
   */
  static decode<Value>(
    root: YamlNode,
    where: string,
    shape: Shape<Value>,
  ): { value: Value; places: ReadonlyMap<string, Place> } {
    const places = new Map<string, Place>();
    const shared = { where, places, open: new Set<YamlNode>(), decoded: 0, throughAliases: 0 };
    return { value: new Decoder(shared, root, '').value(shape, shape.zero), places };
  }

  /** Reads the value that stands here. */
  value<Value>(shape: Shape<Value>, current: Value): Value {
    const { shared, node } = this;
    this.count();
    if (node.kind === 'alias') {
      if (shared.open.has(node)) throw this.problem(`anchor '${node.anchor}' value contains itself`);
      shared.open.add(node);
      const value = this.at(node.target, this.path).value(shape, current);
      shared.open.delete(node);
      return value;
    }
    if (node.kind === 'scalar' && this.resolved(node).kind === 'null') {
      return shape.readNull ? shape.readNull(this) : shape.zero;
    }
    return shape.read(this, current);
  }

  /** Whether null is written so that a pointer stays nil: `Null` and `NULL` make one to a zero value. */
  get isPlainNull(): boolean {
    const { node } = this;
    if (node.kind !== 'scalar') return false;
    return node.tag === NULL_TAG || ['', '~', 'null'].includes(node.value);
  }

  /** A scalar and what it stands for. @param wanted what is expected, for the error */
  scalar(wanted: string): { text: string; resolved: Resolved } {
    const { node } = this;
    if (node.kind !== 'scalar') throw this.problem(`must be ${wanted}, is ${this.typeName()}`);
    return { text: node.value, resolved: this.resolved(node) };
  }

  /** Whether a list stands here. */
  get isList(): boolean {
    return this.node.kind === 'sequence';
  }

  /** The items of a list. */
  items(): Decoder[] {
    const { node, path } = this;
    if (node.kind !== 'sequence') throw this.problem(`must be a list, is ${this.typeName()}`);
    return node.items.map((item, index) => this.at(item, `${path}[${index}]`));
  }

  /**
   * Goes through a mapping in its order.
   * @param entry is given the key, the place of the key and the place of the value
   * @param merge is given what `<<` names, the least important first
   */
  entries(
    entry: (key: string, keyAt: Decoder, valueAt: Decoder) => void,
    merge: (from: Decoder) => void,
  ): void {
    const { node } = this;
    if (node.kind !== 'mapping') throw this.problem(`must be a mapping, is ${this.typeName()}`);
    for (const [keyNode, valueNode] of node.entries) {
      if (isMerge(keyNode)) {
        this.merged(valueNode).forEach(merge);
        continue;
      }
      const key = this.at(keyNode, this.path).value(keyShape, '');
      const path = this.path === '' ? key : `${this.path}.${key}`;
      entry(key, this.at(keyNode, path), this.at(valueNode, path).placed());
    }
  }

  problem(message: string): UsageError {
    const { line, column } = placeOf(this.node);
    const path = this.path === '' ? '' : `${this.path}: `;
    return new UsageError(`${this.shared.where}:${line}:${column}: ${path}${message}`);
  }

  /** What stands here, as a person would call it. */
  typeName(): string {
    switch (this.node.kind) {
      case 'mapping':
        return 'a mapping';
      case 'sequence':
        return 'a list';
      case 'alias':
        return `*${this.node.anchor}`;
      case 'scalar':
        return `"${this.node.value}"`;
    }
  }

  private resolved(node: YamlScalar): Resolved {
    const resolved = resolve(node);
    if (!resolved) throw this.problem(`"${node.value}" is not what its tag ${node.tag} says`);
    return resolved;
  }

  private merged(node: YamlNode): Decoder[] {
    if (node.kind === 'sequence') return [...node.items].reverse().map((item) => this.mergedMapping(item));
    return [this.mergedMapping(node)];
  }

  private mergedMapping(node: YamlNode): Decoder {
    const kind = node.kind === 'alias' ? node.target.kind : node.kind;
    const at = this.at(node, this.path);
    if (kind === 'mapping') return at;
    throw at.problem('<< must be followed by a mapping or a list of mappings');
  }

  /** Aliases can make a small file a huge one; yaml.v2 stops at the same point. */
  private count(): void {
    const { shared } = this;
    shared.decoded += 1;
    if (shared.open.size > 0) shared.throughAliases += 1;
    const { decoded, throughAliases } = shared;
    if (throughAliases > 100 && decoded > 1000 && throughAliases / decoded > allowedShare(decoded)) {
      throw this.problem('document contains excessive aliasing');
    }
  }

  private at(node: YamlNode, path: string): Decoder {
    return new Decoder(this.shared, node, path);
  }

  private placed(): this {
    this.shared.places.set(this.path, placeOf(this.node));
    if (this.node.kind === 'sequence') {
      this.node.items.forEach((item, index) =>
        this.shared.places.set(`${this.path}[${index}]`, placeOf(item)),
      );
    }
    return this;
  }
}

/** Keys are strings, whatever they look like. */
const keyShape: Shape<string> = {
  zero: '',
  read: (at) => at.scalar('a key').text,
  form: { kind: 'text' },
};

function isMerge(node: YamlNode): node is YamlScalar {
  return (
    node.kind === 'scalar' && node.value === '<<' && (node.implicit || node.tag === 'tag:yaml.org,2002:merge')
  );
}

function placeOf({ start: { line, column } }: YamlNode): Place {
  return { line: line + 1, column: column + 1 };
}

const SMALL = 400_000;
const LARGE = 4_000_000;

/** The share of a document that may come from aliases. */
function allowedShare(decoded: number): number {
  if (decoded <= SMALL) return 0.99;
  if (decoded >= LARGE) return 0.1;
  return 0.99 - (0.89 * (decoded - SMALL)) / (LARGE - SMALL);
}
