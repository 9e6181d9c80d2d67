import { hpaConfig } from '../../../core/hpa';
import {
  externalAverageReplicas,
  externalAverageTotal,
  externalValueTotal,
  objectAverageReplicas,
  valueReplicas,
} from '../../../core/hpa/controller/total-replicas';
import { versionRules } from '../../../core/hpa/config/version';
import { MAX_INT64 } from '../../../core/kube/int64';
import { pod, podsOf, STARTING, viewOf } from './support';

const MAX_INT32 = 2_147_483_647;
const MIN_INT32 = -2_147_483_648;
const rules = versionRules(36);

describe('valueReplicas', () => {
  it('multiplies the ratio with the ready pods', () => {
    const pods = podsOf(5, { 3: STARTING, 4: STARTING });
    expect(valueReplicas(8600, 4400, viewOf(pods, 5))).toEqual({ replicas: 6, usage: 8600 });
    expect(valueReplicas(8600, 4400, viewOf(podsOf(1), 1))).toEqual({ replicas: 2, usage: 8600 });
  });

  it('saturates since 1.35 and overflows before', () => {
    const since = viewOf(podsOf(1), 1, hpaConfig({ kubernetes: '1.35' }));
    expect(valueReplicas(MAX_INT64, 1, since)).toMatchObject({ replicas: MAX_INT32 });
    const old = viewOf(podsOf(1), 1, hpaConfig({ kubernetes: '1.34' }));
    expect(valueReplicas(MAX_INT64, 1, old)).toMatchObject({ replicas: MIN_INT32 });
  });

  it.each([
    [500_000, 5],
    [0, 0],
    [400_000, 4],
    [100_001, 2],
  ])('at zero replicas %d against 100 asks for %d, whatever the tolerance', (usage, replicas) => {
    expect(valueReplicas(usage, 100_000, viewOf([], 0))).toEqual({ replicas, usage });
  });

  it('counts ready pods that are being deleted, and no pod that is not running', () => {
    const pods = [...podsOf(1), pod('leaving', { deleting: true }), pod('done', { phase: 'Succeeded' })];
    expect(valueReplicas(20, 10, viewOf(pods, 1))).toMatchObject({ replicas: 4 });
  });

  it('reads pods outside the tolerance only', () => {
    const error =
      'unable to calculate ready pods: no pods returned by selector while calculating replica count';
    expect(valueReplicas(20, 10, viewOf([], 2))).toEqual({ error });
    expect(valueReplicas(10, 10, viewOf([], 2))).toMatchObject({ replicas: 2 });
  });
});

describe('average values', () => {
  const within = viewOf([], 0).tolerance;
  const narrow = viewOf([], 0, hpaConfig({ tolerance: 0.01 })).tolerance;

  it.each([
    [20_000, 5000, 3, 4, 6667],
    [6000, 2000, 5, 3, 1200],
    [20_166, 5000, 4, 4, 5042],
    [8600, 2150, 3, 4, 2867],
    [8600, 2867, 5, 3, 1720],
    [8600, 2900, 3, 3, 2867],
  ])('%d against %d each with status.replicas %d', (total, target, statusReplicas, replicas, usage) => {
    const expected = { replicas, usage };
    expect(objectAverageReplicas(total, target, statusReplicas, within, rules)).toEqual(expected);
    expect(externalAverageReplicas(total, target, statusReplicas, within, rules)).toEqual(expected);
  });

  it('scales on a small excess with a small tolerance', () => {
    expect(objectAverageReplicas(20_208, 5000, 4, narrow, rules)).toEqual({ replicas: 5, usage: 5052 });
    expect(objectAverageReplicas(8600, 2800, 3, narrow, rules)).toMatchObject({ replicas: 4 });
  });

  it('reports the lowest integer as the average over no replicas', () => {
    const usage = -(2n ** 63n);
    expect(objectAverageReplicas(10, 5, 0, within, rules)).toEqual({ replicas: 2, usage });
    expect(objectAverageReplicas(0, 5, 0, within, rules)).toEqual({ replicas: 0, usage });
  });

  it('overflows for an Object, and for an External metric before 1.34', () => {
    const old = versionRules(33);
    expect(objectAverageReplicas(MAX_INT64, 1, 1, within, rules).replicas).toBe(MIN_INT32);
    expect(externalAverageReplicas(MAX_INT64, 1, 1, within, old).replicas).toBe(MIN_INT32);
    const since = versionRules(34);
    expect(externalAverageReplicas(MAX_INT64, 1, 2, within, since)).toEqual({
      replicas: MAX_INT32,
      usage: MAX_INT64,
    });
  });

  it('keeps the size at a ratio that is no number while the tolerance was a distance', () => {
    // A target that overflows to zero, and no usage.
    for (const [minor, replicas] of [
      [32, 2],
      [33, MIN_INT32],
    ] as const) {
      const { tolerance } = viewOf([], 2, hpaConfig({ kubernetes: `1.${minor}` }));
      const of = versionRules(minor);
      expect(objectAverageReplicas(0, 0, 2, tolerance, of)).toEqual({ replicas, usage: 0 });
      expect(externalAverageReplicas(0, 0, 2, tolerance, of)).toEqual({ replicas, usage: 0 });
    }
  });
});

describe('the sum of an External metric', () => {
  it('adds all series, and nothing is zero', () => {
    expect(externalValueTotal([1000, 2000, -500], rules)).toBe(2500);
    expect(externalAverageTotal([1000, 2000], rules)).toBe(3000);
    expect(externalValueTotal([], rules)).toBe(0);
  });

  it('saturates in the versions that guard it and wraps around before', () => {
    const series = [MAX_INT64, 1];
    expect(externalValueTotal(series, versionRules(35))).toBe(MAX_INT64);
    expect(externalValueTotal(series, versionRules(34))).toBe(-(2n ** 63n));
    expect(externalAverageTotal(series, versionRules(34))).toBe(MAX_INT64);
    expect(externalAverageTotal(series, versionRules(33))).toBe(-(2n ** 63n));
  });

  it('takes a negative sum for an overflow where it is averaged', () => {
    expect(externalAverageTotal([-1], rules)).toBe(MAX_INT64);
  });
});
