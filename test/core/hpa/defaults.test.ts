import { defaultHpa, parseHpaSpec } from '../../../core/hpa';
import { specOf } from './support';

const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function parse(parts: object): ReturnType<typeof parseHpaSpec> {
  return parseHpaSpec({ scaleTargetRef: TARGET, maxReplicas: 10, ...parts }, 'test');
}

const SCALE_UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

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
    expect(specOf({ minReplicas: 0 }).minReplicas).toBe(0);
  });

  it('does not change the spec it is given, and changes a defaulted one no further', () => {
    const spec = parse({ behavior: { scaleUp: {} } });
    const once = defaultHpa(spec);
    expect(spec).toEqual(parse({ behavior: { scaleUp: {} } }));
    expect(defaultHpa(once)).toEqual(once);
  });

  it.each([
    { metrics: [{ type: 'Podz' }] },
    { metrics: [{ type: 'Resource' }] },
    { metrics: [{ type: 'ContainerResource' }] },
    { metrics: [{ type: 'Object' }] },
    { metrics: [{ type: 'External', external: { metric: { name: 'lag' }, target: { type: 'Most' } } }] },
    { metrics: [{ type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue' } } }] },
    { behavior: { scaleUp: { selectPolicy: 'Most' } } },
    { behavior: { scaleDown: { policies: [{ type: 'Nodes', value: 1, periodSeconds: 1 }] } } },
  ])('wants a validated spec, not %j', (parts) => {
    expect(() => defaultHpa(parse(parts))).toThrow(
      new Error('the spec of a HorizontalPodAutoscaler was not validated'),
    );
  });
});

/** The cases of upstream's `v2/defaults_test.go`. */
describe('the default behavior', () => {
  const pods = (value: number, periodSeconds: number): object => ({ type: 'Pods', value, periodSeconds });
  const percent = (value: number, periodSeconds: number): object => ({
    type: 'Percent',
    value,
    periodSeconds,
  });

  it('is none if none is written', () => {
    expect(specOf({ behavior: null }).behavior).toBeUndefined();
  });

  it('is that of both directions if it is written at all', () => {
    expect(specOf({ behavior: {} }).behavior).toEqual({ scaleUp: SCALE_UP, scaleDown: SCALE_DOWN });
    expect(specOf({ behavior: { scaleUp: null, scaleDown: {} } }).behavior).toEqual({
      scaleUp: SCALE_UP,
      scaleDown: SCALE_DOWN,
    });
  });

  it.each([
    ['no rules', {}, SCALE_DOWN],
    [
      'all parameters',
      { stabilizationWindowSeconds: 25, selectPolicy: 'Max', policies: [pods(1, 2), percent(3, 4)] },
      { stabilizationWindowSeconds: 25, selectPolicy: 'Max', policies: [pods(1, 2), percent(3, 4)] },
    ],
    [
      'a percent policy',
      { selectPolicy: 'Min', policies: [percent(1, 2)] },
      { selectPolicy: 'Min', policies: [percent(1, 2)] },
    ],
    ['a pods policy', { policies: [pods(3, 4)] }, { selectPolicy: 'Max', policies: [pods(3, 4)] }],
  ])('completes scale-down rules with %s', (_, scaleDown, expected) => {
    expect(specOf({ behavior: { scaleDown } }).behavior).toEqual({ scaleUp: SCALE_UP, scaleDown: expected });
  });

  it.each([
    ['no rules', {}, SCALE_UP],
    [
      'all parameters',
      { stabilizationWindowSeconds: 25, selectPolicy: 'Max', policies: [pods(1, 2), percent(3, 4)] },
      { stabilizationWindowSeconds: 25, selectPolicy: 'Max', policies: [pods(1, 2), percent(3, 4)] },
    ],
    [
      'a pods policy',
      { selectPolicy: 'Min', policies: [pods(1, 2)] },
      { stabilizationWindowSeconds: 0, selectPolicy: 'Min', policies: [pods(1, 2)] },
    ],
    ['a percent policy', { policies: [percent(7, 10)] }, { ...SCALE_UP, policies: [percent(7, 10)] }],
    [
      'a pods policy and a window',
      { stabilizationWindowSeconds: 25, policies: [pods(4, 2)] },
      { stabilizationWindowSeconds: 25, selectPolicy: 'Max', policies: [pods(4, 2)] },
    ],
    ['a window alone', { stabilizationWindowSeconds: 100 }, { ...SCALE_UP, stabilizationWindowSeconds: 100 }],
  ])('completes scale-up rules with %s', (_, scaleUp, expected) => {
    expect(specOf({ behavior: { scaleUp } }).behavior).toEqual({ scaleUp: expected, scaleDown: SCALE_DOWN });
  });

  it('keeps a tolerance and adds none', () => {
    const { behavior } = specOf({ behavior: { scaleUp: { tolerance: '0.5', policies: [percent(7, 10)] } } });
    expect(behavior?.scaleUp.tolerance?.toString()).toBe('500m');
    expect(behavior?.scaleUp.policies).toEqual([percent(7, 10)]);
    expect(behavior?.scaleDown.tolerance).toBeUndefined();
  });
});
