import { defaultHpa, hpaConfig, parseHpaSpec, validateHpa } from '../../../core/hpa';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { cpuMetric, externalMetric, objectMetric, podsMetric, specOf } from './support';

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

  it.each([
    [{ maxReplicas: '10' }, /maxReplicas/],
    [{ maxReplicas: 1.5 }, /maxReplicas/],
    [{ minReplica: 2 }, /minReplica/],
    [{ metrics: [{ type: 'Pods' }] }, /metrics\.0\.pods/],
    [{ metrics: [{ type: 'Podz' }] }, /metrics\.0\.type/],
    [
      { metrics: [podsMetric('qps', 'ten')] },
      /metrics\.0\.pods\.target\.averageValue: invalid quantity "ten"/,
    ],
    [
      { metrics: [{ type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue' } } }] },
      /averageValue/,
    ],
    [{ behavior: { scaleUp: { selectPolicy: 'Most' } } }, /behavior\.scaleUp\.selectPolicy/],
    [
      { metrics: [externalMetric('lag', {}, { matchExpressions: [{ key: 'a', operator: 'In' }] })] },
      /operators In and NotIn need values/,
    ],
  ])('refuses %j', (parts, message) => {
    expect(() => parse(parts)).toThrow(UsageError);
    expect(() => parse(parts)).toThrow(/^HorizontalPodAutoscaler default\/web: invalid spec: /);
    expect(() => parse(parts)).toThrow(message);
  });
});

describe('defaultHpa', () => {
  it('asks for one replica and 80 % of the CPU request', () => {
    expect(specOf({})).toEqual({
      scaleTargetRef: TARGET,
      maxReplicas: 10,
      minReplicas: 1,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
      behavior: undefined,
    });
    expect(specOf({ metrics: [] }).metrics).toHaveLength(1);
  });

  const scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  };
  const scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

  it('fills both directions of a behavior that is present', () => {
    expect(specOf({ behavior: {} }).behavior).toEqual({ scaleUp, scaleDown });
  });

  it('replaces a list of policies as a whole and keeps the other fields', () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }];
    const { behavior } = specOf({
      behavior: { scaleUp: { policies }, scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: 'Min' } },
    });
    expect(behavior).toEqual({
      scaleUp: { ...scaleUp, policies },
      scaleDown: { ...scaleDown, stabilizationWindowSeconds: 60, selectPolicy: 'Min' },
    });
  });

  it('does not change the spec it is given, and changes a defaulted one no further', () => {
    const spec = parse({ behavior: { scaleUp: {} } });
    const once = defaultHpa(spec);
    expect(spec).toEqual(parse({ behavior: { scaleUp: {} } }));
    expect(defaultHpa(once)).toEqual(once);
  });
});

describe('validateHpa', () => {
  const problems = (parts: object, name = 'web'): string[] => validateHpa(parse(parts), name);
  const policy = (parts: object): object => ({
    behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60, ...parts }] } },
  });
  const container = (name: string): object => ({
    type: 'ContainerResource',
    containerResource: { name: '', container: name, target: { type: 'AverageValue', averageValue: '1' } },
  });

  it('accepts what is valid', () => {
    expect(
      problems({
        minReplicas: 10,
        metrics: [
          cpuMetric(1),
          podsMetric('qps', '1m'),
          objectMetric({ type: 'Value', value: '1', averageValue: '1' }),
          externalMetric('lag', { type: 'Value', value: '1' }),
        ],
        behavior: { scaleUp: { tolerance: '0', stabilizationWindowSeconds: 3600 }, scaleDown: {} },
      }),
    ).toEqual([]);
    expect(problems(policy({ periodSeconds: 1800 }))).toEqual([]);
    expect(problems({ scaleTargetRef: { kind: 'ReplicationController', name: 'web' } })).toEqual([]);
  });

  it.each([
    [
      { maxReplicas: 0 },
      [
        'spec.maxReplicas: Required value: must be set and greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      { maxReplicas: -1 },
      [
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      { minReplicas: 11 },
      ['spec.maxReplicas: Invalid value: 10: must be greater than or equal to `minReplicas`'],
    ],
    [{ minReplicas: -1 }, ['spec.minReplicas: Invalid value: -1: must be greater than or equal to 1']],
    [{ scaleTargetRef: { ...TARGET, kind: '' } }, ['spec.scaleTargetRef.kind: Required value']],
    [
      { scaleTargetRef: { ...TARGET, name: 'a/%' } },
      [
        `spec.scaleTargetRef.name: Invalid value: "a/%": may not contain '/'`,
        `spec.scaleTargetRef.name: Invalid value: "a/%": may not contain '%'`,
      ],
    ],
    [
      { scaleTargetRef: { ...TARGET, name: '..' } },
      [`spec.scaleTargetRef.name: Invalid value: "..": may not be '..'`],
    ],
    [
      { scaleTargetRef: { ...TARGET, apiVersion: 'v1' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
    ],
    [
      { scaleTargetRef: { ...TARGET, apiVersion: 'a/b/c' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
    ],
    [
      { metrics: [cpuMetric(0)] },
      ['spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0'],
    ],
    [
      { metrics: [podsMetric('', '0')] },
      [
        'spec.metrics[0].pods.metric.name: Required value: must specify a metric name',
        'spec.metrics[0].pods.target.averageValue: Invalid value: "0": must be positive',
      ],
    ],
    [
      { metrics: [{ type: 'Resource', resource: { name: '', target: { type: 'Value', value: '-1' } } }] },
      [
        'spec.metrics[0].resource.name: Required value: must specify a resource name',
        'spec.metrics[0].resource.target.value: Invalid value: "-1": must be positive',
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      {
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Value', averageValue: '1', averageUtilization: 1 } },
          },
        ],
      },
      [
        'spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization',
      ],
    ],
    [
      { metrics: [container('')] },
      [
        'spec.metrics[0].containerResource.name: Required value: must specify a resource name',
        'spec.metrics[0].containerResource.container: Required value: must specify a container',
      ],
    ],
    [
      { metrics: [objectMetric({ type: 'Value' })] },
      [
        'spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue',
      ],
    ],
    [
      { metrics: [externalMetric('lag', { type: 'Value' })] },
      [
        'spec.metrics[0].external.target.averageValue: Required value: must set either a target value for metric or a per-pod target',
      ],
    ],
    [
      { metrics: [externalMetric('lag', { type: 'Value', value: '1', averageValue: '1' })] },
      [
        'spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
      ],
    ],
    [
      { behavior: { scaleDown: { stabilizationWindowSeconds: -1 } } },
      [
        'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero',
      ],
    ],
    [
      { behavior: { scaleDown: { stabilizationWindowSeconds: 3601 } } },
      [
        'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
      ],
    ],
    [
      { behavior: { scaleDown: { policies: [] } } },
      ['spec.behavior.scaleDown.policies: Required value: must specify at least one Policy'],
    ],
    [
      { behavior: { scaleUp: { tolerance: '-1' } } },
      ['spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      policy({ value: 0 }),
      ['spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero'],
    ],
    [
      policy({ periodSeconds: 0 }),
      ['spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 0: must be greater than zero'],
    ],
    [
      policy({ periodSeconds: 1801 }),
      [
        'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
      ],
    ],
  ])('reports %j', (parts, expected) => {
    expect(problems(parts)).toEqual(expected);
  });

  it('reports names that are not valid', () => {
    expect(problems({}, 'Web')[0]).toMatch(
      /^metadata\.name: Invalid value: "Web": a lowercase RFC 1123 subdomain/,
    );
    expect(problems({}, 'w'.repeat(254))[0]).toMatch(/must be no more than 253 bytes$/);
    expect(problems({ metrics: [container('App')] })[1]).toMatch(/"App": a lowercase RFC 1123 label/);
    expect(problems({ metrics: [container('a'.repeat(64))] })[1]).toMatch(/must be no more than 63 bytes$/);
  });

  it('allows a minimum of zero with its feature gate and a metric that can leave zero', () => {
    const gated = hpaConfig({ kubernetes: '1.37' });
    const zero = (metric: object): string[] =>
      validateHpa(parse({ minReplicas: 0, metrics: [metric] }), 'web', gated);
    expect(zero(objectMetric({ type: 'Value', value: '1' }))).toEqual([]);
    expect(zero(cpuMetric(50))).toEqual([
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ]);
    expect(
      validateHpa(parse({ minReplicas: 0, metrics: [objectMetric({ type: 'Value', value: '1' })] }), 'web'),
    ).toEqual(['spec.minReplicas: Invalid value: 0: must be greater than or equal to 1']);
  });
});

describe('hpaConfig', () => {
  it('has the defaults of 1.36', () => {
    expect(hpaConfig()).toEqual({
      kubernetes: '1.36',
      minor: 36,
      tolerance: 0.1,
      downscaleStabilizationMs: 300_000,
      cpuInitializationMs: 300_000,
      initialReadinessDelayMs: 30_000,
      featureGates: { HPAConfigurableTolerance: true, HPAScaleToZero: false, PodLevelResources: true },
    });
  });

  it.each([
    ['1.33', []],
    ['1.34', ['PodLevelResources']],
    ['1.35', ['HPAConfigurableTolerance', 'PodLevelResources']],
    ['1.36', ['HPAConfigurableTolerance', 'PodLevelResources']],
    ['1.37', ['HPAConfigurableTolerance', 'HPAScaleToZero', 'PodLevelResources']],
  ])('has the feature gates that are on by default in %s', (kubernetes, on) => {
    const gates = Object.entries(hpaConfig({ kubernetes }).featureGates);
    expect(gates.flatMap(([gate, enabled]) => (enabled ? [gate] : []))).toEqual(on);
  });

  it.each(['1.31', '1.38', '1.36.4', 'v1.36', '2.1', ''])('refuses the version "%s"', (kubernetes) => {
    expect(() => hpaConfig({ kubernetes })).toThrow(NotSupportedError);
  });

  it('turns single feature gates on or off', () => {
    const { featureGates } = hpaConfig({
      kubernetes: '1.33',
      featureGates: { HPAConfigurableTolerance: true },
    });
    expect(featureGates).toEqual({
      HPAConfigurableTolerance: true,
      HPAScaleToZero: false,
      PodLevelResources: false,
    });
  });
});
