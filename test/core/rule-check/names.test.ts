import fc from 'fast-check';
import { GoRegexp } from '../../../core/kube/go-regexp';
import { Matcher } from '../../../core/promql';
import {
  conditionOf,
  findName,
  isName,
  type NameCondition,
  parseRegexp,
} from '../../../core/rule-check/names';

const contains = (regexp: string): NameCondition => ({ regexp, anchored: false, wanted: true });
const lacks = (regexp: string): NameCondition => ({ regexp, anchored: false, wanted: false });
const whole = (regexp: string): NameCondition => ({ regexp, anchored: true, wanted: true });

describe('findName', () => {
  it.each([
    [[contains('^container_(.*)_seconds_total$')], 'container_x_seconds_total'],
    [[whole('container_.*'), contains('_total$'), lacks('_seconds_total$')], 'container_total'],
    [[isName('up')], 'up'],
    [[contains('(?i)^FO{2}$')], 'foo'],
    [[whole('a|b'), lacks('a')], 'b'],
    [[contains('^[^a-z]+$')], '_'],
    [[contains('[[:upper:]]\\d')], 'X0'],
    [[contains('(?i)^[^xyz]$')], 'a'],
    [[contains('^[\\.-\\/]$')], '.'],
  ])('finds a short name for %j', (conditions, name) => {
    expect(findName(conditions)).toEqual({ kind: 'found', name });
  });

  it.each([
    [[contains('^foo'), contains('^bar')]],
    [[contains('_total$'), contains('_count$')]],
    [[whole('up'), contains('_total$')]],
    [[contains('^container_'), lacks('container')]],
    [[contains('a^')]],
    [[isName('A'), contains('(?i)^[^a]')]],
    [[isName('a'), contains('(?i)^\\W')]],
    [[isName('a'), contains('(?i)[[:^upper:]]')]],
    [[isName('z'), contains('^[\\.-\\[]$')]],
    [[contains('$a')]],
    [[lacks('.*')]],
    [[contains('^$')]],
    [[whole('a{3}'), whole('a{4,}')]],
    [[lacks('_total$'), whole('.*_total|.*_seconds_total')]],
  ])('knows that no name satisfies %j', (conditions) => {
    expect(findName(conditions)).toEqual({ kind: 'none' });
  });

  it.each([['\\bup'], ['\\p{Lu}'], ['(?m)^up'], ['(a{900}){900}']])('does not decide %s', (regexp) => {
    expect(findName([contains(regexp)])).toEqual({ kind: 'undecided' });
  });

  it('finds names with characters beyond those of usual names only where nothing else will do', () => {
    expect(findName([contains('\\.')])).toMatchObject({
      kind: 'found',
      name: expect.stringContaining('.') as string,
    });
  });

  it('reads matchers as Prometheus does', () => {
    const conditions = [new Matcher('__name__', '=~', 'a.c|b'), new Matcher('__name__', '!=', 'b')].map(
      conditionOf,
    );
    expect(findName(conditions)).toEqual({ kind: 'found', name: 'axc' });
    expect(findName([conditionOf(new Matcher('__name__', '=', 'a.c')), whole('abc')])).toEqual({
      kind: 'none',
    });
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    '_',
    '.',
    '[ab]',
    '[^a]',
    '(a|b_)',
    '(?:ab)?',
    'a*',
    'b+',
    '^',
    '$',
    '_{1,2}',
  );
  const regexp = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  const condition = fc.record({ regexp, anchored: fc.boolean(), wanted: fc.boolean() });

  it('agrees with the regular expressions themselves, name by name', () => {
    const names = namesUpTo(3);
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (conditions) => {
        const satisfies = (name: string): boolean => conditions.every((one) => isMet(one, name));
        const found = findName(conditions);
        if (found.kind === 'found') expect(satisfies(found.name)).toBe(true);
        else expect(names.filter(satisfies)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a regular expression matches', () => {
  const item = fc.oneof(
    fc.constantFrom(
      'a',
      'B',
      'z',
      '_',
      '\\.',
      '\\-',
      '\\d',
      '\\W',
      '\\S',
      '[:upper:]',
      '[:^lower:]',
      '[:alnum:]',
    ),
    fc.constantFrom('a-c', 'X-Z', '\\.-\\[', '\\--\\/', '0-\\:', '\\_-c', '\\[-\\]', '!-~'),
  );
  const bracket = fc
    .tuple(fc.constantFrom('', '^'), fc.array(item, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '-'))
    .map(([negated, items, last]) => `[${negated}${items.join('')}${last}]`);
  const atom = fc.oneof(
    bracket,
    fc.constantFrom('a', 'B', '_', '.', '^', '$', '\\.', '\\w', '\\D', '(?:a|B_)', '(?i:b|[^c])', '(?i)'),
  );
  const quantified = fc
    .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '+?'))
    .map(([one, times]) => (/^[\^$]$|^\(\?i\)$/.test(one) ? one : one + times));
  const regexp = fc
    .array(fc.oneof({ weight: 5, arbitrary: quantified }, { weight: 1, arbitrary: fc.constant('|') }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => parts.join(''));
  const name = fc.string({
    unit: fc.constantFrom(...Array.from('aAbBcCxXzZ_.-/[]:09')),
    minLength: 1,
    maxLength: 4,
  });

  it('is what RE2 finds', () => {
    fc.assert(
      fc.property(regexp, name, fc.boolean(), (source, text, anchored) => {
        const condition = { regexp: source, anchored, wanted: true };
        const kind = isMet(condition, text) ? 'found' : 'none';
        expect(findName([condition, isName(text)]).kind).toBe(kind);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parseRegexp', () => {
  it('knows the groups in order', () => {
    expect(parseRegexp('(a)(?:b)(?P<name>c(d))(?<other>e)').groups).toEqual(['', 'name', '', 'other']);
  });
});

function isMet({ regexp, anchored, wanted }: NameCondition, name: string): boolean {
  return GoRegexp.compile(anchored ? `^(?:${regexp})$` : regexp, 'test').matches(name) === wanted;
}

function namesUpTo(length: number): string[] {
  let names = [''];
  const all: string[] = [];
  for (let count = 0; count < length; count++) {
    names = names.flatMap((name) => ['a', 'b', '_'].map((char) => name + char));
    all.push(...names);
  }
  return all;
}
