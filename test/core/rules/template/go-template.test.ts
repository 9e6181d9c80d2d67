import fc from 'fast-check';
import { NotSupportedError, UsageError } from '../../../../core/errors';
import { GoTemplate } from '../../../../core/rules/template';

const data = {
  Series: 'http_requests_total',
  LabelMatchers: 'namespace="default",pod="a"',
  LabelValuesByName: new Map([
    ['pod', 'a|b'],
    ['namespace', 'default'],
  ]),
  GroupBy: 'pod,container',
  GroupBySlice: ['pod', 'container'],
};

function render(source: string): string {
  return GoTemplate.parse(source, 'rules[0].metricsQuery').render(data);
}

describe('GoTemplate', () => {
  it.each([
    ['plain text', 'up == 1', 'up == 1'],
    ['an empty template', '', ''],
    ['a string field', '<<.Series>>', 'http_requests_total'],
    ['a field with space around', '<< .Series >>', 'http_requests_total'],
    [
      'text around fields',
      'sum(<<.Series>>{<<.LabelMatchers>>})',
      'sum(http_requests_total{namespace="default",pod="a"})',
    ],
    ['a slice', '<<.GroupBySlice>>', '[pod container]'],
    ['a map, keys in order', '<<.LabelValuesByName>>', 'map[namespace:default pod:a|b]'],
    ['a map entry as a field', '<<.LabelValuesByName.pod>>', 'a|b'],
    ['a missing map entry as a field', '<<.LabelValuesByName.job>>', '<no value>'],
    ['a field of a missing map entry', '<<.LabelValuesByName.job.x>>', '<no value>'],
    ['index', '<<index .LabelValuesByName "pod">>', 'a|b'],
    ['index with a raw string', '<<index .LabelValuesByName `pod`>>', 'a|b'],
    ['index of a missing key', '<<index .LabelValuesByName "job">>', ''],
    ['index without a key', '<<index .LabelValuesByName>>', 'map[namespace:default pod:a|b]'],
    ['escapes by number', '<<"\\x41\\u00e9\\102">>', 'AéB'],
    ['a string constant', '<<"a\\tb\\"">>', 'a\tb"'],
    ['a comment', 'a<</* why */>>b', 'ab'],
    ['a trimming comment', 'a <<- /* why */ ->> b', 'ab'],
    ['a comparison with a shift-like sign outside', 'a < b > c', 'a < b > c'],
  ])('renders %s', (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each([
    ['before', 'a \n\t<<- .GroupBy>> b', 'apod,container b'],
    ['after', 'a <<.GroupBy ->> \r\n b', 'a pod,containerb'],
    ['on both sides', 'a <<- .GroupBy ->> b', 'apod,containerb'],
    ['between two actions', '<<.GroupBy ->>  <<.GroupBy>>', 'pod,containerpod,container'],
  ])('trims white space %s an action', (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each([
    ['<<range .GroupBySlice>>x<<end>>', 'keyword range'],
    ['<<if .Series>>x<<end>>', 'keyword if'],
    ['<<with .Series>>x<<end>>', 'keyword with'],
    ['<<printf "%s" .Series>>', 'function printf'],
    ['<<index (len .Series)>>', '"("'],
    ['<<.Series | len>>', 'pipeline "|"'],
    ['<<$x := .Series>>', 'variable $x'],
    ['<<$>>', 'variable $'],
    ['<<.>>', 'cursor "."'],
    ['<<index .GroupBySlice 0>>', 'constant 0'],
    ['<<-3>>', 'constant -3'],
    ["<<'x'>>", "constant 'x'"],
    ['<<true>>', 'constant true'],
    ['<<index index>>', 'function index'],
  ])('names what it does not support in %s', (source, construct) => {
    const parse = (): unknown => GoTemplate.parse(source, 'rules[0].metricsQuery');
    expect(parse).toThrow(NotSupportedError);
    expect(parse).toThrow(`not supported: Go template ${construct} in rules[0].metricsQuery`);
  });

  it.each([
    ['<<.Series', 'unclosed action'],
    ['<<"\\q">>', 'unknown escape sequence \\q'],
    ['<<"\\xff">>', 'not supported: string escape \\xff for a single byte above 0x7f'],
    ['<</* x', 'unclosed comment'],
    ['<</* x */ y>>', 'comment ends before closing delimiter'],
    ['<<>>', 'missing value for command'],
    ['<<foo .Series>>', 'function "foo" not defined'],
    ['<<.Series "x">>', "can't give argument to non-function .Series"],
    ['<<index>>', 'wrong number of args for index'],
    ['<<index .LabelValuesByName"pod">>', 'unexpected "pod" without a space before it'],
    ['<<index .LabelValuesByName "a""b">>', 'unexpected "b" without a space before it'],
    ['<<index.LabelValuesByName>>', 'unexpected .LabelValuesByName without a space before it'],
    ['<<.Series ?>>', 'unexpected "?" in an action'],
  ])('refuses %s when it is parsed', (source, message) => {
    expect(() => GoTemplate.parse(source, 'here')).toThrow(`here: ${message}`);
  });

  it.each([
    ['<<.Labels>>', "can't evaluate field Labels; the fields are .Series,"],
    ['<<.toString>>', "can't evaluate field toString"],
    ['<<.Series.Name>>', "can't evaluate field Name in type string"],
    ['<<.GroupBySlice.x>>', "can't evaluate field x in type []string"],
    ['<<index .Series "x">>', 'cannot index string with type string'],
    ['<<index .LabelValuesByName .GroupBySlice>>', 'value has type []string; should be string'],
    ['<<index .LabelValuesByName.a "x">>', 'index of untyped nil'],
  ])('fails on %s when it is rendered', (source, message) => {
    const template = GoTemplate.parse(source, 'here');
    expect(() => template.render(data)).toThrow(UsageError);
    expect(() => template.render(data)).toThrow(`here: ${message}`);
  });

  it('copies any text that holds no delimiter', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('<<')),
        (text) => {
          expect(render(text)).toBe(text);
        },
      ),
    );
  });
});
