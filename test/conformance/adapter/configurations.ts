import fc from 'fast-check';
import { damaged, oneOf, weighted } from './arbitraries';

/** Scalars as they may be written. */
const SCALARS = [
  ...[
    'a',
    'http_requests_total',
    '1',
    '1.50',
    '010',
    '0x1F',
    '1e3',
    'yes',
    'no',
    'on',
    'Off',
    'y',
    'N',
    'true',
    'FALSE',
    'null',
    '~',
    'Null',
    'NULL',
    '',
  ],
  ...[
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '.5',
    '.inf',
    '-.INF',
    '.nan',
    '1_000',
    '0b11',
    '+12',
    '-0b11',
    '<<',
    '"null"',
    "'~'",
    '""',
    "''",
  ],
  ...[
    '"a\\tb"',
    "'it''s'",
    '"\\u00e9\\x41"',
    '"\\q"',
    '"a\\\n      b"',
    'a b',
    'a: b',
    'a #c',
    'a#c',
    'é',
    '- a',
    '? a',
    '@a',
    '%a',
    '`a`',
    '*a',
    '*b',
    '&a x',
    '&b y',
  ],
  ...[
    '!!str 5',
    '!!int 5',
    '!!int x',
    '!!bool yes',
    '!!float 5',
    '!!null ""',
    '!!null x',
    '!!binary aGk=',
    '!!binary x',
    '! 5',
    '!x 5',
    '!!str',
    '!y!z 5',
  ],
  ...[
    'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
    '<<.Series>>',
    "'<<.Series>>'",
    '{',
    '[a, b]',
    '{a: b}',
    '"a',
    "'a",
    '|',
    '>-',
  ],
  ...[
    '|\n      a\n       b\n\n',
    '>\n      a\n      b\n\n      c\n',
    '|2-\n      a',
    '>+\n      a\n\n',
    '|0\n a',
    'kube_<<.Resource>>',
    '^(.*)_total$',
    '"${1}_x"',
  ],
];
const SAFE = [
  'a',
  'http_requests_total',
  '<<.Series>>',
  'yes',
  '1.50',
  '~',
  '',
  '"a\\tb"',
  "'it''s'",
  '"null"',
  'é',
  'Null',
  '!!str 5',
  '!!binary aGk=',
];
const scalar = weighted<string>([6, oneOf(SAFE)], [2, oneOf(SCALARS)]);
const boolean = weighted<string>(
  [5, oneOf(['true', 'false', 'yes', 'no', 'on', 'off', 'n', 'Y', '~', 'NULL', 'null', ''])],
  [1, oneOf(SCALARS)],
);
const window = weighted<string>(
  [5, oneOf(['5m', '1h30m', '0', '1d12h', '1w', '90s', '1y2w', '250ms', '~', ''])],
  [2, oneOf(['300', '""', 'NULL', '1m1h', '5 m', '1.5h', '400y', 'm', '-5m', '05m', '5x', '[5m]'])],
);

/** Field and value, as lines or in one. */
interface Field {
  readonly key: string;
  readonly value: string;
  /** Whether the value is a block that stands on further lines. */
  readonly block: boolean;
}

function inline(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Field> {
  return fc
    .tuple(oneOf([key, key, key, key, `"${key}"`, `'${key}'`]), value)
    .map(([name, text]) => ({ key: name, value: text, block: false }));
}

function nested(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Field> {
  return value.map((text) => ({ key, value: text, block: true }));
}

function indented(text: string, by: string): string {
  return text.replace(/\n(?!$)/g, `\n${by}`);
}

/** Fields as a block mapping. */
function mapping(
  fields: readonly fc.Arbitrary<Field>[],
  rare: readonly fc.Arbitrary<Field>[] = [],
): fc.Arbitrary<string> {
  const chosen = fc.tuple(
    fc.subarray([...fields.keys()]),
    fc.subarray([...rare.keys()], { maxLength: 1 }),
    fc.nat(9),
  );
  return chosen.chain(([usual, unusual, dice]) => {
    const parts = [
      ...usual.map((index) => fields[index]),
      ...(dice === 0 ? unusual.map((index) => rare[index]) : []),
    ];
    const present = parts.filter((part) => part !== undefined);
    const order =
      dice === 1 ? [...present, ...present.slice(0, 1)] : dice === 2 ? [...present].reverse() : present;
    return fc
      .tuple(fc.tuple(...order), oneOf(['  ', '  ', '    ']))
      .map(([list, by]) => (list.length === 0 ? '{}' : list.map((field) => line(field, by)).join('\n')));
  });
}

function line({ key, value, block }: Field, by: string): string {
  if (!block || value.startsWith('{') || value.startsWith('[')) return `${key}: ${value}`;
  return `${key}:\n${by}${indented(value, by)}`;
}

/** Items as a block list. */
function items(item: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(item, { maxLength })
    .map((list) => (list.length === 0 ? '[]' : list.map((text) => `- ${indented(text, '  ')}`).join('\n')));
}

/** The same on one line. */
function flow(fields: readonly (readonly [string, fc.Arbitrary<string>])[]): fc.Arbitrary<string> {
  return fc
    .subarray([...fields])
    .chain((chosen) => fc.tuple(...chosen.map(([key, value]) => value.map((text) => `${key}: ${text}`))))
    .map((parts) => `{${parts.join(', ')}}`);
}

const unknown = [
  inline('metricQuery', scalar),
  inline('', scalar),
  inline('Rules', scalar),
  inline('<<', oneOf(['*a', '[*a, *b]', '{is: x}', '{template: t}', '{as: q}', 'x'])),
];
const groupResource = weighted<string>(
  [
    4,
    flow([
      ['group', scalar],
      ['resource', scalar],
    ]),
  ],
  [1, oneOf(['~', '', 'pod', '[]', '*a', '&a {resource: pod}', '&b {<<: *a}'])],
);
const label = oneOf(['namespace', 'pod', 'kube_pod', 'yes', '1', '~', '"x y"', 'ns']);
const overrides = fc
  .array(fc.tuple(label, groupResource), { maxLength: 3 })
  .map((list) => (list.length === 0 ? '{}' : list.map(([key, value]) => `${key}: ${value}`).join('\n')));
const resources = weighted<string>(
  [
    6,
    mapping(
      [inline('template', scalar), nested('overrides', overrides), inline('namespaced', boolean)],
      unknown,
    ),
  ],
  [
    1,
    oneOf([
      '*a',
      '&a {template: x, namespaced: no}',
      '&b {<<: *a, template: y}',
      '~',
      'x',
      '{<<: *a, overrides: {pod: {resource: pod}}}',
    ]),
  ],
);
const filters = weighted<string>(
  [
    5,
    items(
      weighted<string>(
        [
          5,
          flow([
            ['is', scalar],
            ['isNot', scalar],
          ]),
        ],
        [1, oneOf(['~', 'x', '&a {is: x}', '*a', '{is: x, is: y}'])],
      ),
      2,
    ),
  ],
  [1, oneOf(['~', 'x', '{}', '*a', '[{is: a}, ~]'])],
);
const name = weighted<string>(
  [4, mapping([inline('matches', scalar), inline('as', scalar)], unknown)],
  [
    2,
    flow([
      ['matches', scalar],
      ['as', scalar],
    ]),
  ],
);

const rule = weighted<string>(
  [
    12,
    mapping(
      [
        inline('seriesQuery', scalar),
        nested('seriesFilters', filters),
        nested('resources', resources),
        nested('name', name),
        inline('metricsQuery', scalar),
      ],
      unknown,
    ),
  ],
  [
    1,
    oneOf([
      '~',
      'x',
      '&a {seriesQuery: x, resources: {template: t}}',
      '&b {<<: *a, seriesQuery: y}',
      '*a',
      '<<: *a\nresources: {namespaced: no}',
      'seriesQuery: z\n<<: *a',
    ]),
  ],
);
const resourceRule = mapping(
  [
    inline('containerQuery', scalar),
    inline('nodeQuery', scalar),
    nested('resources', resources),
    inline('containerLabel', scalar),
  ],
  unknown,
);
const resourceRules = weighted<string>(
  [
    5,
    mapping([nested('cpu', resourceRule), nested('memory', resourceRule), inline('window', window)], unknown),
  ],
  [1, oneOf(['~', 'NULL', '{}', 'x', '[]'])],
);

const whole = mapping(
  [
    nested('rules', items(rule, 3)),
    nested('externalRules', items(rule, 2)),
    nested('resourceRules', resourceRules),
  ],
  unknown,
);

const framed = fc
  .tuple(
    weighted(
      [12, fc.constant('')],
      [
        1,
        oneOf([
          '---\n',
          '# c\n',
          '%YAML 1.1\n---\n',
          '%YAML 1.2\n---\n',
          '%TAG !y! tag:x,1:\n---\n',
          '...\n',
          '--- # x\n',
          '\n\n',
          '%FOO x\n---\n',
        ]),
      ],
    ),
    whole,
    weighted(
      [12, fc.constant('\n')],
      [1, oneOf(['', '\n---\nrules: [', '\n...\nx: y\n', '\n# end\n', '\n--- x\n', '\n\n \n'])],
    ),
  )
  .map((parts) => parts.join(''));

/** Configurations as people write them, and now and then slightly broken. */
export const configuration: fc.Arbitrary<string> = weighted<string>(
  [4, framed],
  [
    2,
    damaged(framed, [
      ' ',
      '\n',
      '\t',
      ':',
      ': ',
      '- ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '#',
      ' #',
      '&a ',
      '*a',
      '!',
      '|',
      '>',
      '?',
      '? ',
      '%',
      '---\n',
      '...',
      '\r\n',
      '\u2028',
      'é',
      '\\',
      '~',
      '  ',
    ]),
  ],
  [
    1,
    fc
      .array(
        oneOf([
          'rules',
          ':',
          ': ',
          ' ',
          '\n',
          '  ',
          '- ',
          '[',
          ']',
          '{',
          '}',
          ',',
          '?',
          '? ',
          '"a"',
          "'b'",
          'x',
          '&a',
          '*a',
          '!!str',
          '|',
          '>',
          '\t',
          '#',
          '---',
          '...',
          '<<',
          'name',
        ]),
        { maxLength: 10 },
      )
      .map((parts) => parts.join('')),
  ],
);
