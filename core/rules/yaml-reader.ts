import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Scalar,
} from 'yaml';
import { UsageError, messageOf, NotSupportedError } from '../errors';

/** Reads one value, given a reader that stands on it. */
type Read<T> = (at: YamlReader) => T;

/**
 * A place in a YAML document, read the way Go's `yaml.v2` fills a struct in strict mode: unknown and repeated keys
 * and wrong types are errors with line and column; a missing or null value is the zero value of its type; a string
 * field takes any scalar as it is written.
 */
export class YamlReader {
  private constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly where: string,
    private readonly path: string,
    private readonly node: unknown,
  ) {}

  /**
   * @param where names the source in errors, e.g. a file or a ConfigMap's key
   * @throws UsageError on a syntax error or a repeated key
   */
  static open(text: string, where: string): YamlReader {
    const lines = new LineCounter();
    const document = parseDocument(text, { version: '1.1', lineCounter: lines, prettyErrors: false });
    const error = document.errors[0];
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new UsageError(`${where}:${line}:${col}: ${messageOf(error)}`);
    }
    return new YamlReader(document, lines, where, '', document.contents);
  }

  /** Whether there is no value here. */
  get absent(): boolean {
    const node = this.resolved();
    return node === null || node === undefined || (isScalar(node) && node.value === null);
  }

  /** Reads the fields of a mapping; a key that `known` does not list is an error. */
  fields(known: readonly string[]): (name: string) => YamlReader {
    const entries = this.entries();
    const unknown = entries.find(({ key }) => !known.includes(key));
    if (unknown) {
      throw unknown.at.problem(`unknown field; known here: ${known.join(', ')}`, unknown.keyNode);
    }
    return (name) => entries.find(({ key }) => key === name)?.at ?? this.child(this.joined(name), undefined);
  }

  /** Reads a mapping with keys of the writer's choice, in the order of the file. */
  record<T>(read: Read<T>): Readonly<Record<string, T>> {
    return Object.fromEntries(this.entries().map(({ key, at }) => [key, read(at)]));
  }

  list<T>(read: Read<T>): readonly T[] {
    const node = this.resolved();
    if (this.absent) return [];
    if (!isSeq(node)) throw this.problem(`must be a list, is ${this.typeName()}`);
    return node.items.map((item, index) => read(this.child(`${this.path}[${index}]`, item)));
  }

  string(): string {
    if (this.absent) return '';
    const node = this.scalar('a string');
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }

  boolean(missing: boolean): boolean {
    if (this.absent) return missing;
    const { value } = this.scalar('true or false');
    if (typeof value !== 'boolean') throw this.problem(`must be true or false, is ${this.typeName()}`);
    return value;
  }

  /** Reads a scalar by a function that throws on a bad text; its message gets the position. */
  parsed<T>(parse: (text: string) => T, missing: T): T {
    const text = this.string();
    if (text === '') return missing;
    try {
      return parse(text);
    } catch (error) {
      throw this.problem(messageOf(error));
    }
  }

  private entries(): { key: string; at: YamlReader; keyNode: unknown }[] {
    if (this.absent) return [];
    const node = this.resolved();
    if (!isMap(node)) throw this.problem(`must be a mapping, is ${this.typeName()}`);
    return node.items.map((pair) => {
      const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : '';
      if (key === '<<') throw new NotSupportedError(`${this.position(pair.key)}: YAML merge key <<`);
      return { key, at: this.child(this.joined(key), pair.value), keyNode: pair.key };
    });
  }

  private scalar(wanted: string): Scalar {
    const node = this.resolved();
    if (!isScalar(node)) throw this.problem(`must be ${wanted}, is ${this.typeName()}`);
    return node;
  }

  private resolved(): unknown {
    return isAlias(this.node) ? this.node.resolve(this.document) : this.node;
  }

  private typeName(): string {
    const node = this.resolved();
    if (isMap(node)) return 'a mapping';
    if (isSeq(node)) return 'a list';
    return isScalar(node) ? `"${node.source ?? String(node.value)}"` : 'empty';
  }

  private joined(key: string): string {
    return this.path ? `${this.path}.${key}` : key;
  }

  private child(path: string, node: unknown): YamlReader {
    return new YamlReader(this.document, this.lines, this.where, path, node);
  }

  private problem(message: string, node: unknown = this.node): UsageError {
    return new UsageError(`${this.position(node)}: ${this.path ? `${this.path}: ` : ''}${message}`);
  }

  private position(node: unknown): string {
    const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
    if (!range) return this.where;
    const { line, col } = this.lines.linePos(range[0]);
    return `${this.where}:${line}:${col}`;
  }
}
