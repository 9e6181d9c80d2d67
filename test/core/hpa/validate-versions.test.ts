import { problemsOf, TARGET } from './problems';
import { externalMetric } from './support';

// What the API servers of 1.28 to 1.37 say, from "oracle admit".

const FROM_ZERO = { minReplicas: 0, metrics: [externalMetric('m', { type: 'Value', value: '1' })] };
const NEEDS_METRIC =
  'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas';

function containerResource(name: string): object {
  const target = { type: 'AverageValue', averageValue: '1' };
  return { metrics: [{ type: 'ContainerResource', containerResource: { name, container: 'app', target } }] };
}

describe('validateHpa of other versions', () => {
  const BELOW_MIN = 'must be greater than or equal to `minReplicas`';

  it.each<[number, string[]]>([
    [28, ['Invalid value: 0: must be greater than 0', `Invalid value: 0: ${BELOW_MIN}`]],
    [35, ['Invalid value: 0: must be greater than 0', `Invalid value: 0: ${BELOW_MIN}`]],
    [36, ['Required value: must be set and greater than 0', `Invalid value: 0: ${BELOW_MIN}`]],
    [37, [`Invalid value: 0: ${BELOW_MIN}`, 'Required value']],
  ])('1.%i wants a maximum', (minor, expected) => {
    expect(problemsOf({ maxReplicas: 0 }, { minor })).toEqual(
      expected.map((problem) => `spec.maxReplicas: ${problem}`),
    );
  });

  it('puts the problems of declarative validation last since 1.37', () => {
    const parts = { minReplicas: -1, maxReplicas: -2 };
    const [min, max, below] = [
      'spec.minReplicas: Invalid value: -1: must be greater than or equal to',
      'spec.maxReplicas: Invalid value: -2: must be greater than or equal to 1',
      `spec.maxReplicas: Invalid value: -2: ${BELOW_MIN}`,
    ];
    expect(problemsOf(parts, { minor: 36 })).toEqual([`${min} 1`, max, below]);
    expect(problemsOf(parts, { minor: 37 })).toEqual([below, `${min} 0`, max]);
    // It does not look at what an update leaves as it is, and so the old problems stay in their places.
    expect(problemsOf(parts, { minor: 37, old: parts })).toEqual([`${min} 0`, max, below]);
  });

  it('says everything once since 1.37', () => {
    const required = 'spec.metrics[0].type: Required value: must specify a metric source type';
    const unsupported =
      'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"';
    expect(problemsOf({ metrics: [{}] }, { minor: 36 })).toEqual([required, unsupported, unsupported]);
    expect(problemsOf({ metrics: [{}] }, { minor: 37 })).toEqual([required, unsupported]);
  });

  it('reads the API version of a reference since 1.34', () => {
    const parts = { scaleTargetRef: { kind: 'Deployment', name: 'web' } };
    expect(problemsOf(parts, { minor: 33 })).toEqual([]);
    expect(problemsOf(parts, { minor: 34 })).toEqual([
      'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
    ]);
  });

  it('prints enumerations and quantities as JSON since 1.34', () => {
    const parts = { metrics: [externalMetric('m', { type: '<é>', averageValue: '-1500m' })] };
    const target = 'spec.metrics[0].external.target';
    expect(problemsOf(parts, { minor: 33 })).toEqual([
      `${target}.type: Invalid value: "<é>": must be either Utilization, Value, or AverageValue`,
      `${target}.averageValue: Invalid value: resource.Quantity{i:resource.int64Amount{value:-1500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"-1500m", Format:"DecimalSI"}: must be positive`,
    ]);
    expect(problemsOf(parts, { minor: 34 })).toEqual([
      `${target}.type: Invalid value: "\\u003cé\\u003e": must be either Utilization, Value, or AverageValue`,
      `${target}.averageValue: Invalid value: "-1500m": must be positive`,
    ]);
  });

  it.each([
    [28, '"foo"'],
    [29, 'foo'],
    [33, 'foo'],
    [34, '"foo"'],
  ])('prints the name of a container resource in 1.%i as %s', (minor, text) => {
    const name = 'spec.metrics[0].containerResource.name';
    expect(problemsOf(containerResource('foo'), { minor })).toEqual([
      `${name}: Invalid value: ${text}: must be a standard resource type or fully qualified`,
      `${name}: Invalid value: ${text}: must be a standard resource for containers`,
    ]);
  });

  it.each([
    [28, '"<"', '"<"'],
    [33, '"<"', '<'],
    [34, '"<"', '"\\u003c"'],
    [37, '"\\u003c"', '"\\u003c"'],
  ])('prints a wrong name in 1.%i as %s and %s', (minor, first, second) => {
    const [syntax, standard] = problemsOf(containerResource('<'), { minor });
    expect(syntax).toContain(`Invalid value: ${first}: name part must consist of`);
    expect(standard).toContain(`Invalid value: ${second}: must be a standard resource for containers`);
  });

  it('validates a tolerance where its feature gate is on, which it is since 1.35', () => {
    const parts = { behavior: { scaleUp: { tolerance: '-1' } } };
    const problem =
      'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0';
    expect(problemsOf(parts, { minor: 34 })).toEqual([]);
    expect(problemsOf(parts, { minor: 35 })).toEqual([problem]);
    const [on, off] = [true, false].map((HPAConfigurableTolerance) => ({ HPAConfigurableTolerance }));
    expect(problemsOf(parts, { minor: 33, ...(on && { featureGates: on }) })).toEqual([problem]);
    expect(problemsOf(parts, { minor: 36, ...(off && { featureGates: off }) })).toEqual([]);
    // 1.32 has no such field.
    expect(problemsOf(parts, { minor: 32, ...(on && { featureGates: on }) })).toEqual([]);
  });

  it('allows a minimum of zero with its feature gate, which is on since 1.37', () => {
    const problem = 'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1';
    expect(problemsOf(FROM_ZERO, { minor: 36 })).toEqual([problem]);
    expect(problemsOf(FROM_ZERO, { minor: 37 })).toEqual([]);
    expect(problemsOf(FROM_ZERO, { minor: 28, featureGates: { HPAScaleToZero: true } })).toEqual([]);
    expect(problemsOf(FROM_ZERO, { minor: 37, featureGates: { HPAScaleToZero: false } })).toEqual([problem]);
    expect(problemsOf({ minReplicas: 0 }, { minor: 37 })).toEqual([NEEDS_METRIC]);
  });
});

describe('validateHpa of an update', () => {
  it('keeps a minimum of zero allowed', () => {
    expect(problemsOf(FROM_ZERO, { old: FROM_ZERO })).toEqual([]);
    expect(problemsOf({ minReplicas: 0 }, { old: FROM_ZERO })).toEqual([NEEDS_METRIC]);
    expect(problemsOf({ minReplicas: -1 }, { old: FROM_ZERO })).toEqual([
      'spec.minReplicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect(problemsOf(FROM_ZERO, { old: {} })).toEqual([
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
    ]);
  });

  it('leaves an API version alone unless it or the kind changes', () => {
    const wrong = { scaleTargetRef: { ...TARGET, apiVersion: 'a/b/c' } };
    const renamed = { scaleTargetRef: { ...TARGET, apiVersion: 'a/b/c', name: 'other' } };
    const otherKind = { scaleTargetRef: { ...TARGET, apiVersion: 'a/b/c', kind: 'StatefulSet' } };
    expect(problemsOf(wrong, { old: renamed })).toEqual([]);
    expect(problemsOf(wrong, { old: otherKind })).toEqual([
      'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ]);
  });

  it('lets the target become a ReplicationController, which has no API group', () => {
    const target = { kind: 'ReplicationController', name: 'web' };
    expect(problemsOf({ scaleTargetRef: target }, { old: {} })).toEqual([]);
    expect(problemsOf({ scaleTargetRef: { ...target, apiVersion: 'a/b/c' } }, { old: {} })).toEqual([
      'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ]);
  });

  it('leaves the API versions of described objects alone if one was wrong before', () => {
    const described = (apiVersion: string): object => ({
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion, kind: 'Service', name: 'svc' },
            metric: { name: 'm' },
            target: { type: 'Value', value: '1' },
          },
        },
      ],
    });
    expect(problemsOf(described('a/b/c'), { old: described('x/y/z') })).toEqual([]);
    expect(problemsOf(described('a/b/c'), { old: described('v1') })).toEqual([
      'spec.metrics[0].object.describedObject.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ]);
  });

  it('validates a tolerance if there was one before, whatever the feature gate', () => {
    const parts = { behavior: { scaleUp: { tolerance: '-1' } } };
    const old = { behavior: { scaleDown: { tolerance: '0.1' } } };
    expect(problemsOf(parts, { minor: 34, old })).toEqual([
      'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });

  it.each<[string, string[]]>([
    ['Web', []],
    ['', ['metadata.name: Required value: name or generateName is required']],
    ['..', [`metadata.name: Invalid value: "..": may not be '..'`]],
    ['a/b', [`metadata.name: Invalid value: "a/b": may not contain '/'`]],
  ])('takes the name "%s" for given', (name, expected) => {
    expect(problemsOf({}, { name, old: {} })).toEqual(expected);
  });
});
