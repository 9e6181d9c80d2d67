import fc from 'fast-check';
import { type KnownMetric, plan, Registry } from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import { Selector } from '../../../core/kube/selector';
import { groupResourceText, parseAdapterConfig } from '../../../core/rules';
import { resources } from '../rules/mapper';
import { containerSelector, defaultRules, listed, namespacedSelector } from './upstream-series';

function registryOf(text: string): Registry {
  return Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
}

/** `pods/x`, or `/nodes/x` for what is served at the root. */
function text({ resource, namespaced, metric }: KnownMetric): string {
  return `${namespaced ? '' : '/'}${resource ? groupResourceText(resource) : 'external'}/${metric}`;
}

function names(registry: Registry): string[] {
  return registry.metrics().map(text).sort();
}

describe('Registry with the default rules', () => {
  const empty = Registry.create(parseAdapterConfig(defaultRules, 'config.yaml'), resources);
  const registry = empty.updated(listed);

  it('lists each selector once', () => {
    expect(empty.listings().map(({ selector }) => selector)).toEqual([containerSelector, namespacedSelector]);
  });

  it('knows nothing before the first listing', () => {
    expect(empty.metrics()).toEqual([]);
  });

  it('knows the metrics that upstream knows', () => {
    expect(names(registry)).toEqual(
      [
        ...['pods/some_count', '/namespaces/some_count', 'pods/some_time', '/namespaces/some_time'],
        ...['pods/some_usage', '/namespaces/some_usage'],
        ...['services/ingress_hits', 'ingresses.extensions/ingress_hits', 'pods/ingress_hits'],
        ...[
          '/namespaces/ingress_hits',
          'services/service_proxy_packets',
          '/namespaces/service_proxy_packets',
        ],
        ...['deployments.extensions/work_queue_wait', '/namespaces/work_queue_wait'],
        ...['/nodes/node_gigawatts', '/persistentvolumes/volume_claims', '/nodes/node_fan'],
      ].sort(),
    );
  });

  it.each([
    [
      'pods',
      'some_usage',
      'somens',
      ['somepod1', 'somepod2'],
      'sum(container_some_usage{namespace="somens",pod=~"somepod1|somepod2",container!="POD"}) by (pod)',
    ],
    [
      'pods',
      'some_count',
      'somens',
      ['somepod1', 'somepod2'],
      'sum(rate(container_some_count_total{namespace="somens",pod=~"somepod1|somepod2",container!="POD"}[1m])) by (pod)',
    ],
    [
      'pods',
      'some_time',
      'somens',
      ['somepod1', 'somepod2'],
      'sum(rate(container_some_time_seconds_total{namespace="somens",pod=~"somepod1|somepod2",container!="POD"}[1m])) by (pod)',
    ],
    [
      'service',
      'ingress_hits',
      'somens',
      ['somesvc'],
      'sum(rate(ingress_hits_total{kube_namespace="somens",kube_service="somesvc"}[1m])) by (kube_service)',
    ],
    [
      'ingress.extensions',
      'ingress_hits',
      'somens',
      ['someingress'],
      'sum(rate(ingress_hits_total{kube_namespace="somens",kube_ingress="someingress"}[1m])) by (kube_ingress)',
    ],
    [
      'pod',
      'ingress_hits',
      'somens',
      ['somepod'],
      'sum(rate(ingress_hits_total{kube_namespace="somens",kube_pod="somepod"}[1m])) by (kube_pod)',
    ],
    [
      'service',
      'service_proxy_packets',
      'somens',
      ['somesvc'],
      'sum(service_proxy_packets{kube_namespace="somens",kube_service="somesvc"}) by (kube_service)',
    ],
    [
      'deployment.extensions',
      'work_queue_wait',
      'somens',
      ['somedep'],
      'sum(rate(work_queue_wait_seconds_total{kube_namespace="somens",kube_deployment="somedep"}[1m])) by (kube_deployment)',
    ],
    ['node', 'node_gigawatts', '', ['somenode'], 'sum(node_gigawatts{kube_node="somenode"}) by (kube_node)'],
    [
      'persistentvolume',
      'volume_claims',
      '',
      ['somepv'],
      'sum(rate(volume_claims_total{kube_persistentvolume="somepv"}[1m])) by (kube_persistentvolume)',
    ],
    [
      'node',
      'node_fan',
      '',
      ['somenode'],
      'sum(rate(node_fan_seconds_total{kube_node="somenode"}[1m])) by (kube_node)',
    ],
    [
      'namespace',
      'ingress_hits',
      '',
      ['somens'],
      'sum(rate(ingress_hits_total{kube_namespace="somens"}[1m])) by (kube_namespace)',
    ],
  ])('asks for %s %s as upstream does', (named, metric, namespace, objects, query) => {
    const [resource = '', group = ''] = named.split('.');
    const request = {
      api: 'custom',
      groupResource: { group, resource },
      namespace,
      objects,
      metric,
    } as const;
    expect(plan(registry, { ...request, metricSelector: Selector.everything }).queries).toEqual([query]);
  });

  it('puts the metric selector before the other matchers', () => {
    const planned = plan(registry, {
      api: 'custom',
      groupResource: { group: '', resource: 'services' },
      namespace: 'somens',
      objects: 'somesvc',
      metric: 'ingress_hits',
      metricSelector: Selector.parse('param1=value1'),
    });
    expect(planned.queries).toEqual([
      'sum(rate(ingress_hits_total{param1="value1",kube_namespace="somens",kube_service="somesvc"}[1m])) by (kube_service)',
    ]);
  });
});

describe('Registry', () => {
  const twoSelectors = `
rules:
- seriesQuery: a
  resources: {template: <<.Resource>>}
  metricsQuery: <<.Series>>
- seriesQuery: b
  resources: {template: <<.Resource>>}
  metricsQuery: <<.Series>>
externalRules:
- {seriesQuery: b, name: {as: queue}, metricsQuery: <<.Series>>}
`;
  const a = [{ __name__: 'a', pod: 'p', namespace: 'n' }];
  const b = [{ __name__: 'b', pod: 'p' }];

  it('registers external metrics without resources', () => {
    expect(names(registryOf(twoSelectors).updated(new Map([['b', b]])))).toEqual([
      'external/queue',
      'pods/b',
    ]);
  });

  it('forgets metrics whose series are no longer listed', () => {
    const before = registryOf(twoSelectors).updated(new Map([['a', a]]));
    expect(names(before)).toEqual(['/namespaces/a', 'pods/a']);
    expect(names(before.updated(new Map([['a', []]])))).toEqual([]);
  });

  it('lets a refused selector hurt only its own rules, which keep what they had', () => {
    const before = registryOf(twoSelectors).updated(new Map([['a', a]]));
    const after = before.updated(
      new Map<string, typeof b | { error: string }>([
        ['a', { error: 'bad_data' }],
        ['b', b],
      ]),
    );
    expect(names(after)).toEqual(['/namespaces/a', 'external/queue', 'pods/a', 'pods/b']);
    expect(names(before)).toEqual(['/namespaces/a', 'pods/a']);
  });

  it('lets the last rule win', () => {
    const registry = registryOf(`
rules:
- {seriesQuery: x, resources: {template: <<.Resource>>}, metricsQuery: first}
- {seriesQuery: x, resources: {template: <<.Resource>>}, metricsQuery: second}
`).updated(new Map([['x', [{ __name__: 'x', pod: 'p' }]]]));
    const pods = { group: '', resource: 'pods' };
    expect(registry.findCustom(pods, true, 'x')?.rule.path).toBe('rules[1]');
  });

  describe('with a metric that two rules expose', () => {
    const rules = `
rules:
- {seriesQuery: x, resources: {template: <<.Resource>>}, name: {as: m}, metricsQuery: first}
- {seriesQuery: y, resources: {template: <<.Resource>>}, name: {as: m}, metricsQuery: second}
externalRules:
- {seriesQuery: x, name: {as: e}, resources: {namespaced: no}, metricsQuery: first}
- {seriesQuery: y, name: {as: e}, resources: {namespaced: no}, metricsQuery: second}
`;
    const request = {
      api: 'custom',
      groupResource: { group: '', resource: 'pods' },
      namespace: 'n',
      objects: 'p',
      metric: 'm',
      metricSelector: Selector.everything,
    } as const;
    const externalRequest = {
      api: 'external',
      namespace: 'n',
      metric: 'e',
      selector: Selector.everything,
    } as const;

    function listed(policies: string): Registry {
      return registryOf(rules + policies).updated(
        new Map([
          ['x', [{ __name__: 'x', pod: 'p' }]],
          ['y', [{ __name__: 'y', pod: 'p' }]],
        ]),
      );
    }

    it('answers from the last, and knows the other', () => {
      expect(plan(listed(''), request).queries).toEqual(['second']);
      expect(plan(listed(''), externalRequest).queries).toEqual(['second']);
      const rivals = listed('').findCustom(request.groupResource, true, 'm')?.rivals ?? [];
      expect(rivals.map(({ rule, series }) => [rule.path, series])).toEqual([['rules[0]', 'x']]);
    });

    it('refuses requests for it by policy, naming both', () => {
      const registry = listed('plimsoll: {conflicts: refuse}');
      const cause = 'metric m is ambiguous: rules[0] from x, rules[1] from y';
      expect(plan(registry, request)).toMatchObject({
        kind: 'refused',
        status: { code: 500, message: `Internal error occurred: ${cause}` },
      });
      expect(plan(registry, externalRequest)).toMatchObject({ kind: 'refused', status: { code: 500 } });
    });

    it('sees no conflict in several series of one name', () => {
      const registry = registryOf(`${rules}plimsoll: {conflicts: refuse}`).updated(
        new Map([
          [
            'x',
            [
              { __name__: 'x', pod: 'p' },
              { __name__: 'x', pod: 'q' },
            ],
          ],
        ]),
      );
      expect(plan(registry, request).queries).toEqual(['first']);
    });
  });

  it('knows the same metrics whatever the order of listings', () => {
    const results = [
      ['a', a],
      ['b', b],
    ] as const;
    fc.assert(
      fc.property(fc.shuffledSubarray([...results], { minLength: 2 }), (order) => {
        const registry = order.reduce(
          (before, result) => before.updated(new Map([result])),
          registryOf(twoSelectors),
        );
        expect(names(registry)).toEqual(names(registryOf(twoSelectors).updated(new Map(results))));
      }),
    );
  });

  it('has the queries of resource rules, and does not start if they are broken', () => {
    const file = (query: string): string =>
      `resourceRules: {cpu: {containerQuery: '${query}', resources: {template: <<.Resource>>}, containerLabel: c}}`;
    const { resourceQueries } = registryOf(file('sum(x{<<.LabelMatchers>>}) by (<<.GroupBy>>)'));
    expect(resourceQueries?.cpu.forPods('n', ['p'])).toBe('sum(x{namespace="n",pod="p"}) by (pod,c)');
    expect(() => registryOf(file('<<.LabelMatchers'))).toThrow(
      'config.yaml:1:39: resourceRules.cpu.containerQuery: template: metrics-query:1: unclosed action',
    );
    expect(registryOf('rules: []').resourceQueries).toBeUndefined();
  });

  it('does not start with a rule for a resource that the cluster does not serve', () => {
    expect(() => registryOf('rules: [{resources: {overrides: {w: {resource: widget}}}}]')).toThrow(
      'config.yaml:1:37: rules[0].resources.overrides.w: unable to normalize group-resource widget',
    );
  });
});
