import { hpaConfig, type HpaPod } from '../../../core/hpa';
import { plainReplicas, utilizationReplicas } from '../../../core/hpa/controller/per-pod-replicas';
import { pod, podsOf, requests, samples, STARTING, UNIT_TEST_CONFIG, viewOf } from './support';

/** Two containers use the level each. */
function levels(...values: number[]): ReturnType<typeof samples> {
  return samples(values.map((value) => value * 2));
}

function withRequests(...milliCpus: (bigint | number)[]): HpaPod[] {
  return milliCpus.map((cpu, index) =>
    pod(`pod-${index}`, {
      containers: [
        { name: 'app', requests: requests({ cpu }) },
        { name: 'helper', requests: requests({ cpu }) },
      ],
    }),
  );
}

const FAILED: Partial<HpaPod> = { phase: 'Failed' };
const PENDING: Partial<HpaPod> = { phase: 'Pending' };

// What upstream tests of both calculations is in upstream/.

describe('utilizationReplicas', () => {
  it('has no dead band with a tolerance of zero', () => {
    const view = viewOf(withRequests(900, 1000, 1100), 3, hpaConfig({ tolerance: 0 }));
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
      usage: 500,
    });
  });
});

describe('plainReplicas', () => {
  it('scales on a small excess with a small tolerance', () => {
    const view = viewOf(podsOf(3), 3, hpaConfig({ tolerance: 0.01 }));
    expect(plainReplicas(samples([20_000, 21_000, 21_000]), '', 20_000, view)).toMatchObject({
      replicas: 4,
    });
  });

  it('does not look at readiness', () => {
    const view = viewOf(podsOf(3, { 0: STARTING }), 3);
    expect(plainReplicas(samples([50_000, 10_000, 30_000]), '', 15_000, view)).toMatchObject({
      replicas: 6,
    });
  });

  it('takes pending pods for idle when that weakens a scale-up', () => {
    const view = viewOf(podsOf(3, { 1: PENDING, 2: PENDING }), 3);
    expect(plainReplicas(samples([40_000]), '', 15_000, view)).toMatchObject({
      replicas: 3,
      usage: 40_000,
    });
  });

  it('takes missing pods for being on target when scaling down, for idle when scaling up', () => {
    expect(plainReplicas(samples([2000, 2000]), '', 10_000, viewOf(podsOf(4), 4))).toMatchObject({
      replicas: 3,
    });
    expect(plainReplicas(samples([40_000, 40_000]), '', 10_000, viewOf(podsOf(4), 4))).toMatchObject({
      replicas: 8,
    });
  });
});

describe('the count stays', () => {
  it('at a ratio of exactly one, whatever pods that are not ready would change', () => {
    const view = viewOf(podsOf(4, { 1: PENDING, 2: PENDING, 3: PENDING }), 4);
    expect(plainReplicas(samples([10_000]), '', 10_000, view)).toMatchObject({ replicas: 4 });
  });

  it('if missing pods, taken to use their whole request, turn a scale-down into a scale-up', () => {
    const proposal = utilizationReplicas(levels(250), 'cpu', '', 50, viewOf(podsOf(4), 4));
    expect(proposal).toEqual({ replicas: 4, utilization: 25, usage: 500 });
  });

  it('if a scale-up is based on too few pods to reach it', () => {
    const view = viewOf(podsOf(3), 10);
    expect(plainReplicas(samples([20_000, 20_000]), '', 10_000, view)).toMatchObject({ replicas: 10 });
  });
});

describe('pods without a sample beside pods that are not ready', () => {
  it('leaves those not ready out of a scale-down', () => {
    const view = viewOf(podsOf(5, { 4: PENDING }), 5);
    // Filled with three pods on target the ratio is 0.95, which is within tolerance; with an idle pod it would be 0.76.
    expect(plainReplicas(samples([8000]), '', 10_000, view)).toMatchObject({ replicas: 5, usage: 8000 });
  });
});

describe('failures of per-pod metrics', () => {
  it('needs pods', () => {
    const error = 'no pods returned by selector while calculating replica count';
    expect(plainReplicas(samples([1]), '', 1, viewOf([], 1))).toEqual({ error });
    expect(utilizationReplicas(samples([1]), 'cpu', '', 1, viewOf([], 1))).toEqual({ error });
  });

  it('needs a sample of a pod that counts', () => {
    const error = 'did not receive metrics for targeted pods (pods might be unready)';
    const view = viewOf(podsOf(2, { 0: PENDING, 1: FAILED }), 2);
    expect(plainReplicas(samples([1, 1]), '', 1, view)).toEqual({ error });
    expect(utilizationReplicas(samples([1, 1]), 'cpu', '', 1, view)).toEqual({ error });
  });

  it('needs a request on every listed pod', () => {
    const view = viewOf([...podsOf(1), pod('bare', { ...FAILED, containers: [{ name: 'app' }] })], 1);
    expect(utilizationReplicas(samples([1]), 'cpu', '', 50, view)).toEqual({
      error: 'missing request for cpu in container app of Pod bare',
    });
  });

  it('needs requests that add up to something', () => {
    const view = viewOf(withRequests(0), 1);
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
    expect(plainReplicas(samples(Array<number>(50).fill(55)), '', 50, up)).toMatchObject({ replicas: 56 });
    const down = viewOf(podsOf(50), 50);
    expect(plainReplicas(samples(Array<number>(50).fill(7)), '', 50, down)).toMatchObject({ replicas: 8 });
  });

  it('is exact for memory beyond 2^53 thousandths of a byte, and wraps like int64 beyond 92 TB', () => {
    const tebibyte = 2n ** 40n * 1000n;
    const proposal = (usage: bigint, request: bigint): unknown => {
      const containers = [{ name: 'app', requests: requests({ memory: request }) }];
      const pods = podsOf(2).map((each) => ({ ...each, containers }));
      return utilizationReplicas(samples([usage, usage]), 'memory', '', 50, viewOf(pods, 2));
    };
    const usage = tebibyte * 16n + 1n;
    expect(proposal(usage, tebibyte * 20n)).toEqual({ replicas: 4, utilization: 80, usage });
    expect(proposal(tebibyte * 80n + 10n, tebibyte * 100n)).toMatchObject({ utilization: -3 });
  });
});
