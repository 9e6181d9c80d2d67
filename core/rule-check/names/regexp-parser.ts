import { NotSupportedError } from '../../errors';
import { anyChar, bothCases, charsOf, complement, rangeSet, symbolOf, union, type CharSet } from './char-set';

/** The structure of a regular expression, as far as it decides which texts match. */
export type RegexpNode =
  | { readonly kind: 'chars'; readonly set: CharSet }
  /** The beginning or the end of the text. */
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexpNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexpNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexpNode;
      readonly min: number;
      /** Absent without a limit. */
      readonly max?: number | undefined;
    };

export interface ParsedRegexp {
  readonly node: RegexpNode;
  /** The capture groups in order, by name; `''` for one without. */
  readonly groups: readonly string[];
}

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: rangeSet(48, 57),
  w: union([rangeSet(48, 57), rangeSet(65, 90), rangeSet(97, 122), charsOf('_')]),
  s: charsOf('\t\n\f\r '),
};
const POSIX: Readonly<Record<string, CharSet>> = {
  alpha: union([rangeSet(65, 90), rangeSet(97, 122)]),
  digit: rangeSet(48, 57),
  alnum: union([rangeSet(48, 57), rangeSet(65, 90), rangeSet(97, 122)]),
  upper: rangeSet(65, 90),
  lower: rangeSet(97, 122),
  word: union([rangeSet(48, 57), rangeSet(65, 90), rangeSet(97, 122), charsOf('_')]),
};
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', a: '\x07' };
const EMPTY: RegexpNode = { kind: 'sequence', parts: [] };

/**
 * Parses an expression that RE2 accepts, for questions about which names it matches.
 * @throws NotSupportedError on constructs that are rare for names: word boundaries, Unicode classes, multi-line mode
 */
export function parseRegexp(source: string): ParsedRegexp {
  const parser = new Parser(source);
  return { node: parser.parse(), groups: parser.groups };
}

class Parser {
  readonly groups: string[] = [];
  private position = 0;
  private ignoreCase = false;

  constructor(private readonly source: string) {}

  parse(): RegexpNode {
    const node = this.choice();
    if (this.position < this.source.length) throw this.unsupported();
    return node;
  }

  private choice(): RegexpNode {
    const outside = this.ignoreCase;
    const options = [this.sequence()];
    while (this.accept('|')) options.push(this.sequence());
    this.ignoreCase = outside;
    return options.length === 1 ? (options[0] ?? EMPTY) : { kind: 'choice', options };
  }

  private sequence(): RegexpNode {
    const parts: RegexpNode[] = [];
    while (this.position < this.source.length && !'|)'.includes(this.peek())) {
      parts.push(this.repeated(this.atom()));
    }
    return { kind: 'sequence', parts };
  }

  private repeated(atom: RegexpNode): RegexpNode {
    let node = atom;
    for (;;) {
      const count = this.quantifier();
      if (!count) return node;
      this.accept('?');
      node = { kind: 'repeat', node, ...count };
    }
  }

  private quantifier(): { readonly min: number; readonly max?: number } | undefined {
    if (this.accept('*')) return { min: 0 };
    if (this.accept('+')) return { min: 1 };
    if (this.accept('?')) return { min: 0, max: 1 };
    const braces = this.match(/\{(\d+)(?:(,)(\d*))?\}/y);
    if (!braces) return undefined;
    const [, low = '', comma, high] = braces;
    const min = Number(low);
    if (comma === undefined) return { min, max: min };
    return high ? { min, max: Number(high) } : { min };
  }

  private atom(): RegexpNode {
    const char = this.take();
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'chars', set: this.bracket() };
      case '.':
        return { kind: 'chars', set: anyChar() };
      case '^':
        return { kind: 'begin' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return this.escaped();
      default:
        return { kind: 'chars', set: this.folded(charsOf(char)) };
    }
  }

  private group(): RegexpNode {
    const flags = this.match(/\?([a-zA-Z-]*)([:)])/y);
    if (flags) return this.flagged(flags[1] ?? '', flags[2] === ':');
    const named = this.match(/\?P?<([^>]*)>/y);
    this.groups.push(named?.[1] ?? '');
    return this.closed(this.choice());
  }

  /** `(?i:…)`, or `(?i)` for the rest of the group around it. */
  private flagged(flags: string, bracketed: boolean): RegexpNode {
    if (!/^[is]*$/.test(flags)) throw this.unsupported();
    const outside = this.ignoreCase;
    if (flags.includes('i')) this.ignoreCase = true;
    if (!bracketed) return EMPTY;
    const node = this.closed(this.choice());
    this.ignoreCase = outside;
    return node;
  }

  private closed(node: RegexpNode): RegexpNode {
    if (!this.accept(')')) throw this.unsupported();
    return node;
  }

  private escaped(): RegexpNode {
    const char = this.peek();
    if (char === 'A' || char === 'z') {
      this.position += 1;
      return { kind: char === 'A' ? 'begin' : 'end' };
    }
    return { kind: 'chars', set: this.perlClass() ?? this.folded(charsOf(this.literal())) };
  }

  /** `\d` and the like behind a backslash. RE2 takes letters in both cases before it negates a class. */
  private perlClass(): CharSet | undefined {
    const char = this.peek();
    const known = CLASSES[char.toLowerCase()];
    if (!known) return undefined;
    this.position += char.length;
    return char === char.toLowerCase() ? this.folded(known) : complement(this.folded(known));
  }

  /** The one character that is meant by what follows a backslash. */
  private literal(): string {
    const char = this.take();
    const control = ESCAPES[char];
    if (control !== undefined) return control;
    if (char === '' || /[A-Za-z0-9]/.test(char)) throw this.unsupported();
    return char;
  }

  private bracket(): CharSet {
    const negated = this.accept('^');
    const sets: CharSet[] = [];
    while (sets.length === 0 || this.peek() !== ']') {
      if (this.position >= this.source.length) throw this.unsupported();
      sets.push(this.bracketItem());
    }
    this.position += 1;
    return negated ? complement(union(sets)) : union(sets);
  }

  private bracketItem(): CharSet {
    const posix = this.match(/\[:(\^?)([a-z]+):\]/y);
    if (posix) {
      const set = POSIX[posix[2] ?? ''];
      if (!set) throw this.unsupported();
      return posix[1] ? complement(this.folded(set)) : this.folded(set);
    }
    const escaped = this.accept('\\');
    const known = escaped ? this.perlClass() : undefined;
    if (known) return known;
    const from = symbolOf(escaped ? this.literal() : this.take());
    const to = this.match(/-(?!\]|$)/y) ? symbolOf(this.rangeEnd()) : from;
    return this.folded(rangeSet(from, to));
  }

  private rangeEnd(): string {
    return this.accept('\\') ? this.literal() : this.take();
  }

  private folded(set: CharSet): CharSet {
    return this.ignoreCase ? bothCases(set) : set;
  }

  private peek(): string {
    return String.fromCodePoint(
      ...[this.source.codePointAt(this.position)].filter((code) => code !== undefined),
    );
  }

  private take(): string {
    const char = this.peek();
    this.position += char.length;
    return char;
  }

  private accept(char: string): boolean {
    const found = this.source.startsWith(char, this.position);
    if (found) this.position += char.length;
    return found;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.source);
    if (match) this.position = pattern.lastIndex;
    return match ?? undefined;
  }

  private unsupported(): NotSupportedError {
    return new NotSupportedError(
      `what stands at character ${this.position + 1} of the regular expression ${this.source}`,
    );
  }
}
