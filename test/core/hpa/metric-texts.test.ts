import { hpaConfig, type HpaResult, initialState, type MetricsClient, reconcile } from '../../../core/hpa';
import { goText } from '../../../core/hpa/controller/selector-text';
import {
  client,
  cpuMetric,
  externalMetric,
  inputsOf,
  NOW,
  objectMetric,
  podsMetric,
  proposalsOf,
  samples,
  specOf,
} from './support';

function once(metric: object, metrics: MetricsClient): HpaResult {
  return reconcile(
    initialState(),
    inputsOf(2, { spec: specOf({ metrics: [metric] }), metrics }),
    NOW,
    hpaConfig(),
  );
}

describe('a metric selector that cannot be used', () => {
  it('is worded as each version does, whatever another said of the same spec', () => {
    const metric = { name: 'lag', selector: { matchLabels: { ['a'.repeat(64)]: '' } } };
    const target = { type: 'Value', value: '1' };
    const spec = specOf({ metrics: [{ type: 'External', external: { metric, target } }] });
    const text = (kubernetes: string): unknown => {
      const inputs = inputsOf(2, { spec, metrics: client({}) });
      return reconcile(initialState(), inputs, NOW, hpaConfig({ kubernetes })).events[0]?.message;
    };
    const [old, recent] = [text('1.28'), text('1.37')];
    expect([old, recent]).toEqual([
      expect.stringContaining('must be no more than 63 characters'),
      expect.stringContaining('must be no more than 63 bytes'),
    ]);
    expect([text('1.28'), text('1.37')]).toEqual([old, recent]);
  });
});

describe('texts of each kind of metric', () => {
  const service = 'Service on default svc/';
  const selector = {
    matchLabels: { b: '2', a: '1', c: '3' },
    matchExpressions: [
      { key: 'x', operator: 'In', values: ['1', '2'] },
      { key: 'y', operator: 'Exists' },
    ],
  };
  const selectorText =
    '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,c: 3,},MatchExpressions:[]LabelSelectorRequirement{' +
    'LabelSelectorRequirement{Key:x,Operator:In,Values:[1 2],},' +
    'LabelSelectorRequirement{Key:y,Operator:Exists,Values:[],},},}';
  const container = (target: object): object => ({
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container: 'app', target },
  });
  const resource = (name: string, target: object): object => ({
    type: 'Resource',
    resource: { name, target },
  });
  const perPod = { type: 'AverageValue', averageValue: '100m' };
  const total = { type: 'Value', value: '100m' };

  it.each([
    ['cpu resource utilization (percentage of request)', cpuMetric(50), '50%', '80%'],
    [
      'cpu container resource utilization (percentage of request)',
      container({ type: 'Utilization', averageUtilization: 50 }),
      '50%',
      '160%',
    ],
    ['cpu resource', container(perPod), '100m', '1600m'],
    ['cpu resource', resource('cpu', perPod), '100m', '1600m'],
    ['memory resource', resource('memory', { type: 'AverageValue', averageValue: '1' }), '1', '1600m'],
    ['Service metric depth', objectMetric(total), '100m', '600m'],
    ['external metric depth(nil)', objectMetric(perPod), '100m', '300m'],
    ['external metric lag(nil)', externalMetric('lag', total), '100m', '700m'],
    [`external metric lag(${selectorText})`, externalMetric('lag', perPod, selector), '100m', '350m'],
  ])('%s', (name, metric, target, current) => {
    const metrics = client({
      resource: samples([1600, 1600]),
      object: 600,
      external: { lag: [500, 200] },
    });
    const result = once(metric, metrics);
    expect(proposalsOf(result)).toMatchObject([{ metric: name, target, current }]);
    expect(result.rescaleReason).toBe(`${name} above target`);
    expect(result.status.currentMetrics).toMatchObject(
      [metric].map((each) => ({ type: 'type' in each && each.type })),
    );
  });

  it.each([
    [
      cpuMetric(50),
      'failed to get cpu utilization: unable to get metrics for resource cpu: E',
      'failed to get cpu resource metric value: ',
    ],
    [
      resource('cpu', perPod),
      'failed to get cpu usage: unable to get metrics for resource cpu: E',
      'failed to get cpu resource metric value: ',
    ],
    [
      container(perPod),
      'failed to get cpu usage: unable to get metrics for resource cpu: E',
      'failed to get app container metric value: ',
    ],
    [podsMetric('qps', '1'), 'unable to get metric qps: E', 'failed to get pods metric value: '],
    [objectMetric(total), `unable to get metric depth: ${service}E`, 'failed to get object metric value: '],
    [
      objectMetric(perPod),
      `unable to get metric depth: ${service}E`,
      'failed to get object metric value: failed to get depth object metric: ',
    ],
    [
      externalMetric('lag', total),
      'unable to get external metric default/lag/nil: E',
      'failed to get lag external metric value: failed to get external metric lag: ',
    ],
    [
      externalMetric('lag', perPod),
      'unable to get external metric default/lag/nil: E',
      'failed to get lag external metric value: failed to get lag external metric: ',
    ],
    [
      objectMetric({ type: 'Value', averageValue: '1' }),
      'invalid object metric source: neither a value target nor an average value target was set',
      'failed to get object metric value: ',
    ],
  ])('the errors of %j', (metric, error, prefix) => {
    const E = { error: 'E' };
    const metrics = client({ resource: E, pods: { qps: E }, object: E, external: { lag: E } });
    const result = once(metric, metrics);
    expect(result.events.map(({ message }) => message)).toEqual([
      error,
      `invalid metrics (1 invalid out of 1), first error is: ${prefix}${error}`,
    ]);
  });

  it.each([externalMetric('lag', { type: 'Value' }), resource('cpu', { type: 'Utilization' })])(
    'there are none for %j, which the API server refuses',
    (metric) => {
      expect(() => specOf({ metrics: [metric] })).toThrow('was not validated');
    },
  );

  it('names an object in the right order since 1.37', () => {
    const spec = specOf({ metrics: [objectMetric(total)] });
    const inputs = inputsOf(2, { spec, metrics: client({ object: { error: 'E' } }) });
    const result = reconcile(initialState(), inputs, NOW, hpaConfig({ kubernetes: '1.37' }));
    expect(result.events[0]?.message).toBe('unable to get metric depth on Service default/svc: E');
  });

  it('leaves out the object of an average up to 1.32', () => {
    const spec = specOf({ metrics: [objectMetric(perPod)] });
    const inputs = inputsOf(2, { spec, metrics: client({ object: 600 }) });
    const result = reconcile(initialState(), inputs, NOW, hpaConfig({ kubernetes: '1.32' }));
    expect(result.status.currentMetrics).toMatchObject([
      { object: { describedObject: { kind: '', name: '' } } },
    ]);
    const next = reconcile(initialState(), inputs, NOW, hpaConfig({ kubernetes: '1.33' }));
    expect(next.status.currentMetrics).toMatchObject([
      { object: { describedObject: { kind: 'Service', name: 'svc' } } },
    ]);
  });

  it.each([
    ['1.34', '1Mi'],
    ['1.33', '1048576'],
  ])('writes memory in the units of %s', (kubernetes, averageValue) => {
    const spec = specOf({ metrics: [resource('memory', { type: 'AverageValue', averageValue: '1Mi' })] });
    const metrics = client({ resource: samples([1_048_576_000]) });
    const result = reconcile(initialState(), inputsOf(1, { spec, metrics }), NOW, hpaConfig({ kubernetes }));
    expect(JSON.parse(JSON.stringify(result.status.currentMetrics))).toEqual([
      { type: 'Resource', resource: { name: 'memory', current: { averageValue } } },
    ]);
  });
});

it.each([
  [undefined, 'nil'],
  [{}, '&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{},}'],
  [
    { matchLabels: { a: '1' } },
    '&LabelSelector{MatchLabels:map[string]string{a: 1,},MatchExpressions:[]LabelSelectorRequirement{},}',
  ],
])('the selector %j is written as Go prints it', (selector, text) => {
  expect(goText(selector)).toBe(text);
});
