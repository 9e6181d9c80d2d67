import fc from 'fast-check';
import { damaged, oneOf, weighted } from './arbitraries';

const ATOMS = [
  ...[
    'a',
    'b',
    '_',
    'total',
    'http',
    '.',
    '\\.',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '^',
    '$',
    ':',
    'é',
    'K',
    'ſ',
  ],
  ...[
    '[a-z]',
    '[^_]',
    '[[:alpha:]]',
    '[[:^digit:]]',
    '[[:word:]_]',
    '[a\\]b]',
    '[\\d_]',
    '[^\\W]',
    '[]a]',
    '[a-]',
    '[é-ü]',
  ],
  ...[
    '\\x41',
    '\\x{e9}',
    '\\141',
    '\\Q.*\\E',
    '\\pL',
    '\\p{Greek}',
    '\\PN',
    '\\p{^Lu}',
    '\\t',
    '\\a',
    '\\C',
    '[^a-zA-Z0-9_]',
    '\\p{L}',
    '(?i:AB)',
  ],
];
const BROKEN = [
  '\\Z',
  '\\1',
  '\\k<n>',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '[z-a]',
  '[a',
  '(',
  ')',
  '*',
  '+',
  'a**',
  'a{2',
  '{',
  '\\',
  '\\pX',
  '[[:foo:]]',
  '(?z)',
  'a{1001}',
  'a{2,1}',
  '\\8',
  '\\x{110000}',
  '(?P<n',
  '(?P=n)',
  '(?P<1>a)',
  '(?P<é>a)',
  '(?',
];
const REPEATS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,1}?', '{1,}', '{0}', '{,2}', '{1000}'];
const GROUPS = [
  '(',
  '(?:',
  '(?P<n>',
  '(?P<group>',
  '(?P<resource>',
  '(?<m>',
  '(?i)(',
  '(?s:',
  '(?m)(',
  '(?U)(',
  '(?i-s:',
  '(?-i)(',
];

const { expression } = fc.letrec<{ expression: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: oneOf(ATOMS), weight: 60 },
    { arbitrary: oneOf(BROKEN), weight: 1 },
    {
      arbitrary: fc.tuple(oneOf(GROUPS), tie('expression')).map(([open, inner]) => `${open}${inner})`),
      weight: 30,
    },
  ),
  expression: fc
    .tuple(
      fc.array(fc.tuple(tie('piece'), weighted([3, fc.constant('')], [2, oneOf(REPEATS)])), {
        minLength: 1,
        maxLength: 4,
      }),
      weighted([6, fc.constant('')], [1, oneOf(['|b', '|', '|_total', 'a|'])]),
    )
    .map(([pieces, alternative]) => pieces.flat().join('') + alternative),
}));

/** What rules are written with. */
const USUAL = [
  ...[
    '^(.*)_total$',
    '^container_(.*)_seconds_total$',
    '^(.*)$',
    '.*',
    '',
    '^http_',
    '_total$',
    '^(?P<group>.+?)_(?P<resource>.+?)$',
  ],
  ...[
    '^(.*)_(total|sum|count)$',
    '^(a)|(b)$',
    '(?i)HTTP',
    '^kube_(?P<group>.+?)_(?P<resource>.+?)$',
    '([a-z]+)_([a-z]+)',
  ],
];

export const pattern: fc.Arbitrary<string> = weighted<string>(
  [2, oneOf(USUAL)],
  [6, expression],
  [1, damaged(expression, ['(', ')', '[', ']', '\\', '*', '?', '{', '}', '|', '^', '$', '?P<', 'é', '-'])],
);

/** Names of series, and what else a label may hold. */
export const subject: fc.Arbitrary<string> = weighted<string>(
  [
    3,
    oneOf([
      'http_requests_total',
      'container_cpu_usage_seconds_total',
      'a',
      '',
      'ab_total',
      'AB',
      'a:b',
      'é',
      'Kelvin',
      'kube_apps_deployment',
    ]),
  ],
  [3, fc.string({ unit: oneOf(Array.from('ab_:.ABK é\n1')), maxLength: 8 })],
  [1, fc.string({ unit: 'binary', maxLength: 4 })],
);

/** What `name.as` may be. */
export const expansion: fc.Arbitrary<string> = weighted<string>(
  [
    3,
    oneOf([
      '$0',
      '$1',
      '${1}_per_second',
      '$1_per_second',
      '',
      'fixed',
      '$$',
      '$2',
      '${n}',
      '$n',
      '${group}-${resource}',
      '$',
      '${',
      '${1',
    ]),
  ],
  [
    2,
    fc
      .array(
        oneOf([
          '$',
          '{',
          '}',
          '1',
          '0',
          '2',
          'n',
          'm',
          '_',
          '-',
          '${1}',
          '${n}',
          '$$',
          'x',
          'é',
          '$é',
          '${é}',
          '01',
          '${01}',
          '10',
          '999999999999',
        ]),
        { maxLength: 6 },
      )
      .map((pieces) => pieces.join('')),
  ],
);
