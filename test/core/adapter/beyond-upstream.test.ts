import type { DiscoveryResult } from '../../../core/adapter/discovery';
import { plan, Registry, type RegistryOptions, withCause } from '../../../core/adapter';
import { ApiResources, type ApiResource } from '../../../core/kube/api-resources';
import { Selector } from '../../../core/kube/selector';
import { parseAdapterConfig } from '../../../core/rules';

const OPTIONS: RegistryOptions = { gate: 'named', rootScope: 'cluster' };
const WIDGET: ApiResource = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  namespaced: false,
};
const PODS = { group: '', resource: 'pods' };

function tolerant(
  text: string,
  options = OPTIONS,
  resources: Iterable<ApiResource> = ApiResources.builtin(),
): Registry {
  return Registry.tolerant(parseAdapterConfig(text, 'config.yaml'), resources, options);
}

describe('a rule that cannot be compiled', () => {
  const text = `rules:
- {seriesQuery: a, resources: {overrides: {w: {resource: widget}}}, metricsQuery: q}
- {seriesQuery: b, seriesFilters: [{is: '('}], metricsQuery: q}
- {seriesQuery: c, resources: {template: <<.Resource>>}, metricsQuery: '<<.LabelMatchers'}
- {seriesQuery: d, resources: {template: <<.Resource>>}, metricsQuery: q}
externalRules:
- {seriesQuery: e, resources: {namespaced: false}, metricsQuery: q}
resourceRules: {cpu: {containerQuery: '<<'}}
`;

  it('is left out with its place and reason, and hurts no other', () => {
    const registry = tolerant(text);
    expect(registry.rules.map(({ path }) => path)).toEqual(['rules[3]', 'externalRules[0]']);
    expect(registry.broken.map(({ path, api }) => [path, api])).toEqual([
      ['rules[0]', 'custom'],
      ['rules[1]', 'custom'],
      ['rules[2]', 'custom'],
      ['resourceRules', 'resource'],
    ]);
    expect(registry.broken[0]?.message).toContain(
      'config.yaml:2:47: rules[0].resources.overrides.w: unable to normalize group-resource widget',
    );
    expect(registry.resourceQueries).toBeUndefined();
    expect(() => Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin())).toThrow(
      'widget',
    );
  });

  it('is served once the cluster has its resource, with what was listed before', () => {
    const before = tolerant(text).updated(new Map([['d', [{ __name__: 'd', pod: 'p' }]]]));
    const after = before.withResources([...ApiResources.builtin(), WIDGET]);
    expect(after.rules.map(({ path }) => path)).toEqual(['rules[0]', 'rules[3]', 'externalRules[0]']);
    expect(after.findCustom(PODS, true, 'd')?.rule.path).toBe('rules[3]');
  });
});

describe('objects of a kind that is outside namespaces', () => {
  const text = `rules: [{seriesQuery: a, resources: {template: <<.Resource>>}, metricsQuery: 'm{<<.LabelMatchers>>}'}]`;
  const resources = [...ApiResources.builtin(), WIDGET];
  const widgets = { group: 'example.com', resource: 'widgets' };
  const listing = new Map([['a', [{ __name__: 'a', widget: 'w', node: 'n', pod: 'p' }]]]);

  it('are asked for at the root, and in upstream’s way too', () => {
    const registry = tolerant(text, { gate: 'upstream', rootScope: 'cluster' }, resources).updated(listing);
    const request = {
      api: 'custom',
      groupResource: widgets,
      objects: 'w',
      metric: 'a',
      metricSelector: Selector.everything,
    } as const;
    expect(plan(registry, request).queries).toEqual(['m{widget="w"}']);
    expect(registry.findCustom(widgets, true, 'a')).toBeDefined();
    expect(registry.findCustom(PODS, false, 'a')).toBeUndefined();
  });

  it('are asked for in namespaces alone by upstream', () => {
    const registry = tolerant(text, { gate: 'upstream', rootScope: 'upstream' }, resources).updated(listing);
    expect(registry.findCustom(widgets, false, 'a')).toBeUndefined();
    expect(registry.findCustom(widgets, true, 'a')).toBeDefined();
  });
});

describe('metrics that were not listed', () => {
  const text = `rules:
- {seriesQuery: 'hits_total{job="web"}', resources: {overrides: {pod: {resource: pod}, namespace: {resource: namespace}}}, name: {matches: ^(.*)_total$}, metricsQuery: q}
- {seriesQuery: '{__name__=~"x|y"}', resources: {template: <<.Resource>>}, metricsQuery: q}
- {seriesQuery: '{namespace!=""}', resources: {template: <<.Resource>>}, metricsQuery: q}
externalRules:
- {seriesQuery: '{__name__=~"queue_.*"}', seriesFilters: [{isNot: _total$}], metricsQuery: q}
- {seriesQuery: 'jobs_waiting', name: {as: waiting}, metricsQuery: q}
- {seriesQuery: '{__name__=~"sum_.*"}', name: {matches: ^sum_(.*)$}, metricsQuery: q}
`;
  const registry = tolerant(text);

  it.each([
    [PODS, true, 'hits', 'rules[0]'],
    [{ group: '', resource: 'namespaces' }, false, 'hits', 'rules[0]'],
    [{ group: '', resource: 'services' }, true, 'y', 'rules[1]'],
    [{ group: '', resource: 'nodes' }, false, 'x', 'rules[1]'],
  ])('are known for %j if a rule names their series', (resource, namespaced, metric, path) => {
    expect(registry.findCustom(resource, namespaced, metric)?.rule.path).toBe(path);
    expect(
      tolerant(text, { ...OPTIONS, gate: 'upstream' }).findCustom(resource, namespaced, metric),
    ).toBeUndefined();
  });

  it.each([
    ['of a kind that no label names', { group: '', resource: 'services' }, true, 'hits'],
    ['in the wrong scope', PODS, false, 'hits'],
    ['of a rule that names no series', PODS, true, 'other'],
    ['of the name of the series instead of the metric', PODS, true, 'hits_total'],
  ])('are unknown %s', (_, resource, namespaced, metric) => {
    expect(registry.findCustom(resource, namespaced, metric)).toBeUndefined();
  });

  it.each([
    ['waiting', 'jobs_waiting'],
    ['queue_depth', 'queue_depth'],
    ['queue_total', undefined],
    ['depth', undefined],
    ['jobs_waiting', undefined],
    ['up', undefined],
  ])('are the external metric %s of series %s', (metric, series) => {
    expect(registry.findExternal(metric)?.series).toBe(series);
  });

  it('are not in the list of metrics', () => {
    expect(registry.metrics()).toEqual([]);
  });

  it('count after those that were listed', () => {
    const both = tolerant(`externalRules:
- {seriesQuery: '{job="a"}', name: {as: m}, metricsQuery: q}
- {seriesQuery: 'named', name: {as: m}, metricsQuery: q}
- {seriesQuery: 'also_named', name: {as: m}, metricsQuery: q}
`);
    expect(both.findExternal('m')).toMatchObject({ series: 'also_named', rivals: [{ series: 'named' }] });
    const listed = both.updated(new Map([['{job="a"}', [{ __name__: 's' }]]]));
    expect(listed.findExternal('m')).toMatchObject({ series: 's', rivals: [] });
  });
});

describe('a message that names the link that failed', () => {
  it('begins with upstream’s', () => {
    const planned = plan(tolerant('rules: []'), {
      api: 'custom',
      groupResource: PODS,
      namespace: 'n',
      objects: 'p',
      metric: 'm',
      metricSelector: Selector.everything,
    });
    if (planned.kind !== 'refused') throw new Error('the metric is known');
    expect(withCause(planned.status).message).toBe(
      'the server could not find the metric m for pods: the metric is not registered: there are no rules of custom metrics',
    );
  });
});

describe('other rules', () => {
  const rule = (selector: string) =>
    `{seriesQuery: ${selector}, resources: {template: <<.Resource>>}, metricsQuery: q}`;
  const config = (text: string) => parseAdapterConfig(text, 'config.yaml');

  it('keep what was listed for selectors that stay, and forget the others', () => {
    const before = tolerant(`rules: [${rule('a')}, ${rule('b')}]`).updated(
      new Map([
        ['a', [{ __name__: 'a', pod: 'p' }]],
        ['b', [{ __name__: 'b', pod: 'p' }]],
      ]),
    );
    const after = before.withConfig(config(`rules: [${rule('c')}, ${rule('b')}]`));
    expect(after.metrics().map(({ metric }) => metric)).toEqual(['b']);
    expect(after.findCustom(PODS, true, 'b')?.rule.path).toBe('rules[1]');
    expect(after.withConfig(config(`rules: [${rule('a')}]`)).metrics()).toEqual([]);
  });
});

describe('a metric that nobody knows', () => {
  const empty = tolerant(`rules:
- {seriesQuery: '{__name__=~"^x_.*"}', resources: {template: <<.Resource>>}, metricsQuery: q, plimsoll: {source: far}}
- {seriesQuery: b, resources: {template: <<.Resource>>}, metricsQuery: q}
externalRules:
- {seriesQuery: e, metricsQuery: q}
plimsoll: {sources: {far: {url: 'http://far'}}}
`);
  const key = empty.listings().find(({ source }) => source === 'far')?.key ?? '';
  const down = { error: 'ECONNREFUSED', unavailable: true };
  const planned = (metric: string, ...results: readonly DiscoveryResult[]) => {
    const registry = results.reduce((before, result) => before.updated(new Map([[key, result]])), empty);
    const request = { api: 'custom', groupResource: PODS, namespace: 'a', objects: 'p', metric } as const;
    return plan(registry, { ...request, metricSelector: Selector.everything });
  };

  it('may be of a source that does not answer, and never has: 503', () => {
    expect(planned('x_1', down)).toMatchObject({
      status: { code: 503, message: 'unable to fetch metrics: source far is unavailable' },
    });
  });

  it('is none where a listing was refused, has not come yet, or knew the metrics of before', () => {
    expect(planned('x_1', { error: 'parse error' })).toMatchObject({ status: { code: 404 } });
    expect(planned('x_1')).toMatchObject({ status: { code: 404 } });
    expect(planned('x_1', [{ __name__: 'x_2', pod: 'p', namespace: 'a' }], down)).toMatchObject({
      status: { code: 404 },
    });
  });
});
