import { type Random } from '../../../rehearsal/random';
import * as words from './grammar-words';

/** Expressions written by the grammar with no regard to types, and such with something broken. */
export class GrammarExpressions {
  constructor(private readonly random: Random) {}

  /** One whose tokens are in places where the grammar has them, mostly. */
  valid(): string {
    return this.spaced(this.expr(this.random.below(5)));
  }

  /** One of which a few tokens were deleted, doubled, swapped, replaced or followed by something odd. */
  mutated(): string {
    const tokens = this.expr(this.random.below(4));
    for (let count = 1 + this.random.below(3); count > 0; count--) this.mutate(tokens);
    return this.spaced(tokens);
  }

  /** An expression with a character deleted, doubled or put in. */
  scratched(text: string): string {
    const characters = Array.from(text);
    const index = this.random.below(characters.length + 1);
    const kind = this.random.below(3);
    if (kind === 0) characters.splice(index, 1);
    else if (kind === 1) characters.splice(index, 0, characters[index] ?? ' ');
    else characters.splice(index, 0, this.pick(words.ODD));
    return characters.join('');
  }

  /** Tokens and odd characters in any order. */
  noise(): string {
    const pools = [
      words.ODD,
      words.METRICS,
      words.DURATIONS,
      words.NUMBERS,
      words.STRINGS,
      words.LABELS,
      words.OPERATORS,
      words.AGGREGATORS,
      words.FUNCTIONS,
      words.MODIFIERS,
    ];
    const tokens = Array.from({ length: 1 + this.random.below(9) }, () =>
      this.pick(pools[this.random.below(pools.length)] ?? words.ODD),
    );
    return this.chance(0.5) ? tokens.join('') : this.spaced(tokens);
  }

  private mutate(tokens: string[]): void {
    const index = this.random.below(tokens.length);
    const other = this.random.below(tokens.length);
    switch (this.random.below(5)) {
      case 0:
        tokens.splice(index, 1);
        break;
      case 1:
        tokens.splice(index, 0, tokens[other] ?? '');
        break;
      case 2:
        [tokens[index], tokens[other]] = [tokens[other] ?? '', tokens[index] ?? ''];
        break;
      case 3:
        tokens[index] = this.pick(words.ODD);
        break;
      default:
        tokens.splice(index, 0, this.pick(words.ODD));
    }
  }

  private spaced(tokens: readonly string[]): string {
    return tokens
      .map((token) => token + (this.chance(0.85) ? ' ' : this.pick(words.SPACES)))
      .join('')
      .trimEnd();
  }

  private expr(depth: number): string[] {
    if (depth <= 0) return this.chance(0.7) ? this.modified(this.selector()) : this.literal();
    switch (this.random.below(12)) {
      case 0:
      case 1:
        return [
          ...this.expr(depth - 1),
          this.pick(words.OPERATORS),
          ...this.matching(),
          ...this.expr(depth - 1),
        ];
      case 2:
      case 3:
        return this.aggregation(depth);
      case 4:
      case 5:
        return this.modified([
          this.pick(words.FUNCTIONS),
          '(',
          ...this.args(depth, this.random.below(4)),
          ')',
        ]);
      case 6:
        return ['rate', '(', ...this.selector(), '[', ...this.duration(), ']', ...this.modifiers(), ')'];
      case 7:
        return [this.pick(['-', '+']), ...this.expr(depth - 1)];
      case 8:
        return this.modified(['(', ...this.expr(depth - 1), ')']);
      case 9:
        return [
          ...this.expr(depth - 1),
          '[',
          ...this.duration(),
          ':',
          ...(this.chance(0.5) ? this.duration() : []),
          ']',
          ...this.modifiers(),
        ];
      case 10:
        return [...this.selector(), ...this.modifiers(), '[', ...this.duration(), ']', ...this.modifiers()];
      default:
        return this.modified(this.expr(depth - 1));
    }
  }

  private aggregation(depth: number): string[] {
    const clause = this.chance(0.7) ? [this.pick(['by', 'without', 'BY']), ...this.labels()] : [];
    const body = ['(', ...this.args(depth, this.chance(0.6) ? 1 : 2), ')'];
    const operator = this.pick(words.AGGREGATORS);
    return this.modified(this.chance(0.5) ? [operator, ...clause, ...body] : [operator, ...body, ...clause]);
  }

  private args(depth: number, count: number): string[] {
    return this.separated(
      Array.from({ length: count }, () => this.expr(depth - 1)),
      0.03,
    );
  }

  private labels(): string[] {
    const labels = Array.from({ length: this.random.below(3) }, () => [this.pick(words.LABELS)]);
    return ['(', ...this.separated(labels, 0.2), ')'];
  }

  private separated(parts: readonly string[][], trailing: number): string[] {
    const separated = parts.flatMap((part, index) => (index === 0 ? part : [',', ...part]));
    return this.chance(trailing) ? [...separated, ','] : separated;
  }

  private matching(): string[] {
    const tokens: string[] = this.chance(0.15) ? ['bool'] : [];
    if (this.chance(0.3)) {
      tokens.push(this.pick(['on', 'ignoring']), ...this.labels());
      if (this.chance(0.4)) {
        tokens.push(this.pick(['group_left', 'group_right']), ...(this.chance(0.5) ? this.labels() : []));
      }
    }
    if (this.chance(0.1)) tokens.push(...this.fill());
    if (this.chance(0.05)) tokens.push(...this.fill());
    return tokens;
  }

  private fill(): string[] {
    const word = this.pick(['fill', 'fill_left', 'fill_right']);
    return [word, '(', ...(this.chance(0.3) ? ['-'] : []), this.pick(words.NUMBERS), ')'];
  }

  private selector(): string[] {
    const name = this.chance(0.85) ? [this.pick(words.METRICS)] : [];
    if (name.length > 0 && this.chance(0.5)) return name;
    const matchers = Array.from({ length: this.random.below(4) }, () => this.matcher());
    return [...name, '{', ...this.separated(matchers, 0.1), '}'];
  }

  private matcher(): string[] {
    if (this.chance(0.1)) return [this.pick(['"x"', "'ü.z'", '"\\xfe"'])];
    const label = this.chance(0.05) ? '__name__' : this.pick(words.LABELS);
    return [label, this.pick(['=', '!=', '=~', '!~']), this.pick(words.STRINGS)];
  }

  private literal(): string[] {
    return [this.pick(this.chance(0.6) ? words.NUMBERS : this.chance(0.5) ? words.DURATIONS : words.STRINGS)];
  }

  private modified(tokens: string[]): string[] {
    return this.chance(0.25) ? [...tokens, ...this.modifiers()] : tokens;
  }

  private modifiers(): string[] {
    const tokens: string[] = [];
    while (this.chance(0.35)) {
      const kind = this.random.below(6);
      if (kind <= 1) tokens.push('offset', ...this.offset());
      else if (kind === 2)
        tokens.push('@', ...(this.chance(0.3) ? [this.pick(['-', '+'])] : []), this.pick(words.NUMBERS));
      else if (kind === 3) tokens.push('@', this.pick(['start', 'end', 'END']), '(', ')');
      else if (kind === 4) tokens.push(this.pick(['anchored', 'smoothed']));
      else tokens.push('@', this.pick(words.DURATIONS));
    }
    return tokens;
  }

  private offset(): string[] {
    if (this.chance(0.5)) return [...(this.chance(0.4) ? ['-'] : []), this.pick(words.DURATIONS)];
    return this.durationExpr(2);
  }

  private duration(): string[] {
    return this.chance(0.7) ? [this.pick(words.DURATIONS)] : this.durationExpr(2);
  }

  private durationExpr(depth: number): string[] {
    if (depth <= 0)
      return this.chance(0.7)
        ? [this.pick(words.DURATIONS)]
        : [this.pick(['step', 'range', 'STEP']), '(', ')'];
    const inner = (): string[] => this.durationExpr(depth - 1);
    switch (this.random.below(6)) {
      case 0:
      case 1:
        return [...inner(), this.pick(words.ARITHMETIC), ...inner()];
      case 2:
        return [this.pick(['-', '+']), ...inner()];
      case 3:
        return ['(', ...inner(), ')'];
      case 4:
        return [this.pick(['min_of', 'max_of']), '(', ...inner(), ',', ...inner(), ')'];
      default:
        return inner();
    }
  }

  private pick(choices: readonly string[]): string {
    return choices[this.random.below(choices.length)] ?? '';
  }

  private chance(probability: number): boolean {
    return this.random.next() < probability;
  }
}
