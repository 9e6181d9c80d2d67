import fc from 'fast-check';
import { damaged, oneOf, weighted } from './arbitraries';

const STRINGS = ['""', '"pod"', '"namespace"', '"a|b"', '"é"', '"\\xff\\n"', '"\\u00e9"', '`raw\r"`', '"%v"'];
/** What makes a template unreadable, and is therefore rare. */
const BROKEN = [
  '"x',
  '"\\q"',
  '08',
  '1__0',
  '0x_1',
  '18446744073709551615',
  "'ab'",
  "''",
  '$z',
  'nope',
  '.é.',
  '?',
];
const NUMBERS = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '-1',
    '+2',
    '7',
    '100',
    '1_000',
    '0x1F',
    '0b101',
    '0o17',
    '017',
    '-0',
    '0x1e',
    '-0x1e',
  ],
  ...['1.5', '.5', '1.', '1e3', '1E-3', '0x1p4', '0x1.8p-1', '-2.25', '0x_1F', '9223372036854775807'],
  ...['9223372036854775808', '18446744073709551615', '100000000000000000000.5', '1e21', '123456789.0'],
  ...["'a'", "'\\n'", "'\\''", "'é'", "'\\x41'", "'\\u00e9'"],
];
const FIELDS = [
  ...['.Series', '.LabelMatchers', '.LabelValuesByName', '.GroupBy', '.GroupBySlice', '.Foo', '.Series.x'],
  ...[
    '.LabelValuesByName.pod',
    '.LabelValuesByName.nope',
    '.LabelValuesByName.nope.x',
    '.Group',
    '.Resource',
    '.String',
  ],
  ...['.WithVersion', '.Empty', '.Group.x', '.é', '.WithVersion.GroupVersion'],
];
const VARIABLES = ['$', '$.Series', '$.LabelValuesByName'];
/** Variables that are in scope only where something declared them. */
const DECLARED = ['$x', '$y', '$x.pod'];
const FUNCTIONS = [
  ...[
    'and',
    'or',
    'not',
    'len',
    'index',
    'slice',
    'print',
    'printf',
    'println',
    'html',
    'js',
    'urlquery',
    'call',
  ],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
];
const FORMATS = [
  '"%s"',
  '"%v"',
  '"%d"',
  '"%q"',
  '"%x"',
  '"%5.2f"',
  '"%-6s|"',
  '"%T"',
  '"%s %s"',
  '"%[2]v%[1]v"',
  '"%*d"',
];
const STAGES = [
  ...[
    'len',
    'print',
    'printf "%q"',
    'printf "%v-%v" .Series',
    'html',
    'js',
    'urlquery',
    'not',
    'eq "pod"',
    'eq 3',
    'lt 2',
  ],
  ...[
    'index .LabelValuesByName',
    'and 1',
    'or false',
    'println 1',
    'slice .Series 1',
    'index .GroupBySlice',
    'call',
    'ne nil',
  ],
];
/** What templates are made of in earnest. */
const SENSIBLE = [
  ...[
    'index .LabelValuesByName "pod"',
    'index .GroupBySlice 0',
    'len .GroupBySlice',
    'eq .Series "a:b"',
    'slice .Series 1 3',
  ],
  ...[
    'printf "%s{%s}" .Series .LabelMatchers',
    'printf "%q" .Series',
    'not .GroupBy',
    'and .Series .GroupBy',
    'or .GroupBy "x"',
  ],
  ...[
    'index .Series 0',
    'len .LabelValuesByName',
    'print 1 2 "x" 3',
    'println .GroupBySlice .LabelValuesByName',
    'lt (len .Series) 4',
  ],
  ...[
    'printf "%v %#v %+v" . . .',
    'slice .GroupBySlice 0 0',
    'eq (index .Series 0) 104',
    'ge 1.5 .5',
    'js .LabelMatchers',
    'html .',
  ],
  ...[
    'eq . .',
    'printf "%d %c %U" 65 65 65',
    '.WithVersion "v1"',
    '(.WithVersion "v1").GroupVersion',
    '.Empty | not',
  ],
];
const TEXTS = ['', ' ', 'a', '\n', '{', ',', ' \t\n x', 'sum(', ') by (', '<', '>', '- ', 'é', '%'];

const operand = weighted<string>(
  [25, oneOf(FIELDS)],
  [10, oneOf(STRINGS)],
  [10, oneOf(NUMBERS)],
  [6, oneOf(VARIABLES)],
  [10, oneOf(['.', 'true', 'false', 'nil'])],
  [1, oneOf(DECLARED)],
  [1, oneOf(BROKEN)],
);

const { pipeline, list } = fc.letrec<{
  pipeline: string;
  command: string;
  stage: string;
  argument: string;
  body: string;
  list: string;
  node: string;
}>((tie) => ({
  argument: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: operand, weight: 6 },
    { arbitrary: tie('pipeline').map((inner) => `(${inner})`), weight: 1 },
    {
      arbitrary: fc.tuple(tie('pipeline'), oneOf(FIELDS)).map(([inner, field]) => `(${inner})${field}`),
      weight: 1,
    },
    { arbitrary: oneOf(FUNCTIONS), weight: 1 },
  ),
  command: fc.oneof(
    { arbitrary: operand, weight: 3 },
    { arbitrary: oneOf(SENSIBLE), weight: 4 },
    {
      arbitrary: fc
        .tuple(oneOf(FUNCTIONS), fc.array(tie('argument'), { maxLength: 3 }))
        .map((words) => words.flat().join(' ')),
      weight: 5,
    },
    {
      arbitrary: fc
        .tuple(oneOf(FORMATS), fc.array(tie('argument'), { maxLength: 3 }))
        .map(([format, values]) => ['printf', format, ...values].join(' ')),
      weight: 2,
    },
    {
      arbitrary: fc.array(tie('argument'), { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
      weight: 1,
    },
  ),
  pipeline: fc
    .tuple(
      weighted(
        [40, fc.constant('')],
        [8, oneOf(['$x := ', '$y := ', '$x :='])],
        [1, oneOf(['$x = ', '$x, $y := ', '$y, $x = ', '$z=', '$x, := '])],
      ),
      tie('command'),
      fc.array(weighted([9, tie('stage')], [1, tie('command')]), { maxLength: 2 }),
      oneOf([' | ', '|', ' |']),
    )
    .map(([declaration, first, rest, pipe]) => declaration + [first, ...rest].join(pipe)),
  stage: fc
    .tuple(oneOf(STAGES), fc.array(tie('argument'), { maxLength: 1 }))
    .map((words) => words.flat().join(' ')),
  /** In a loop, which can be left. */
  body: fc
    .tuple(
      tie('list'),
      oneOf(['', '', '<<break>>', '<<if .>><<continue>><<end>>', '<<- break ->>']),
      tie('list'),
    )
    .map((parts) => parts.join('')),
  list: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        { arbitrary: oneOf(TEXTS), weight: 2 },
        { arbitrary: tie('node'), weight: 3 },
      ),
      {
        maxLength: 4,
      },
    )
    .map((nodes) => nodes.join('')),
  node: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: action(tie('pipeline')), weight: 12 },
    { arbitrary: controlled('if', tie('pipeline'), tie('list')), weight: 4 },
    { arbitrary: controlled('with', tie('pipeline'), tie('list')), weight: 4 },
    { arbitrary: controlled('range', tie('pipeline'), tie('list')), weight: 2 },
    { arbitrary: controlled('range', rangeOver(tie('pipeline')), tie('body')), weight: 6 },
    { arbitrary: named('define', tie('list')), weight: 1 },
    {
      arbitrary: fc
        .tuple(tie('pipeline'), tie('list'))
        .map(([pipe, body]) => `<<block "b" ${pipe}>>${body}<<end>>`),
      weight: 1,
    },
    { arbitrary: tie('pipeline').map((pipe) => `<<template "t" ${pipe}>>`), weight: 1 },
    { arbitrary: oneOf(['<<template "t">>', '<<template `b` .>>', '<<template "none">>']), weight: 1 },
    { arbitrary: oneOf(['<<template t>>', '<<break>>', '<<$x>>', '<</*', '<<end>>', '<<else>>']), weight: 1 },
    { arbitrary: oneOf(['<</* c */>>', '<<- /* c */ ->>', '<</* c */ ->>']), weight: 1 },
  ),
}));

function rangeOver(pipe: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const over = weighted(
    [3, oneOf(['.GroupBySlice', '.LabelValuesByName', '3', '$.GroupBySlice', 'slice .GroupBySlice 0 1'])],
    [1, pipe],
  );
  return fc.tuple(oneOf(['$x, $y := ', '$x := ', '$y := ', '']), over).map((parts) => parts.join(''));
}

function action(pipe: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      weighted([6, fc.constant('<<')], [6, oneOf(['<< ', '<<- ', '<<\n'])], [1, fc.constant('<<-')]),
      pipe,
      weighted([6, fc.constant('>>')], [6, oneOf([' >>', ' ->>', '\n>>'])], [1, fc.constant('->>')]),
    )
    .map((parts) => parts.join(''));
}

function controlled(
  keyword: string,
  pipe: fc.Arbitrary<string>,
  body: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  const chained = fc
    .tuple(weighted([4, fc.constant(` ${keyword} `)], [1, oneOf([' if ', ' with '])]), pipe)
    .map(([word, value]) => word + value);
  const otherwise = fc
    .tuple(weighted([4, fc.constant('')], [1, chained]), body)
    .map(([word, rest]) => `<<else${word}>>${rest}`);
  return fc
    .tuple(pipe, body, weighted([3, fc.constant('')], [2, otherwise]))
    .map(([value, inner, rest]) => `<<${keyword} ${value}>>${inner}${rest}<<end>>`);
}

function named(keyword: string, body: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(weighted([6, oneOf(['"t"', '`t`', '"b"', '"metrics-query"'])], [1, oneOf(['t', '"\\q"'])]), body)
    .map(([name, inner]) => `<<${keyword} ${name}>>${inner}<<end>>`);
}

/** A single action more often than a program: what shows most of the language in the least text. */
const text = weighted<string>([3, action(pipeline)], [5, list]);

/** Templates as they may be, and now and then slightly broken. */
export const templateText: fc.Arbitrary<string> = weighted<string>(
  [5, text],
  [
    1,
    damaged(text, [
      '<<',
      '>>',
      '"',
      '(',
      ')',
      '|',
      ' ',
      '.',
      '-',
      '\n',
      '$',
      '<<end>>',
      '<<else>>',
      'é',
      '\\',
      "'",
      '/*',
      '*/',
      ':=',
      ',',
    ]),
  ],
);

const value = oneOf(['', 'default', 'a|b', 'x"y', 'é', "<&>'=", 'a b', '100%']);

/** What a query template is executed on. */
export const queryArguments = fc.record({
  series: oneOf(['http_requests_total', '', 'é_total', 'a:b']),
  labelMatchers: oneOf(['', 'pod="a"', 'namespace="default",pod=~"a|b"', 'x="é\\n"']),
  labelValuesByName: fc.dictionary(oneOf(['pod', 'namespace', 'x-y', 'é']), value, { maxKeys: 3 }),
  groupBy: fc.array(oneOf(['pod', 'container', 'é', '']), { maxLength: 3 }),
});
