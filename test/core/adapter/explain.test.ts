import { type DiscoveryResult, explainMissing, Registry } from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import { Selector } from '../../../core/kube/selector';
import { parseAdapterConfig } from '../../../core/rules';

const config = `
rules:
- seriesQuery: http
  name: {matches: ^(.*)_total$}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: <<.Series>>
`;
const pods = {
  api: 'custom',
  groupResource: { group: '', resource: 'pods' },
  namespace: 'shop',
  objects: 'a',
  metric: 'requests',
  metricSelector: Selector.everything,
} as const;
const queue = { api: 'external', namespace: 'shop', metric: 'queue', selector: Selector.everything } as const;

function registry(result?: DiscoveryResult, text = config): Registry {
  const empty = Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
  return result ? empty.updated(new Map([['http', result]])) : empty;
}

describe('explainMissing', () => {
  it('says that there are no rules', () => {
    expect(explainMissing(registry(), queue)).toBe("the adapter's configuration has no externalRules");
  });

  it('says that nothing was listed yet', () => {
    expect(explainMissing(registry(), pods)).toBe('rules[0] (http): its series have not been listed yet');
  });

  it.each<[string, DiscoveryResult, string]>([
    ['no series is selected', [], 'no series is selected'],
    [
      'the listing failed',
      { error: 'bad_data: parse error' },
      'no series is selected; the last listing failed: bad_data',
    ],
    [
      'no series is accepted',
      [{ __name__: 'up', pod: 'a' }],
      'none of its series is accepted: "up" does not match name.matches "^(.*)_total$"',
    ],
    [
      'other metrics are exposed',
      [{ __name__: 'errors_total', pod: 'a' }],
      'it exposes errors, not requests',
    ],
    [
      'the series lack the label',
      [{ __name__: 'requests_total', instance: 'x', job: 'y' }],
      'no series that exposes the metric has the label pod; their labels are instance, job',
    ],
    [
      'the metric is there',
      [{ __name__: 'requests_total', pod: 'a' }],
      'exposes the metric from requests_total',
    ],
  ])('says of each rule that %s', (_, result, text) => {
    expect(explainMissing(registry(result), pods)).toContain(`rules[0] (http): ${text}`);
  });

  it('says that the resource has no label', () => {
    const request = { ...pods, groupResource: { group: '', resource: 'services' } };
    expect(explainMissing(registry([{ __name__: 'requests_total', pod: 'a' }]), request)).toBe(
      'rules[0] (http): unable to convert resource services into label: no generic resource label form specified for ' +
        'this metric; the labels of the series are pod',
    );
  });

  it('says that the cluster does not serve the resource', () => {
    const request = { ...pods, groupResource: { group: 'example.com', resource: 'widgets' } };
    expect(explainMissing(registry([{ __name__: 'requests_total', pod: 'a' }]), request)).toBe(
      'rules[0] (http): the cluster serves no resource widgets.example.com',
    );
  });

  it('says that the metric is served in the other scope only', () => {
    const listed = registry([{ __name__: 'requests_total', pod: 'a', namespace: 'shop' }]);
    expect(explainMissing(listed, { ...pods, namespace: undefined })).toBe(
      'rules[0] (http): it exposes the metric for pods in namespaces only, the request names none',
    );
    const namespaces = { ...pods, groupResource: { group: '', resource: 'namespaces' } };
    expect(explainMissing(listed, namespaces)).toBe(
      'rules[0] (http): it exposes the metric for namespaces at the root only, the request is for namespace shop',
    );
  });

  it('lists up to ten names in full', () => {
    const series = Array.from({ length: 10 }, (_, index) => ({ __name__: `m${index}` }));
    const text = 'externalRules: [{seriesQuery: http, metricsQuery: x}]';
    expect(explainMissing(registry(series, text), queue)).toBe(
      'externalRules[0] (http): it exposes m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, not queue',
    );
  });

  it('has a line for every rule and shortens long lists', () => {
    const series = Array.from({ length: 12 }, (_, index) => ({ __name__: `m${index}` }));
    const text =
      'externalRules: [{seriesQuery: http, metricsQuery: x}, {seriesQuery: other, metricsQuery: x}]';
    expect(explainMissing(registry(series, text), queue).split('\n')).toEqual([
      'externalRules[0] (http): it exposes m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more, not queue',
      'externalRules[1] (other): its series have not been listed yet',
    ]);
  });
});
