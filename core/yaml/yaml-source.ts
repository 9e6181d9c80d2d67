import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import { messageOf } from '../errors';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The way to a value inside a document: keys and indices, outermost first. */
export type YamlPath = readonly (string | number)[];

/** What is wrong with the notation itself. */
export interface YamlProblem {
  readonly position: Position;
  /** The same in characters from the beginning of the text. */
  readonly offset: number;
  readonly message: string;
  /** A key that stands twice in one mapping: the rest of the document can be read all the same. */
  readonly repeatedKey: boolean;
}

/** A YAML 1.1 document that knows where each of its values stands. */
export class YamlSource {
  private constructor(
    readonly text: string,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    /** The document as plain values, as far as it can be read. */
    readonly value: unknown,
    readonly problems: readonly YamlProblem[],
  ) {}

  /** Reads one document; what is wrong with it is in `problems`. */
  static open(text: string): YamlSource {
    const lines = new LineCounter();
    const document = parseDocument(text, {
      version: '1.1',
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
    });
    const problems = document.errors.map(({ code, message, pos }) => ({
      position: positionIn(lines, pos[0]),
      offset: pos[0],
      message: explained(message, text, pos[0]),
      repeatedKey: code === 'DUPLICATE_KEY',
    }));
    try {
      const value: unknown = document.toJS();
      // Values may hold themselves, through an alias; nothing that reads them expects that.
      JSON.stringify(value);
      return new YamlSource(text, document, lines, value, problems);
    } catch (error) {
      // An alias of an anchor that is not there, or aliases that multiply without end.
      const problem = {
        position: { line: 1, column: 1 },
        offset: 0,
        message: error instanceof TypeError ? 'a value holds itself, through an alias' : messageOf(error),
        repeatedKey: false,
      };
      return new YamlSource(text, document, lines, undefined, [...problems, problem]);
    }
  }

  /** Where a value begins; where the innermost value around it begins that is there, if it is not itself. */
  positionOf(path: YamlPath): Position {
    return this.place(path, false);
  }

  /** Where the key of a mapping's entry begins. */
  keyPositionOf(path: YamlPath): Position {
    return this.place(path, true);
  }

  /** Whether what is wrong with the notation leaves no value standing for sure. */
  get broken(): boolean {
    return this.problems.some(({ repeatedKey }) => !repeatedKey);
  }

  /** Whether anything is wrong with the notation inside a value. */
  isDamaged(path: YamlPath): boolean {
    const range = this.nodeAt(path)?.range;
    return !range || this.problems.some(({ offset }) => offset >= range[0] && offset <= range[2]);
  }

  /** The document with nothing but one value, on the same lines and in the same columns. */
  only(path: YamlPath): string {
    const range = this.nodeAt(path)?.range;
    if (!range) return '';
    const { line, column } = positionIn(this.lines, range[0]);
    return '\n'.repeat(line - 1) + ' '.repeat(column - 1) + this.text.slice(range[0], range[2]);
  }

  private place(path: YamlPath, key: boolean): Position {
    for (let length = path.length; length >= 0; length--) {
      const inner = path.slice(0, length);
      const node = (key && length === path.length && this.keyAt(inner)) || this.nodeAt(inner);
      if (node?.range) return positionIn(this.lines, node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  private nodeAt(path: YamlPath): Node | undefined {
    let node = this.resolved(this.document.contents);
    for (const step of path) {
      if (isMap(node)) node = this.resolved(node.get(step, true));
      else if (isSeq(node)) node = this.resolved(node.get(Number(step), true));
      else return undefined;
    }
    return node;
  }

  private keyAt(path: YamlPath): Node | undefined {
    const parent = path.length > 0 ? this.nodeAt(path.slice(0, -1)) : undefined;
    if (!isMap(parent)) return undefined;
    const last = String(path.at(-1));
    const pair = parent.items.findLast(({ key }) => isScalar(key) && String(key.value) === last);
    return isNode(pair?.key) ? pair.key : undefined;
  }

  private resolved(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.document);
    return isNode(node) ? node : undefined;
  }
}

function positionIn(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Says more where the usual slip is known. */
function explained(message: string, text: string, offset: number): string {
  if (message.startsWith('Source contains multiple documents')) {
    return 'a second document begins here, and only the first is read';
  }
  const quote = text.charAt(offset - 1);
  if (!message.startsWith('Unexpected scalar at node end') || !/["']/.test(quote)) return message;
  return `the text ends at the ${quote} before this: put a text with ${quote} in it between ${quote === '"' ? "'" : '"'}, or behind | on lines of its own`;
}
