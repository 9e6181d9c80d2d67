import fc from 'fast-check';
import { Selector } from '../../../core/kube/selector';
import { RestMapper } from '../../../core/rules';
import { MetricsQuery } from '../../../core/rules/metrics-query';
import { ResourceLabels } from '../../../core/rules/resource-labels';
import { inFirstRule } from './mapper';

const api = { version: 'v1', namespaced: true };
const mapper = new RestMapper([
  { ...api, group: 'group', kind: 'Resource', plural: 'resources', singular: 'resource' },
  { ...api, group: '', kind: 'Namespace', plural: 'namespaces', singular: 'namespaces' },
]);
const labels = ResourceLabels.compile(
  { template: '<<.Resource>>', overrides: {}, namespaced: true },
  mapper,
  inFirstRule,
);
const resource = { group: 'group', resource: 'resources' };

function query(template: string, namespaced = true): MetricsQuery {
  return MetricsQuery.compile(template, labels, { namespaced, literalNames: false }, 'rules[0].metricsQuery');
}

describe('queries for objects', () => {
  interface Case {
    names?: string[];
    namespace?: string;
    selector?: string;
    extraGroupBy?: string[];
  }

  function build(template: string, { names = ['bar'], selector = '', ...rest }: Case = {}): string {
    const metricSelector = Selector.parse(selector);
    return query(template).forObjects('foo', { resource, names, metricSelector, ...rest });
  }

  it.each<[string, string, Case, string]>([
    ['the series', 'series <<.Series>>', {}, 'series foo'],
    [
      'a regular expression for several names',
      '<<.LabelMatchers>>',
      { names: ['bar', 'baz'] },
      'resource=~"bar|baz"',
    ],
    ['equality for one name', '<<.LabelMatchers>>', {}, 'resource="bar"'],
    [
      'the metric selector first',
      '<<.LabelMatchers>>',
      { selector: 'metric1=value1' },
      'metric1="value1",resource="bar"',
    ],
    [
      'selector, namespace, objects in this order',
      '<<.LabelMatchers>>',
      { selector: 'z=1,a=2', namespace: 'default' },
      'a="2",z="1",namespaces="default",resource="bar"',
    ],
    ['one value by label', '<<index .LabelValuesByName "resource">>', {}, 'bar'],
    ['values by label', '<<index .LabelValuesByName "resource">>', { names: ['bar', 'baz'] }, 'bar|baz'],
    [
      'values as they are asked for',
      '<<.LabelValuesByName>>',
      { names: ['a.b', 'c'] },
      'map[resource:a.b|c]',
    ],
    [
      'the namespace by its label',
      '<<index .LabelValuesByName "namespaces">> <<index .LabelValuesByName "resource">>',
      { names: ['bar', 'baz'], namespace: 'default' },
      'default bar|baz',
    ],
    ['the label to group by', '<<.GroupBy>>', {}, 'resource'],
    [
      'more labels to group by',
      '<<.GroupBy>>',
      { extraGroupBy: ['extra', 'groups'] },
      'resource,extra,groups',
    ],
    ['the label to group by as a slice', '<<.GroupBySlice>>', {}, '[resource]'],
    [
      'more labels as a slice',
      '<<.GroupBySlice>>',
      { extraGroupBy: ['extra', 'groups'] },
      '[resource extra groups]',
    ],
  ])('have %s', (_, template, request, expected) => {
    expect(build(template, request)).toBe(expected);
  });

  it('must not be empty', () => {
    expect(() => build('<<index .LabelValuesByName "x">>')).toThrow(
      'rules[0].metricsQuery: empty query produced by metrics query template',
    );
  });

  it('fail for a field that there is not', () => {
    expect(() => build('<<.Labels>>')).toThrow(
      'rules[0].metricsQuery: template: metrics-query:1:2: executing "metrics-query" at <.Labels>: ' +
        "can't evaluate field Labels in type naming.queryTemplateArgs",
    );
  });

  it('hold each name in the matcher exactly once', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 8 }), (names) => {
        const value = /resource=~"(.*)"/.exec(build('<<.LabelMatchers>>', { names }))?.[1];
        expect(value?.split('|')).toEqual(names);
      }),
    );
  });
});

describe('queries for external metrics', () => {
  function build(template: string, selector = '', namespace = '', namespaced = true): string {
    return query(template, namespaced).forExternal('foo', { namespace, selector: Selector.parse(selector) });
  }

  it.each([
    ['the series', 'series <<.Series>>', '', '', 'series foo'],
    ['nothing to group by', 'x <<.GroupBy>> <<.GroupBySlice>>', '', '', 'x  []'],
    ['the namespace by its label', '<<index .LabelValuesByName "namespaces">>', '', 'default', 'default'],
    ['a matcher of the selector', '<<.LabelMatchers>>', 'foo=bar', '', 'foo="bar"'],
    ['the namespace last', '<<.LabelMatchers>>', 'foo=bar', 'default', 'foo="bar",namespaces="default"'],
    ['all matchers', '<<.LabelMatchers>>', 'foo=bar,qux in (bar,baz)', '', 'foo="bar",qux=~"bar|baz"'],
    ['values by label', '<<.LabelValuesByName>>', 'foo=bar', '', 'map[foo:bar]'],
    ['joined values by label', '<<.LabelValuesByName>>', 'foo in (bar,baz)', '', 'map[foo:bar|baz]'],
  ])('have %s', (_, template, selector, namespace, expected) => {
    expect(build(template, selector, namespace)).toBe(expected);
  });

  it('leave the namespace out where the rule says so', () => {
    expect(build('<<.LabelValuesByName>>{<<.LabelMatchers>>}', '', 'default', false)).toBe('map[]{}');
  });
});
