import { type Random } from '../../../rehearsal/random';

const LITERALS = [
  'a',
  'b',
  'c',
  'A',
  'K',
  's',
  '-',
  '_',
  '0',
  'ab',
  'foo',
  'ü',
  'ß',
  '日',
  '😀',
  ' ',
  '\n',
  '/',
  '\u212a',
  '\u017f',
  'é',
];
const ESCAPES = [
  '\\.',
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  '\\W',
  '\\S',
  '\\n',
  '\\x41',
  '\\x{1F600}',
  '\\pL',
  '\\p{Greek}',
  '\\PN',
  '\\Qa.b\\E',
  '\\b',
  '\\B',
  '\\A',
  '\\z',
  '\\101',
  '\\-',
  '\\_',
  '\\/',
  '\\ü',
  '\\q',
  '\\8',
  '\\C',
  '\\Z',
  '\\',
  '\\p{Foo}',
  '\\x{110000}',
  '\\pé',
  '\\a',
  '\\v',
  '\\ ',
];
const CLASSES = [
  '[abc]',
  '[^a]',
  '[a-c0-9]',
  '[[:alpha:]]',
  '[[:^digit:]]',
  '[^\\d]',
  '[\\w-]',
  '[]a]',
  '[z-a]',
  '[a',
  '[[:foo:]]',
  '[ü-日]',
  '[^\\x00-\\x7f]',
  '[\\pL]',
  '[a-\\d]',
  '[-a]',
  '[K]',
  '[\\Q]\\E]',
  '[^\\n]',
  '[a-]',
];
const GROUPS = [
  '(',
  '(?:',
  '(?i)',
  '(?i:',
  '(?s)',
  '(?-s)',
  '(?m)',
  '(?U)',
  '(?P<n>',
  '(?<m>',
  '(?P<n',
  '(?P<1>',
  '(?=',
  '(?!',
  '(?<=',
  '(?',
  ')',
  '(?ims-U:',
  '(?z)',
  '(?i-)',
  '(?-s:',
];
const REPEATS = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,3}',
  '{0,}',
  '{,2}',
  '{1001}',
  '{2,1}',
  '{',
  '{a}',
  '**',
  '{2}{3}',
  '{1000}',
  '{2}?',
];
const SPECIAL = ['.', '.*', '.+', '^', '$', '|', '.*foo.*', 'a|b|c', '.*-.*', '.?'];

/** Random regular expressions, most of them valid, and values that have a chance to match. */
export class Patterns {
  constructor(private readonly random: Random) {}

  pattern(): string {
    const pattern = this.alternatives(3);
    return this.random.below(6) === 0 ? this.broken(pattern) : pattern;
  }

  /** A value made of pieces of the pattern and others. */
  valueFor(pattern: string): string {
    const pieces = pattern.match(/[\p{L}\p{N}\s_/-]+/gu) ?? [];
    let value = '';
    for (let count = this.random.below(5); count > 0; count--) {
      const piece = this.random.below(2) === 0 ? this.pick(pieces) : this.pick(LITERALS);
      value += this.random.below(4) === 0 ? this.otherCase(piece) : piece;
    }
    return value;
  }

  private alternatives(depth: number): string {
    const count = this.random.below(4) === 0 ? 2 + this.random.below(this.random.below(8) === 0 ? 20 : 3) : 1;
    return Array.from({ length: count }, () => this.sequence(depth)).join('|');
  }

  private sequence(depth: number): string {
    let text = '';
    for (let count = this.random.below(4); count >= 0; count--) text += this.piece(depth);
    return text;
  }

  private piece(depth: number): string {
    const atom = this.atom(depth);
    return this.random.below(4) === 0 ? atom + this.pick(REPEATS.slice(0, 9)) : atom;
  }

  private atom(depth: number): string {
    const kind = this.random.below(depth > 0 ? 12 : 9);
    if (kind < 4) return this.pick(LITERALS);
    if (kind === 4) return this.pick(ESCAPES.slice(0, 22));
    if (kind === 5) return this.pick(CLASSES.slice(0, 8));
    if (kind < 9) return this.pick(SPECIAL);
    return `${this.pick(['(', '(?:', '(?i:', '(?i)(', '(?s:', '(?-s:', '(?m:', '(?U:'])}${this.alternatives(depth - 1)})`;
  }

  private broken(pattern: string): string {
    const characters = Array.from(pattern);
    for (let count = 1 + this.random.below(2); count > 0; count--) {
      const index = this.random.below(characters.length + 1);
      if (this.random.below(4) === 0) characters.splice(index, 1);
      else characters.splice(index, 0, this.pick([...ESCAPES, ...CLASSES, ...GROUPS, ...REPEATS]));
    }
    return characters.join('');
  }

  private otherCase(text: string): string {
    return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
  }

  private pick(choices: readonly string[]): string {
    return choices[this.random.below(choices.length)] ?? '';
  }
}
