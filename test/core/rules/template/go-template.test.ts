import fc from 'fast-check';
import { NotSupportedError, UsageError } from '../../../../core/errors';
import { groupResourceValue } from '../../../../core/rules/group-resource-value';
import { GoTemplate } from '../../../../core/rules/template';
import { data, parse, render } from './data';

describe('values of a query template', () => {
  it.each([
    ['plain text', 'up == 1', 'up == 1'],
    ['an empty template', '', ''],
    ['a string field', '<<.Series>>', 'http_requests_total'],
    ['a field with space around', '<< .Series >>', 'http_requests_total'],
    ['text around fields', 'sum(<<.Series>>{<<.GroupBy>>})', 'sum(http_requests_total{pod,container})'],
    ['a slice', '<<.GroupBySlice>>', '[pod container]'],
    ['a map, keys in order', '<<.LabelValuesByName>>', 'map[namespace:default pod:a|b]'],
    ['a map entry as a field', '<<.LabelValuesByName.pod>>', 'a|b'],
    ['a missing map entry as a field', '<<.LabelValuesByName.job>>', '<no value>'],
    ['a field of a missing map entry', '<<.LabelValuesByName.job.x>>', '<no value>'],
    ['index of a map', '<<index .LabelValuesByName "pod">>', 'a|b'],
    ['index with a raw string', '<<index .LabelValuesByName `pod`>>', 'a|b'],
    ['index of a missing key', '<<index .LabelValuesByName "job">>', ''],
    ['index without a key', '<<index .LabelValuesByName>>', 'map[namespace:default pod:a|b]'],
    ['index of a slice', '<<index .GroupBySlice 1>>', 'container'],
    ['a byte of a string', '<<index .Series 0>>', '104'],
    ['everything', '<<printf "%T" .>>', 'naming.queryTemplateArgs'],
    ['escapes by number', '<<"\\x41\\u00e9\\102">>', 'AéB'],
    ['bytes that are one character together', '<<"\\xc3\\xa9">>', 'é'],
    ['a string constant', '<<"a\\tb\\"">>', 'a\tb"'],
    ['a comment', 'a<</* why */>>b', 'ab'],
    ['a trimming comment', 'a <<- /* why */ ->> b', 'ab'],
    ['a comparison with a shift-like sign outside', 'a < b > c', 'a < b > c'],
  ])('render %s', (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each([
    ['before', 'a \n\t<<- .GroupBy>> b', 'apod,container b'],
    ['after', 'a <<.GroupBy ->> \r\n b', 'a pod,containerb'],
    ['on both sides', 'a <<- .GroupBy ->> b', 'apod,containerb'],
    ['between two actions', '<<.GroupBy ->>  <<.GroupBy>>', 'pod,containerpod,container'],
  ])('lose white space %s an action', (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('are copied where there is no delimiter', () => {
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

describe('control structures', () => {
  it.each([
    ['<<if .Series>>yes<<else>>no<<end>>', 'yes'],
    ['<<if .LabelValuesByName.job>>yes<<else>>no<<end>>', 'no'],
    ['<<if false>>a<<else if 0>>b<<else>>c<<end>>', 'c'],
    ['<<with .GroupBySlice>><<index . 0>><<end>>', 'pod'],
    ['<<with "">>a<<else with "x">><<.>><<else>>c<<end>>', 'x'],
    ['<<range .GroupBySlice>>[<<.>>]<<end>>', '[pod][container]'],
    ['<<range $i, $label := .GroupBySlice>><<if $i>>,<<end>><<$label>>=<<$i>><<end>>', 'pod=0,container=1'],
    [
      '<<range $label, $values := .LabelValuesByName>><<$label>>=<<$values>>;<<end>>',
      'namespace=default;pod=a|b;',
    ],
    ['<<range 3>><<.>><<end>>', '012'],
    ['<<range slice .GroupBySlice 0 0>>x<<else>>none<<end>>', 'none'],
    ['<<range .GroupBySlice>><<if eq . "container">><<break>><<end>><<.>><<end>>', 'pod'],
    ['<<range .GroupBySlice>><<if eq . "pod">><<continue>><<end>><<.>><<end>>', 'container'],
    ['<<$x := 1>><<if true>><<$x = 2>><<end>><<$x>>', '2'],
    ['<<$x := 1>><<if true>><<$x := 2>><<$x>><<end>><<$x>>', '21'],
    ['<<range .GroupBySlice>><<$.Series>><<break>><<end>>', 'http_requests_total'],
    ['<<define "m">>m=<<.>><<end>><<template "m" .GroupBy>>', 'm=pod,container'],
    ['<<block "m" .Series>>{<<.>>}<<end>>', '{http_requests_total}'],
  ])('render %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('functions and pipelines', () => {
  it.each([
    ['<<.Series | printf "%q">>', '"http_requests_total"'],
    ['<<printf "%s%v" .Series .GroupBySlice | len>>', '34'],
    ['<<(index .GroupBySlice 0) | print "x">>', 'xpod'],
    ['<<and .Series "">>|<<or "" .GroupBy>>|<<not "">>', '|pod,container|true'],
    ['<<or .Series (index .Series 99)>>', 'http_requests_total'],
    ['<<eq .Series "a" "http_requests_total">>', 'true'],
    ['<<lt 1 2>> <<ge 1.5 1.5>> <<ne "a" "b">>', 'true true true'],
    ['<<eq (index .Series 0) 104>>', 'true'],
    ['<<slice .Series 5 13>>', 'requests'],
    ['<<len "é">>', '2'],
    ['<<html "<a&b>">> <<js "it\'s">> <<urlquery "a b&c">>', "&lt;a&amp;b&gt; it\\'s a+b%26c"],
    ['<<print 1 2 "x" 3>>', '1 2x3'],
    ['<<println .GroupBy 1>>', 'pod,container 1\n'],
    ["<<0x1F>> <<1e3>> <<'a'>> <<017>> <<1_000>> <<-0x1e>>", '31 1000 97 15 1000 -30'],
  ])('render %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('templates that Go refuses', () => {
  it.each([
    ['<<.Series', ':1: unclosed action'],
    ['a\n<<.Series', ':2: unclosed action'],
    ['<<"\\q">>', ':1: invalid syntax'],
    ['<</* x', ':1: unclosed comment'],
    ['<</* x */ y>>', ':1: comment ends before closing delimiter'],
    ['<<>>', ':1: missing value for command'],
    ['<<foo .Series>>', ':1: function "foo" not defined'],
    ['<<$x>>', ':1: undefined variable "$x"'],
    ['<<if .Series>>x', ':1: unexpected EOF'],
    ['<<end>>', ':1: unexpected {{end}}'],
    ['<<break>>', ':1: {{break}} outside {{range}}'],
    ['<<.Series | "x">>', ':1: non executable command in pipeline stage 2'],
    ['<<index .LabelValuesByName"pod">>', `:1: bad character U+0022 '"'`],
    ['<<(.Series>>', ':1: unclosed left paren'],
    ['<<.Series ?>>', ':1: unexpected "?" in operand'],
    ['<<99999999999999999999>>', ':1: integer overflow: "99999999999999999999"'],
    ['<<define "a">>x<<end>><<define "a">>y<<end>>', ':1: template: multiple definition of template "a"'],
  ])('are refused when they are parsed: %s', (source, message) => {
    expect(() => parse(source)).toThrow(UsageError);
    expect(() => parse(source)).toThrow(`rules[0].metricsQuery: template: metrics-query${message}`);
  });

  it.each([
    [
      '<<.Labels>>',
      '1:2: executing "metrics-query" at <.Labels>: can\'t evaluate field Labels in type naming.queryTemplateArgs',
    ],
    ['<<.toString>>', '1:2: executing "metrics-query" at <.toString>: can\'t evaluate field toString in'],
    [
      'x\n <<.Series.Name>>',
      '2:10: executing "metrics-query" at <.Series.Name>: can\'t evaluate field Name in type string',
    ],
    [
      '<<.Series "x">>',
      '1:2: executing "metrics-query" at <.Series>: Series has arguments but cannot be invoked as function',
    ],
    [
      '<<index>>',
      '1:2: executing "metrics-query" at <index>: wrong number of args for index: want at least 1 got 0',
    ],
    [
      '<<index .Series "x">>',
      'at <index .Series "x">: error calling index: cannot index slice/array with type string',
    ],
    ['<<index .GroupBySlice 2>>', 'error calling index: reflect: slice index out of range'],
    ['<<eq .Series 1>>', 'error calling eq: incompatible types for comparison: string and int'],
    ['<<printf 1>>', 'at <1>: expected string; found 1'],
    ['<<template "none">>', 'at <{{template "none"}}>: template "none" not defined'],
    ['<<range .Series>><<end>>', "at <.Series>: range can't iterate over http_requests_total"],
    [
      '<<define "t">><<.x.y>><<end>><<template "t" .Series>>',
      'executing "t" at <.x.y>: can\'t evaluate field x in type string',
    ],
  ])('fail when they are rendered: %s', (source, message) => {
    const template = parse(source);
    expect(() => template.render(data)).toThrow(UsageError);
    expect(() => template.render(data)).toThrow(message);
  });
});

describe('what is not modelled', () => {
  it.each([
    ['<<1i>>', 'the imaginary constant 1i in a template'],
    ['<<1+2i>>', 'the complex constant 1+2i in a template'],
    [`<<${'('.repeat(500)}1${')'.repeat(500)}>>`, 'a template nested more than 400 deep'],
  ])('is named when a template is parsed: %s', (source, what) => {
    expect(() => parse(source)).toThrow(NotSupportedError);
    expect(() => parse(source)).toThrow(`not supported: ${what}`);
  });

  it.each([
    ['<<printf "%p" .GroupBySlice>>', '%p in a template: an address in memory'],
    ['<<define "x">><<template "x">><<end>><<template "x">>', 'a template nested more than 400 deep'],
    ['<<range 9223372036854775807>>x<<end>>', 'a template that takes more than 2000000 steps'],
    ['<<"\\xff">>', 'rules[0].metricsQuery: a template that prints broken UTF-8'],
  ])('is named when a template is rendered: %s', (source, what) => {
    const template = parse(source);
    expect(() => template.render(data)).toThrow(NotSupportedError);
    expect(() => template.render(data)).toThrow(`not supported: ${what}`);
  });
});

describe('label templates', () => {
  it.each([
    ['kube_<<.Group>>_<<.Resource>>', 'kube_apps_deployment'],
    ['<<.>>', 'deployment.apps'],
    ['<<.String | printf "%q">>', '"deployment.apps"'],
    ['<<if .Empty>>a<<else>>b<<end>>', 'b'],
    ['<<(.WithVersion "v1").GroupVersion>>', 'apps/v1'],
    ['<<printf "%#v" .>>', 'schema.GroupResource{Group:"apps", Resource:"deployment"}'],
  ])('render %s', (source, expected) => {
    const template = GoTemplate.parse(source, 'resource-label', 'rules[0].resources.template');
    expect(template.render(groupResourceValue('apps', 'deployment'))).toBe(expected);
  });
});
