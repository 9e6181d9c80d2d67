import { DEFAULT_AUTOSCALING } from '../../core/model';
import { fallenMs, riseAndFall } from '../../stacks/eks-fargate/rise-and-fall';

const LOAD = {
  autoscaler: 'demo/podinfo',
  idle: 0.2,
  load: 25,
  target: 10,
  min: 1,
  max: 10,
  startsMs: 300_000,
  endsMs: 900_000,
  lagMs: 80_000,
  autoscaling: DEFAULT_AUTOSCALING,
};

describe('what is expected under a load that passes', () => {
  it('is few pods, those that share it, and few again', () => {
    expect(riseAndFall(LOAD)).toMatchObject({
      autoscaler: 'demo/podinfo',
      replicasAt: { '5m': 1, '15m': 3, '22m20s': 1 },
      neverAbove: 4,
    });
  });

  it('waits for the metric, the stabilization window and a minute', () => {
    expect(fallenMs(LOAD)).toBe(900_000 + 80_000 + 300_000 + 60_000);
  });

  it.each([
    // 25.2 of 12.5 are within the tolerance of two pods.
    ['a target that the tolerance meets', { target: 12.5 }, 1, { atLeast: 2, atMost: 3 }, 1],
    ['bounds that bind', { min: 2, max: 2 }, 2, 2, 2],
    ['no load at all', { load: 0 }, 1, 1, 1],
    // 0.2 of 0.22: ten pods are as far from the target as one.
    ['pods that are never idle enough', { target: 0.22 }, 1, 10, { atLeast: 1, atMost: 10 }],
    [
      'probes that are too much already',
      { target: 0.1 },
      { atLeast: 1, atMost: 10 },
      10,
      { atLeast: 1, atMost: 10 },
    ],
  ])('with %s', (_what, given, before, during, after) => {
    expect(riseAndFall({ ...LOAD, ...given }).replicasAt).toEqual({
      '5m': before,
      '15m': during,
      '22m20s': after,
    });
  });
});
