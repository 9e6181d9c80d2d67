import { hpaConfig, type HpaPod } from '../../../core/hpa';
import { plainReplicas, utilizationReplicas } from '../../../core/hpa/per-pod-replicas';
import { pod, podsOf, samples, STARTING, UNIT_TEST_CONFIG, viewOf } from './support';

/** Two containers use the level each. */
function levels(...values: (number | undefined)[]): ReturnType<typeof samples> {
  return samples(values.map((value) => (value === undefined ? undefined : value * 2)));
}

function withRequests(...requests: bigint[]): HpaPod[] {
  return requests.map((cpu, index) =>
    pod(`pod-${index}`, {
      containers: [
        { name: 'app', requests: { cpu } },
        { name: 'helper', requests: { cpu } },
      ],
    }),
  );
}

const FAILED: Partial<HpaPod> = { phase: 'Failed' };
const PENDING: Partial<HpaPod> = { phase: 'Pending' };

describe('utilizationReplicas, vectors of the controller', () => {
  it.each([
    ['all ready', 3, podsOf(3), levels(300, 500, 700), 30, 5, 50, 1000n],
    ['one not ready', 3, podsOf(3, { 0: STARTING }), levels(300, 500, 700), 30, 4, 60, 1200n],
    [
      'unready pods outweigh',
      3,
      podsOf(3, { 1: STARTING, 2: STARTING }),
      levels(400, 500, 700),
      30,
      3,
      40,
      800n,
    ],
    ['failed pods', 2, podsOf(4, { 2: FAILED, 3: FAILED }), levels(500, 700), 30, 4, 60, 1200n],
    [
      'deleted pods',
      2,
      podsOf(4, { 2: { deleting: true }, 3: { deleting: true } }),
      levels(500, 700),
      30,
      4,
      60,
      1200n,
    ],
    ['scale down', 5, podsOf(5), levels(100, 300, 500, 250, 250), 50, 3, 28, 560n],
    [
      'down, some starting',
      5,
      podsOf(5, { 3: STARTING, 4: STARTING }),
      levels(100, 300, 500, 250, 250),
      50,
      2,
      30,
      600n,
    ],
    [
      'down, most pending',
      5,
      podsOf(5, { 1: PENDING, 2: PENDING, 3: PENDING, 4: PENDING }),
      levels(100),
      50,
      1,
      10,
      200n,
    ],
    ['down, half missing', 4, podsOf(4), levels(400, 95), 100, 3, 24, 495n],
    ['ratio of one is not filled', 2, podsOf(2), levels(1000), 100, 2, 100, 2000n],
    ['up, cancelled by missing', 2, podsOf(2), levels(1900), 100, 2, 190, 3800n],
    ['down, cancelled by missing', 2, podsOf(2), levels(600), 100, 2, 60, 1200n],
    ['unready and missing, small', 3, podsOf(3, { 0: STARTING }), levels(100, 450), 50, 3, 45, 900n],
    ['unready and missing, large', 3, podsOf(3, { 0: STARTING }), levels(100, 2000), 50, 4, 200, 4000n],
    ['unready and missing, down', 4, podsOf(4, { 0: STARTING }), levels(100, 100, 100), 50, 3, 10, 200n],
    ['superfluous metrics', 4, podsOf(4), levels(4000, 9500, 3000, 7000, 3200, 2000), 100, 24, 587, 11_750n],
    ['surge does not reverse', 2, podsOf(3), levels(100, 100), 50, 2, 10, 200n],
    ['within tolerance', 3, withRequests(900n, 1000n, 1100n), levels(1010, 1030, 1020), 100, 3, 102, 2040n],
  ])('%s', (_name, current, pods, metrics, target, replicas, utilization, usage) => {
    const proposal = utilizationReplicas(metrics, 'cpu', '', target, viewOf(pods, current));
    expect(proposal).toEqual({ replicas, utilization, usage });
  });

  it('assumes the target for missing pods if that is above the request', () => {
    const pods = withRequests(1000n, 1000n, 2000n, 2000n).map((each, index) =>
      index === 0 ? { ...each, ...STARTING } : each,
    );
    const proposal = utilizationReplicas(levels(200, 100, 100), 'cpu', '', 300, viewOf(pods, 4));
    expect(proposal).toEqual({ replicas: 2, utilization: 6, usage: 200n });
  });

  it('has no dead band with a tolerance of zero', () => {
    const view = viewOf(withRequests(900n, 1000n, 1100n), 3, hpaConfig({ tolerance: 0 }));
    expect(utilizationReplicas(levels(909, 1010, 1111), 'cpu', '', 100, view)).toMatchObject({ replicas: 4 });
  });

  it.each([
    [{ scaleUp: { tolerance: '2' } }, 1900, 3],
    [{ scaleUp: { tolerance: '0.08' } }, 1090, 4],
    [{ scaleDown: { tolerance: '0.36' } }, 650, 3],
    [{ scaleDown: { tolerance: '0.34' } }, 650, 2],
  ])('applies the tolerance of %j at %d', (behavior, level, replicas) => {
    const view = viewOf(podsOf(3), 3, UNIT_TEST_CONFIG, behavior);
    expect(utilizationReplicas(levels(level, level, level), 'cpu', '', 100, view)).toMatchObject({
      replicas,
    });
  });

  it('ignores configured tolerances while their feature gate is off', () => {
    const view = viewOf(podsOf(3), 3, hpaConfig({ kubernetes: '1.34' }), { scaleUp: { tolerance: '2' } });
    expect(utilizationReplicas(levels(1900, 1900, 1900), 'cpu', '', 100, view)).toMatchObject({
      replicas: 6,
    });
  });

  it('counts one container only', () => {
    const view = viewOf(podsOf(1), 1);
    expect(utilizationReplicas(samples([500]), 'cpu', 'app', 50, view)).toEqual({
      replicas: 1,
      utilization: 50,
      usage: 500n,
    });
  });
});

describe('plainReplicas, vectors of the controller', () => {
  it.each([
    [[20_000, 10_000, 30_000], 15_000n, 3, 3, 4, 20_000n],
    [[50_000, 10_000, 30_000], 15_000n, 3, 3, 6, 30_000n],
    [[50_000, 15_000, 30_000], 15_000n, 3, 3, 7, 31_666n],
    [[12_000, 12_000, 12_000, 12_000, 12_000], 20_000n, 5, 5, 3, 12_000n],
    [[20_000, 21_000, 21_000], 20_000n, 3, 3, 3, 20_666n],
    [[20_000, 19_000, 21_000], 20_000n, 5, 5, 5, 20_000n],
    [[10_000, 10_000], 17_000n, 2, 3, 2, 10_000n],
  ])('%j against %d with %d replicas and %d pods', (values, target, current, podCount, replicas, usage) => {
    const proposal = plainReplicas(samples(values), '', target, viewOf(podsOf(podCount), current));
    expect(proposal).toEqual({ replicas, usage, utilization: undefined });
  });

  it('scales on a small excess with a small tolerance', () => {
    const view = viewOf(podsOf(3), 3, hpaConfig({ tolerance: 0.01 }));
    expect(plainReplicas(samples([20_000, 21_000, 21_000]), '', 20_000n, view)).toMatchObject({
      replicas: 4,
    });
  });

  it('does not look at readiness', () => {
    const view = viewOf(podsOf(3, { 0: STARTING }), 3);
    expect(plainReplicas(samples([50_000, 10_000, 30_000]), '', 15_000n, view)).toMatchObject({
      replicas: 6,
    });
  });

  it('takes pending pods for idle when that weakens a scale-up', () => {
    const view = viewOf(podsOf(3, { 1: PENDING, 2: PENDING }), 3);
    expect(plainReplicas(samples([40_000]), '', 15_000n, view)).toMatchObject({
      replicas: 3,
      usage: 40_000n,
    });
  });

  it('takes missing pods for being on target when scaling down, for idle when scaling up', () => {
    expect(plainReplicas(samples([2000, 2000]), '', 10_000n, viewOf(podsOf(4), 4))).toMatchObject({
      replicas: 3,
    });
    expect(plainReplicas(samples([40_000, 40_000]), '', 10_000n, viewOf(podsOf(4), 4))).toMatchObject({
      replicas: 8,
    });
  });
});

describe('pods without a sample beside pods that are not ready', () => {
  it('leaves those not ready out of a scale-down', () => {
    const view = viewOf(podsOf(5, { 4: PENDING }), 5);
    // Filled with three pods on target the ratio is 0.95, which is within tolerance; with an idle pod it would be 0.76.
    expect(plainReplicas(samples([8000]), '', 10_000n, view)).toMatchObject({ replicas: 5, usage: 8000n });
  });
});

describe('failures of per-pod metrics', () => {
  it('needs pods', () => {
    const error = 'no pods returned by selector while calculating replica count';
    expect(plainReplicas(samples([1]), '', 1n, viewOf([], 1))).toEqual({ error });
    expect(utilizationReplicas(samples([1]), 'cpu', '', 1, viewOf([], 1))).toEqual({ error });
  });

  it('needs a sample of a pod that counts', () => {
    const error = 'did not receive metrics for targeted pods (pods might be unready)';
    const view = viewOf(podsOf(2, { 0: PENDING, 1: FAILED }), 2);
    expect(plainReplicas(samples([1, 1]), '', 1n, view)).toEqual({ error });
    expect(utilizationReplicas(samples([1, 1]), 'cpu', '', 1, view)).toEqual({ error });
  });

  it('needs a request on every listed pod', () => {
    const view = viewOf([...podsOf(1), pod('bare', { ...FAILED, containers: [{ name: 'app' }] })], 1);
    expect(utilizationReplicas(samples([1]), 'cpu', '', 50, view)).toEqual({
      error: 'missing request for cpu in container app of Pod bare',
    });
  });

  it('needs requests that add up to something', () => {
    const view = viewOf(withRequests(0n), 1);
    const error = 'no metrics returned matched known pods';
    expect(utilizationReplicas(samples([1]), 'cpu', '', 50, view)).toEqual({ error });
    // Requests whose sum overflows to zero once the missing pod is counted.
    const huge = viewOf(withRequests(2n ** 62n, 2n ** 62n), 2);
    expect(utilizationReplicas(samples([1]), 'cpu', '', 50, huge)).toEqual({ error });
  });
});

describe('arithmetic', () => {
  it('keeps the order of floating-point operations: ratio first, then the count, then rounding up', () => {
    const up = viewOf(podsOf(50), 50, hpaConfig({ tolerance: 0.05 }));
    expect(plainReplicas(samples(Array<number>(50).fill(55)), '', 50n, up)).toMatchObject({ replicas: 56 });
    const down = viewOf(podsOf(50), 50);
    expect(plainReplicas(samples(Array<number>(50).fill(7)), '', 50n, down)).toMatchObject({ replicas: 8 });
  });

  it('is exact for memory beyond 2^53 thousandths of a byte, and wraps like int64 beyond 92 TB', () => {
    const tebibyte = 2n ** 40n * 1000n;
    const memory = (request: bigint): HpaPod[] =>
      podsOf(2).map((each) => ({ ...each, containers: [{ name: 'app', requests: { memory: request } }] }));
    const usage = tebibyte * 8n + 1n;
    expect(
      utilizationReplicas(samples([usage, usage]), 'memory', '', 50, viewOf(memory(tebibyte * 10n), 2)),
    ).toEqual({ replicas: 4, utilization: 80, usage });
    const wrapped = utilizationReplicas(
      samples([usage * 10n, usage * 10n]),
      'memory',
      '',
      50,
      viewOf(memory(tebibyte * 100n), 2),
    );
    expect(wrapped).toMatchObject({ utilization: -3 });
  });
});
