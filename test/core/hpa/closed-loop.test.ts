import { hpaConfig, type HpaResult } from '../../../core/hpa';
import {
  ClosedLoop,
  conditionTexts,
  type Metrics,
  MILLISECOND,
  MINUTE,
  objectMetric,
  podsMetric,
  proposalsOf,
  samples,
  SECOND,
  specOf,
} from './support';

/** A real sync comes a little more than its period after the one before. */
const REAL_PERIOD = 15 * SECOND + 3 * MILLISECOND;

/** One gauge as the value of a Service, whatever the number of replicas: an integrating law. */
function gauge(value: (now: number) => number, behavior: object = {}, replicas = 1): ClosedLoop {
  const spec = specOf({ metrics: [objectMetric({ type: 'Value', value: '10' })], ...behavior });
  return new ClosedLoop(spec, replicas, (_replicas, now) => ({
    object: Math.round(value(now) * 1000),
  }));
}

function last(results: readonly HpaResult[]): HpaResult {
  const result = results.at(-1);
  if (!result) throw new Error('no sync');
  return result;
}

describe('a gauge behind a Service, target 10, one to ten replicas', () => {
  it('stays at one replica on target', () => {
    const result = last([gauge(() => 10).sync(0)]);
    expect(result.scaleTo).toBeUndefined();
    expect(proposalsOf(result)).toEqual([
      { metric: 'Service metric depth', current: '10', target: '10', replicas: 1 },
    ]);
    expect(conditionTexts(result)).toContain('AbleToScale=True/ReadyForNewScale');
  });

  it('at 50 grows 4, 8, 10 without behavior', () => {
    const loop = gauge(() => 50);
    const results = [0, 15, 30].map((seconds) => loop.sync(seconds * SECOND));
    expect(results.map(({ scaleTo }) => scaleTo)).toEqual([4, 8, 10]);
    expect(results.flatMap(({ events }) => events.map(({ message }) => message))).toEqual([
      'New size: 4; reason: Service metric depth above target',
      'New size: 8; reason: Service metric depth above target',
      'New size: 10; reason: Service metric depth above target',
    ]);
    expect(results.map((result) => conditionTexts(result).at(-1))).toEqual([
      'ScalingLimited=True/ScaleUpLimit',
      'ScalingLimited=True/ScaleUpLimit',
      'ScalingLimited=True/TooManyReplicas',
    ]);
  });

  it('at 50 grows 5, 10 with the default behavior', () => {
    expect(gauge(() => 50, { behavior: {} }).run(0, 30 * SECOND)).toEqual([5, 10, 10]);
  });

  it('at 50 grows 4, 8, 10 with three pods or double in 15 s', () => {
    const policies = [
      { type: 'Percent', value: 100, periodSeconds: 15 },
      { type: 'Pods', value: 3, periodSeconds: 15 },
    ];
    expect(gauge(() => 50, { behavior: { scaleUp: { policies } } }).run(0, 30 * SECOND)).toEqual([4, 8, 10]);
  });

  it('at 5 halves every five minutes', () => {
    const loop = gauge(() => 5, {}, 10);
    loop.run(0, 25 * MINUTE, REAL_PERIOD);
    expect(loop.rescales.map(({ replicas }) => replicas)).toEqual([5, 3, 2, 1]);
    for (const [index, { at }] of loop.rescales.entries()) {
      const expected = (index + 1) * 5 * MINUTE;
      expect(at).toBeGreaterThan(expected);
      expect(at).toBeLessThan(expected + MINUTE + 15 * SECOND);
    }
  });

  it('says why it waits', () => {
    const loop = gauge(() => 5, {}, 10);
    expect(loop.sync(0).status.conditions[0]).toMatchObject({
      reason: 'ScaleDownStabilized',
      message:
        'recent recommendations were higher than current one, applying the highest recent recommendation',
    });
  });

  it('at 0 falls to one replica after five minutes', () => {
    const loop = gauge(() => 0, {}, 10);
    loop.run(0, 6 * MINUTE, REAL_PERIOD);
    expect(loop.rescales).toEqual([{ at: 20 * REAL_PERIOD, replicas: 1 }]);
  });

  it.each([
    [10.9, 1],
    [11.1, 2],
  ])('at %d keeps or leaves one replica: %d', (value, replicas) => {
    expect(gauge(() => value).run(0, 0)).toEqual([replicas]);
  });
});

/** The counts of an autoscaler whose metric asks for exactly the listed ones, one a minute, without a dead band. */
function recommending(behavior: object, replicas: number, ...counts: readonly number[]): number[] {
  const spec = specOf({ maxReplicas: 10_000, metrics: [podsMetric('load', '1')], behavior });
  const loop = new ClosedLoop(
    spec,
    replicas,
    (current, now): Metrics => {
      const total = counts[Math.min(now / MINUTE, counts.length - 1)] ?? 0;
      return { pods: { load: samples(Array<number>(current).fill(Math.floor((total * 1000) / current))) } };
    },
    hpaConfig({ tolerance: 0 }),
  );
  return loop.run(0, (counts.length - 1) * MINUTE, MINUTE);
}

describe('the stories of KEP-853', () => {
  it('1: scale up as fast as possible', () => {
    const policies = [{ type: 'Percent', value: 900, periodSeconds: 60 }];
    const counts = recommending({ scaleUp: { policies } }, 1, 10_000, 10_000, 10_000, 10_000);
    expect(counts).toEqual([10, 100, 1000, 10_000]);
  });

  it('2: scale up as fast as possible, and down very gradually', () => {
    const behavior = {
      scaleUp: { policies: [{ type: 'Percent', value: 900, periodSeconds: 60 }] },
      scaleDown: {
        stabilizationWindowSeconds: 0,
        policies: [{ type: 'Pods', value: 1, periodSeconds: 600 }],
      },
    };
    const counts = recommending(behavior, 1000, ...Array<number>(21).fill(1));
    expect(counts).toEqual([...Array<number>(10).fill(999), ...Array<number>(10).fill(998), 997]);
  });

  it('3: scale up very gradually', () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }];
    expect(recommending({ scaleUp: { policies } }, 1, 9, 9, 9, 9)).toEqual([2, 3, 4, 5]);
  });

  it('4: never scale down', () => {
    const counts = recommending({ scaleDown: { selectPolicy: 'Disabled' } }, 4, ...Array<number>(12).fill(1));
    expect(counts).toEqual(Array<number>(12).fill(4));
  });

  it('5: scale down to the largest recommendation of ten minutes', () => {
    const behavior = {
      scaleDown: {
        stabilizationWindowSeconds: 600,
        policies: [{ type: 'Pods', value: 5, periodSeconds: 600 }],
      },
    };
    const counts = recommending(behavior, 10, 10, 9, 8, 9, 9, 8, 9, 8, 9, 8, 7);
    expect(counts).toEqual([...Array<number>(10).fill(10), 9]);
  });

  it('6: scale up to the smallest recommendation of five minutes', () => {
    const behavior = { scaleUp: { stabilizationWindowSeconds: 300 } };
    expect(recommending(behavior, 2, 2, 3, 19, 10, 3, 4, 7)).toEqual([2, 2, 2, 2, 2, 3, 3]);
  });
});

it('a missing metric leaves the count alone and says so', () => {
  const loop = new ClosedLoop(specOf({ metrics: [podsMetric('qps', '10')] }), 3, () => ({}));
  const result = loop.sync(0);
  expect(proposalsOf(result)[0]?.current).toBe('<unknown>');
  expect(conditionTexts(result)).toContain('ScalingActive=False/FailedGetPodsMetric');
});
