import { hpaConfig, parseHpaSpec } from '../../../core/hpa';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { cpuMetric, externalMetric, objectMetric, podsMetric } from './support';

const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function parse(parts: object): ReturnType<typeof parseHpaSpec> {
  return parseHpaSpec(
    { scaleTargetRef: TARGET, maxReplicas: 10, ...parts },
    'HorizontalPodAutoscaler default/web',
  );
}

describe('parseHpaSpec', () => {
  it('reads every kind of metric and all of behavior', () => {
    const spec = parse({
      metrics: [
        cpuMetric(50),
        podsMetric('qps', '10'),
        objectMetric({ type: 'Value', value: 3 }),
        externalMetric('lag', { type: 'AverageValue', averageValue: '30' }, { matchLabels: { queue: 'a' } }),
      ],
      behavior: { scaleDown: { selectPolicy: 'Disabled', tolerance: '0.05' } },
    });
    expect(spec.metrics?.map(({ type }) => type)).toEqual(['Resource', 'Pods', 'Object', 'External']);
    expect(spec.behavior?.scaleDown?.tolerance?.approximateFloat()).toBe(0.05);
  });

  it('leaves what is missing at the zero values of Go', () => {
    expect(parseHpaSpec(undefined, 'test')).toEqual({
      scaleTargetRef: { kind: '', name: '' },
      maxReplicas: 0,
    });
    expect(parse({ metrics: [{ object: {} }, {}] }).metrics).toEqual([
      {
        type: '',
        object: { describedObject: { kind: '', name: '' }, metric: { name: '' }, target: { type: '' } },
      },
      { type: '' },
    ]);
    expect(parse({ behavior: { scaleUp: { policies: [{}] } } }).behavior).toEqual({
      scaleUp: { policies: [{ type: '', value: 0, periodSeconds: 0 }] },
    });
  });

  it('takes null for absent', () => {
    const nothing = { minReplicas: null, maxReplicas: null, metrics: null, behavior: null };
    expect(parse(nothing)).toEqual({ scaleTargetRef: TARGET, maxReplicas: 0 });
    expect(parse({ scaleTargetRef: null }).scaleTargetRef).toEqual({ kind: '', name: '' });
    expect(parse({ metrics: [null] }).metrics).toEqual([{ type: '' }]);
    expect(
      parse({ behavior: { scaleUp: { policies: [null] }, scaleDown: { policies: null } } }).behavior,
    ).toEqual({ scaleUp: { policies: [{ type: '', value: 0, periodSeconds: 0 }] }, scaleDown: {} });
    const selector = { matchLabels: { a: null }, matchExpressions: [{ values: [null] }, null] };
    const [metric] = parse({ metrics: [externalMetric('lag', {}, selector)] }).metrics ?? [];
    expect(metric?.external?.metric.selector).toEqual({
      matchLabels: { a: '' },
      matchExpressions: [
        { key: '', operator: '', values: [''] },
        { key: '', operator: '' },
      ],
    });
  });

  it.each([
    { metrics: [{ type: 'Podz' }] },
    { metrics: [{ type: 'Pods' }] },
    { metrics: [{ ...podsMetric('qps', '1'), ...cpuMetric(50) }] },
    { metrics: [{ type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue' } } }] },
    { metrics: [{ type: 'External', external: { target: { type: 'Most', value: '-1' } } }] },
    { metrics: [externalMetric('lag', {}, { matchExpressions: [{ key: '-', operator: 'Like' }] })] },
    { behavior: { scaleUp: { selectPolicy: 'Most', policies: [{ type: 'Nodes' }] } } },
    { minReplicas: -2147483648, maxReplicas: 2147483647 },
  ])('leaves the values of %j to validation', (parts) => {
    expect(() => parse(parts)).not.toThrow();
  });

  it.each([
    [{ maxReplicas: '10' }, /maxReplicas: expected number, received string$/],
    [{ maxReplicas: 1.5 }, /maxReplicas: expected int, received number$/],
    [{ maxReplicas: 2147483648 }, /maxReplicas: Too big/],
    [{ minReplicas: -2147483649 }, /minReplicas: Too small/],
    [{ minReplica: 2 }, /Unrecognized key: "minReplica"$/],
    [{ minReplica: null }, /Unrecognized key: "minReplica"$/],
    [{ metrics: {} }, /metrics: expected array, received object$/],
    [{ metrics: [{ type: 'Pods', pods: [] }] }, /metrics\.0\.pods: expected object, received array$/],
    [{ metrics: [{ ...cpuMetric(50), memory: {} }] }, /metrics\.0: Unrecognized key: "memory"$/],
    [{ scaleTargetRef: { ...TARGET, kind: 1 } }, /scaleTargetRef\.kind: expected string, received number$/],
    [
      { metrics: [podsMetric('qps', 'ten')] },
      /metrics\.0\.pods\.target\.averageValue: invalid quantity "ten"/,
    ],
    [{ metrics: [podsMetric('qps', '')] }, /averageValue: invalid quantity ""/],
    [{ metrics: [podsMetric('qps', '1\t')] }, /averageValue: invalid quantity "1\t"/],
    [{ behavior: { scaleUp: { tolerance: true } } }, /behavior\.scaleUp\.tolerance: /],
    [
      { metrics: [externalMetric('lag', {}, { matchLabels: { a: 1 } })] },
      /external\.metric\.selector\.matchLabels\.a: expected string, received number$/,
    ],
  ])('refuses %j', (parts, message) => {
    expect(() => parse(parts)).toThrow(UsageError);
    expect(() => parse(parts)).toThrow(/^HorizontalPodAutoscaler default\/web: invalid spec: /);
    expect(() => parse(parts)).toThrow(message);
  });

  it('trims quantities as Go does in JSON', () => {
    const [metric] = parse({ metrics: [podsMetric('qps', '\xa01 ')] }).metrics ?? [];
    expect(metric?.pods?.target.averageValue?.toString()).toBe('1');
  });
});

describe('hpaConfig', () => {
  it('has the defaults of 1.36', () => {
    expect(hpaConfig()).toMatchObject({
      kubernetes: '1.36',
      minor: 36,
      tolerance: 0.1,
      featureGates: {
        HPAConfigurableTolerance: true,
        HPAScaleToZero: false,
        PodLevelResources: true,
        HPAGeneration: false,
      },
    });
  });

  it.each([
    ['1.28', []],
    ['1.33', []],
    ['1.34', ['PodLevelResources']],
    ['1.35', ['HPAConfigurableTolerance', 'PodLevelResources']],
    ['1.36', ['HPAConfigurableTolerance', 'PodLevelResources']],
    ['1.37', ['HPAConfigurableTolerance', 'HPAScaleToZero', 'PodLevelResources', 'HPAGeneration']],
  ])('has the feature gates that are on by default in %s', (kubernetes, on) => {
    const gates = Object.entries(hpaConfig({ kubernetes }).featureGates);
    expect(gates.flatMap(([gate, enabled]) => (enabled ? [gate] : []))).toEqual(on);
  });

  it.each(['1.27', '1.38', '1.36.4', 'v1.36', '2.1', ''])('refuses the version "%s"', (kubernetes) => {
    expect(() => hpaConfig({ kubernetes })).toThrow(NotSupportedError);
  });

  it('turns single feature gates on or off', () => {
    const { featureGates } = hpaConfig({
      kubernetes: '1.33',
      featureGates: { HPAConfigurableTolerance: true },
    });
    expect(featureGates).toMatchObject({ HPAConfigurableTolerance: true, HPAScaleToZero: false });
  });
});
