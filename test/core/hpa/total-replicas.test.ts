import { hpaConfig } from '../../../core/hpa';
import { MAX_INT64 } from '../../../core/hpa/numbers';
import {
  externalAverageReplicas,
  externalAverageTotal,
  externalValueTotal,
  objectAverageReplicas,
  valueReplicas,
} from '../../../core/hpa/total-replicas';
import { pod, podsOf, STARTING, viewOf } from './support';

const MAX_INT32 = 2_147_483_647;
const MIN_INT32 = -2_147_483_648;
const config = hpaConfig();

describe('valueReplicas', () => {
  it.each([
    [20_000n, 15_000n, 3, 3, 4],
    [50_000n, 10_000n, 3, 1, 5],
    [12_000n, 20_000n, 5, 5, 3],
    [8600n, 4400n, 1, 1, 2],
    [8600n, 14_334n, 5, 5, 3],
    [8600n, 8888n, 3, 3, 3],
  ])('%d against %d with %d replicas, %d of them ready', (usage, target, current, ready, replicas) => {
    const pods = podsOf(current).map((each, index) => (index < ready ? each : { ...each, ...STARTING }));
    expect(valueReplicas(usage, target, viewOf(pods, current))).toEqual({ replicas, usage });
  });

  it('saturates since 1.35 and overflows before', () => {
    const since = viewOf(podsOf(1), 1, hpaConfig({ kubernetes: '1.35' }));
    expect(valueReplicas(MAX_INT64, 1n, since)).toMatchObject({ replicas: MAX_INT32 });
    const old = viewOf(podsOf(1), 1, hpaConfig({ kubernetes: '1.34' }));
    expect(valueReplicas(MAX_INT64, 1n, old)).toMatchObject({ replicas: MIN_INT32 });
  });

  it.each([
    [500_000n, 5],
    [0n, 0],
    [400_000n, 4],
    [100_001n, 2],
  ])('at zero replicas %d against 100 asks for %d, whatever the tolerance', (usage, replicas) => {
    expect(valueReplicas(usage, 100_000n, viewOf([], 0))).toEqual({ replicas, usage });
  });

  it('counts ready pods that are being deleted, and no pod that is not running', () => {
    const pods = [...podsOf(1), pod('leaving', { deleting: true }), pod('done', { phase: 'Succeeded' })];
    expect(valueReplicas(20n, 10n, viewOf(pods, 1))).toMatchObject({ replicas: 4 });
  });

  it('reads pods outside the tolerance only', () => {
    const error =
      'unable to calculate ready pods: no pods returned by selector while calculating replica count';
    expect(valueReplicas(20n, 10n, viewOf([], 2))).toEqual({ error });
    expect(valueReplicas(10n, 10n, viewOf([], 2))).toMatchObject({ replicas: 2 });
  });
});

describe('average values', () => {
  const within = viewOf([], 0).tolerance;
  const narrow = viewOf([], 0, hpaConfig({ tolerance: 0.01 })).tolerance;

  it.each([
    [20_000n, 5000n, 3, 4, 6667n],
    [6000n, 2000n, 5, 3, 1200n],
    [20_166n, 5000n, 4, 4, 5042n],
    [8600n, 2150n, 3, 4, 2867n],
    [8600n, 2867n, 5, 3, 1720n],
    [8600n, 2900n, 3, 3, 2867n],
  ])('%d against %d each with status.replicas %d', (total, target, statusReplicas, replicas, usage) => {
    const expected = { replicas, usage };
    expect(objectAverageReplicas(total, target, statusReplicas, within)).toEqual(expected);
    expect(externalAverageReplicas(total, target, statusReplicas, within, config)).toEqual(expected);
  });

  it('scales on a small excess with a small tolerance', () => {
    expect(objectAverageReplicas(20_208n, 5000n, 4, narrow)).toEqual({ replicas: 5, usage: 5052n });
    expect(objectAverageReplicas(8600n, 2800n, 3, narrow)).toMatchObject({ replicas: 4 });
  });

  it('reports the lowest integer as the average over no replicas', () => {
    const usage = -(2n ** 63n);
    expect(objectAverageReplicas(10n, 5n, 0, within)).toEqual({ replicas: 2, usage });
    expect(objectAverageReplicas(0n, 5n, 0, within)).toEqual({ replicas: 0, usage });
  });

  it('overflows for an Object, and for an External metric before 1.34', () => {
    const old = hpaConfig({ kubernetes: '1.33' });
    expect(objectAverageReplicas(MAX_INT64, 1n, 1, within).replicas).toBe(MIN_INT32);
    expect(externalAverageReplicas(MAX_INT64, 1n, 1, within, old).replicas).toBe(MIN_INT32);
    const since = hpaConfig({ kubernetes: '1.34' });
    expect(externalAverageReplicas(MAX_INT64, 1n, 2, within, since)).toEqual({
      replicas: MAX_INT32,
      usage: MAX_INT64,
    });
  });
});

describe('the sum of an External metric', () => {
  it('adds all series, and nothing is zero', () => {
    expect(externalValueTotal([1000n, 2000n, -500n], config)).toBe(2500n);
    expect(externalAverageTotal([1000n, 2000n], config)).toBe(3000n);
    expect(externalValueTotal([], config)).toBe(0n);
  });

  it('saturates in the versions that guard it and wraps around before', () => {
    const series = [MAX_INT64, 1n];
    expect(externalValueTotal(series, hpaConfig({ kubernetes: '1.35' }))).toBe(MAX_INT64);
    expect(externalValueTotal(series, hpaConfig({ kubernetes: '1.34' }))).toBe(-(2n ** 63n));
    expect(externalAverageTotal(series, hpaConfig({ kubernetes: '1.34' }))).toBe(MAX_INT64);
    expect(externalAverageTotal(series, hpaConfig({ kubernetes: '1.33' }))).toBe(-(2n ** 63n));
  });

  it('takes a negative sum for an overflow where it is averaged', () => {
    expect(externalAverageTotal([-1n], config)).toBe(MAX_INT64);
  });
});
