import type { z } from 'zod';
import { allObjects, defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { minikube } from '../../stacks/minikube';
import { synthesize } from '../../synth';
import { autoscalerOf, conditionOf, problemText, valuesOf } from './fixture';

type Path = 'keda' | 'adapter';
type Options = Partial<z.input<typeof minikube.options>>;

/** The autoscaler of each path, and the metric as its conditions call it. */
const SCALERS = {
  keda: {
    name: 'keda-hpa-sb-api-scaler',
    column: 'external metric s0-prometheus{scaledobject.keda.sh/name=sb-api-scaler}',
    metric:
      's0-prometheus(&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: sb-api-scaler,},MatchExpressions:[]LabelSelectorRequirement{},})',
  },
  adapter: { name: 'sb-api', column: 'external metric access_frequency', metric: 'access_frequency(nil)' },
} as const;
const PATHS = ['keda', 'adapter'] as const;
const BOTH = PATHS.map((path) => ({ path, ...SCALERS[path] }));
const PROMETHEUS = 'monitoring/prometheus-sportsbook';
/** When the load test begins to send: its Job is made at four minutes. */
const LOAD_BEGINS_MS = 244_000;
const LOAD_ENDS_MS = LOAD_BEGINS_MS + 180_000;
const FIVE_MINUTES_MS = 300_000;

/** Plays the stack with its own scenario, options and scenario changed. */
function play(options: Options = {}, scenario: Partial<ScenarioInput> = {}): Timeline {
  const stack = minikube.define(minikube.options.parse(options));
  return rehearse({
    name: stack.name,
    objects: allObjects(synthesize(stack)).map(({ object }) => object),
    cluster: stack.cluster,
    scenario: defineScenario({ ...stack.scenario, expect: [], ...scenario }, 'test'),
  });
}

/** Sizes that the autoscaler went to, after those that only reach its least: from, to, and when. */
function steps(timeline: Timeline, path: Path) {
  return autoscalerOf(timeline, SCALERS[path].name).decisions.flatMap(({ from, to, atMs }) =>
    to === undefined || to === from || from < 2 ? [] : [{ from, to, atMs }],
  );
}

/** Every change as `from → to`. */
function sizes(timeline: Timeline, path: Path): string[] {
  return steps(timeline, path).map(({ from, to }) => `${from} → ${to}`);
}

/** What the autoscaler saw: its metric per pod, its size, and what it wanted. */
function syncs(timeline: Timeline, path: Path) {
  const { name } = SCALERS[path];
  const { atMs, replicas, desired } = autoscalerOf(timeline, name).syncs;
  const values = valuesOf(timeline, name);
  return atMs.map((at, index) => ({
    atMs: at,
    value: values[index] ?? null,
    replicas: replicas[index] ?? 0,
    desired: desired[index] ?? 0,
  }));
}

function endOfLoad({ events }: Timeline) {
  return events.filter(({ reason }) => reason === 'LoadEnded').map(({ message, atMs }) => [message, atMs]);
}

const answered = (requests: number) =>
  `sent ${requests} requests to sportsbook/sb-api:8080, ${requests} of them were answered`;

describe.each(BOTH)(
  'D1: 250 requests a second for three minutes, by way of $path',
  ({ path, name, column, metric }) => {
    const timeline = play({ path });
    // What the document averages over.
    const minute = play({ path, rateWindow: '1m' });

    it('are all sent by hey, and answered', () => {
      expect(endOfLoad(timeline)).toEqual([
        [answered(200), 124_500],
        [answered(45_000), LOAD_ENDS_MS],
      ]);
    });

    it('make 2 pods 3, and these 2 again', () => {
      expect(sizes(timeline, path)).toEqual(['2 → 3', '3 → 2']);
      expect(sizes(minute, path)).toEqual(['2 → 3', '3 → 2']);
    });

    it('are drawn under the name and the labels of the metric', () => {
      expect(autoscalerOf(timeline, name).metrics).toMatchObject([
        { name: column, targetType: 'averageValue' },
      ]);
      expect(timeline.cluster).toContain(', 1 node, ');
    });

    it('say so in the words of the autoscaler', () => {
      const event = timeline.events.find(({ message }) => message.startsWith('New size: 3'));
      expect(event).toMatchObject({
        source: 'horizontal-pod-autoscaler',
        reason: 'SuccessfulRescale',
        message: `New size: 3; reason: external metric ${metric} above target`,
      });
      expect(conditionOf(timeline, name, 'ScalingActive')).toMatchObject({
        status: 'True',
        reason: 'ValidMetricFound',
        message: `the HPA was able to successfully calculate a replica count from external metric ${metric}`,
      });
    });

    it('are 83 of 100 per pod at 3, which stay 3', () => {
      const full = syncs(timeline, path).filter(
        ({ atMs, replicas }) => replicas === 3 && atMs < LOAD_ENDS_MS && atMs > LOAD_BEGINS_MS,
      );
      expect(full.length).toBeGreaterThanOrEqual(3);
      for (const { value, desired } of full) {
        expect(value).toBeCloseTo(83.33, 2);
        expect(desired).toBe(3);
      }
    });

    it('are known in full after a window and a scrape, and half as late with half the window', () => {
      const after = (run: Timeline) => (steps(run, path)[0]?.atMs ?? 0) - LOAD_BEGINS_MS;
      expect(after(timeline)).toBeGreaterThan(90_000);
      expect(after(timeline)).toBeLessThanOrEqual(150_000);
      expect(after(minute)).toBeGreaterThan(30_000);
      expect(after(minute)).toBeLessThanOrEqual(90_000);
    });

    it('D4: are forgotten five minutes after 3 pods were wanted last', () => {
      // Of three pods 201 requests a second want three, and 200 want two.
      const wanted = syncs(timeline, path).filter(({ value, replicas }) => (value ?? 0) * replicas > 200);
      const last = wanted.at(-1)?.atMs ?? 0;
      const back = steps(timeline, path).at(-1)?.atMs ?? 0;
      expect(last).toBeGreaterThan(LOAD_ENDS_MS);
      expect(last).toBeLessThan(LOAD_ENDS_MS + 45_000);
      expect(back - last).toBeGreaterThanOrEqual(FIVE_MINUTES_MS);
      expect(back - last).toBeLessThanOrEqual(FIVE_MINUTES_MS + 16_000);
    });
  },
);

describe('D1: what the document shows, by way of KEDA and over its minute', () => {
  const timeline = play({ rateWindow: '1m' });

  it('is 125 of 100 per pod at 2 pods, of which 3 are wanted', () => {
    expect(syncs(timeline, 'keda').find(({ desired }) => desired === 3)).toMatchObject({
      value: 125,
      replicas: 2,
    });
  });
});

describe.each(BOTH)('D2: 200 requests of two workers, by way of $path', ({ path }) => {
  const burst = (at: string) => ({ cronJob: 'load-test/burst', at });

  it('scale nothing, neither the first that a pod answers nor later ones', () => {
    const timeline = play({ path }, { duration: '10m', runs: [burst('2m'), burst('5m')] });
    expect(endOfLoad(timeline)).toEqual([
      [answered(200), 124_500],
      [answered(200), 304_500],
    ]);
    expect(sizes(timeline, path)).toEqual([]);
  });

  it('are not seen at all the first time, because their series begins with them, and are 2 a second later', () => {
    const largest = (runs: readonly { cronJob: string; at: string }[]) =>
      Math.max(
        ...syncs(play({ path }, { duration: '12m', runs: [...runs] }), path).map(
          ({ value, replicas }) => (value ?? 0) * replicas,
        ),
      );
    expect(largest([burst('2m')])).toBe(0);
    // Six of them: a kept connection may be to either pod.
    const many = largest(['2m', '3m', '4m', '5m', '6m', '7m'].map(burst));
    expect(many).toBeGreaterThan(0);
    expect(many).toBeLessThan(7);
  });
});

describe.each(BOTH)('D3: the tolerance of a tenth, by way of $path', ({ path }) => {
  it.each([
    [215, { workers: 5, perWorker: 43, requests: 38_700 }, 107.5, []],
    [221, { workers: 13, perWorker: 17, requests: 39_780 }, 110.5, ['2 → 3', '3 → 2']],
  ])('%i requests a second at 2 pods', (_, load, perPod, expected) => {
    const timeline = play({ path, ...load });
    expect(sizes(timeline, path)).toEqual(expected);
    const atTwo = syncs(timeline, path).filter(({ replicas }) => replicas === 2);
    expect(Math.max(...atTwo.map(({ value }) => value ?? 0))).toBeCloseTo(perPod, 1);
  });
});

describe.each(BOTH)('D5: Prometheus gone, by way of $path', ({ path, name }) => {
  const outage = { workload: PROMETHEUS, from: '6m30s', until: '15m' };

  it('leaves the size as it is, with an error for a value', () => {
    const timeline = play({ path }, { duration: '15m', outages: [outage] });
    const during = syncs(timeline, path).filter(({ atMs }) => atMs > 390_000);
    expect(during.length).toBeGreaterThan(30);
    for (const { value, replicas } of during) expect([value, replicas]).toEqual([null, 3]);
    expect(sizes(timeline, path)).toEqual(['2 → 3']);
    expect(conditionOf(timeline, name, 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetExternalMetric',
    });
    expect(problemText(timeline)).toContain('no pod behind the Service is ready');
  });
});

describe('D5: an answer without a value', () => {
  const quiet = { duration: '5m', runs: [] };
  const active = (timeline: Timeline, path: Path) =>
    conditionOf(timeline, SCALERS[path].name, 'ScalingActive');
  const known = (timeline: Timeline, path: Path) => new Set(valuesOf(timeline, SCALERS[path].name));

  it('is 0 to KEDA: the metric is valid before anybody ever called the API', () => {
    const timeline = play({}, quiet);
    expect(known(timeline, 'keda')).toEqual(new Set([0]));
    expect(active(timeline, 'keda')).toMatchObject({ status: 'True', reason: 'ValidMetricFound' });
  });

  it('is an error to KEDA that is told so', () => {
    const timeline = play({ emptyIsZero: false }, quiet);
    expect(known(timeline, 'keda')).toEqual(new Set([null]));
    expect(active(timeline, 'keda')).toMatchObject({ status: 'False', reason: 'FailedGetExternalMetric' });
  });

  it('is no value to the adapter, which knows the metric all the same: the rule names its series', () => {
    const timeline = play({ path: 'adapter' }, quiet);
    expect(known(timeline, 'adapter')).toEqual(new Set([null]));
    expect(active(timeline, 'adapter')).toMatchObject({
      status: 'False',
      reason: 'FailedGetExternalMetric',
    });
    expect(active(timeline, 'adapter')?.message).toContain('no metrics returned from external metrics API');
  });

  describe('once Prometheus is back, without storage and after more than five minutes', () => {
    const outage = { workload: PROMETHEUS, from: '8m', until: '16m' };
    const lasting = { workers: 20, perWorker: 50, requests: 1000 * 60 * 20 };
    /** The first change after the outage. */
    const fall = (options: Options, path: Path) =>
      steps(play({ ...lasting, path, ...options }, { duration: '22m', outages: [outage] }), path).find(
        ({ atMs }) => atMs > 480_000,
      );

    it('takes all pods but the least away in the middle of the load, where KEDA counts it as 0', () => {
      expect(fall({}, 'keda')).toMatchObject({ from: 10, to: 2 });
    });

    it.each([
      ['keda' as const, { emptyIsZero: false }, 5],
      ['adapter' as const, {}, 3],
    ])('waits for two scrapes where it is an error, which half fill the window: %s', (path, options, to) => {
      const zero = fall({}, 'keda')?.atMs ?? 0;
      const change = fall(options, path);
      expect(change).toMatchObject({ from: 10, to });
      expect((change?.atMs ?? 0) - zero).toBeGreaterThanOrEqual(30_000);
    });

    it('leaves the size as it is after a short outage, because of the five minutes', () => {
      const outages = [{ ...outage, until: '8m20s' }];
      expect(sizes(play(lasting, { duration: '20m', outages }), 'keda').at(-1)).toBe('8 → 10');
    });
  });
});

describe('the metric of the adapter', () => {
  it('is known after the first requests, two scrapes and a listing', () => {
    const first = syncs(play({ path: 'adapter' }), 'adapter').find(({ value }) => value !== null);
    expect(first?.atMs).toBeGreaterThan(124_500);
    expect(first?.atMs).toBeLessThanOrEqual(124_500 + 2 * 30_000 + 60_000 + 16_000);
  });

  it('says no more than "no metrics returned" when a listed series has no value', () => {
    const outages = [{ workload: PROMETHEUS, from: '8m', until: '8m10s' }];
    const timeline = play({ path: 'adapter', requests: 90_000 }, { outages });
    const messages = timeline.events
      .filter(({ reason }) => reason === 'FailedGetExternalMetric')
      .map(({ message }) => message);
    expect(messages).toContain(
      'unable to get external metric sportsbook/access_frequency/nil: no metrics returned from external metrics API',
    );
  });
});

describe('network policies that are enforced', () => {
  it.each(PATHS)('let the chain of %s work as it does without them', (path) => {
    const enforced = play({ path, networkPolicies: true });
    const open = play({ path });
    expect(syncs(enforced, path)).toEqual(syncs(open, path));
  });
});

describe('the machine', () => {
  it.each(PATHS)('has room for the most pods of the API, by way of %s', (path) => {
    const timeline = play({ path, workers: 20, perWorker: 50, requests: 300_000 }, { duration: '10m' });
    const pods = timeline.workloads.find(({ name }) => name === 'sb-api');
    expect([pods?.pods.at(-1), pods?.ready.at(-1)]).toEqual([10, 10]);
  });
});
