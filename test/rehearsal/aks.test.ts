import { parseObject, type KubeObject } from '../../core/kube/object';
import { allObjects, defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { parseOptions } from '../../stacks';
import { aks } from '../../stacks/aks';
import { synthesize } from '../../synth';
import { autoscalerOf, conditionOf, problemText, valuesOf } from './fixture';

const MINUTE_MS = 60_000;
const SYNC_MS = 15_000;

interface Play {
  readonly options?: readonly string[];
  /** What differs from the stack's own scenario. */
  readonly scenario?: Partial<ScenarioInput>;
  readonly change?: (json: string) => string;
}

/** Plays the manifests of the stack, with the values that its loads set unless the scenario says otherwise. */
function play({ options = [], scenario = {}, change = (json) => json }: Play = {}): Timeline {
  const stack = aks.define(parseOptions(aks, options));
  const objects = allObjects(synthesize(stack)).map(({ object }) => changed(object, change));
  return rehearse({
    name: stack.name,
    objects,
    cluster: stack.cluster,
    scenario: defineScenario({ ...stack.scenario, expect: [], ...scenario }, 'test'),
  });
}

function changed(object: KubeObject, change: (json: string) => string): KubeObject {
  return parseObject(JSON.parse(change(JSON.stringify(object))), 'edited');
}

/** Sets values by hand, each at a minute. */
function set(...values: readonly (readonly [minute: number, body: string])[]): Partial<ScenarioInput> {
  const requests = values.map(([minute, body]) => ({
    at: `${minute}m`,
    to: 'hpa-walkthrough/prom-fake:8080',
    method: 'POST',
    path: '/value',
    body,
  }));
  return { runs: [], requests };
}

/** Changes of size, each with the time since the one before. */
function stepsOf(timeline: Timeline) {
  const steps = autoscalerOf(timeline, 'nginx').decisions.filter(({ to }) => to !== undefined);
  return steps.map(({ atMs, to }, index) => ({ atMs, to, afterMs: atMs - (steps[index - 1]?.atMs ?? 0) }));
}

function sizesOf(timeline: Timeline): readonly (number | undefined)[] {
  return stepsOf(timeline).map(({ to }) => to);
}

/** What the autoscaler said at each change of size. */
function eventsOf(timeline: Timeline): readonly string[] {
  return autoscalerOf(timeline, 'nginx').decisions.flatMap(({ events }) =>
    events.filter(({ reason }) => reason === 'SuccessfulRescale').map(({ message }) => message),
  );
}

function answersOf(timeline: Timeline): readonly string[] {
  return timeline.events.filter(({ reason }) => reason.startsWith('Request')).map(({ message }) => message);
}

/** Every condition that changed at a sync, in order. */
function changesOf(timeline: Timeline, type: string) {
  return autoscalerOf(timeline, 'nginx').decisions.flatMap(({ atMs, changed: conditions }) =>
    conditions.filter((condition) => condition.type === type).map((condition) => ({ atMs, ...condition })),
  );
}

describe('the aks stack', () => {
  const run = play();

  it('C2: grows 1, 4, 8, 10 under a value of 50, a sync apart', () => {
    const [first, ...others] = stepsOf(run).slice(0, 3);
    expect(sizesOf(run).slice(0, 3)).toEqual([4, 8, 10]);
    expect(first?.atMs).toBeGreaterThan(6 * MINUTE_MS);
    expect(first?.atMs).toBeLessThan(6 * MINUTE_MS + 2 * SYNC_MS);
    for (const { afterMs } of others) {
      expect(afterMs).toBeGreaterThanOrEqual(15_000);
      expect(afterMs).toBeLessThanOrEqual(16_000);
    }
  });

  it("C2: says what the document's autoscaler said", () => {
    const above = 'reason: Service metric prom_fake_value above target';
    expect(eventsOf(run).slice(0, 3)).toEqual([4, 8, 10].map((size) => `New size: ${size}; ${above}`));
    expect(changesOf(run, 'ScalingLimited').slice(1, 3)).toMatchObject([
      {
        status: 'True',
        reason: 'ScaleUpLimit',
        message: 'the desired replica count is increasing faster than the maximum scale rate',
      },
      {
        status: 'True',
        reason: 'TooManyReplicas',
        message: 'the desired replica count is more than the maximum replica count',
      },
    ]);
    expect(changesOf(run, 'AbleToScale').find(({ reason }) => reason === 'SucceededRescale')?.message).toBe(
      'the HPA controller was able to update the target scale to 4',
    );
  });

  it('C3: stays at 10 for five minutes under a value of 5, and takes five more for each step down', () => {
    const down = stepsOf(run).slice(3);
    expect(down.map(({ to }) => to)).toEqual([5, 3, 2, 1]);
    down.forEach(({ atMs }, index) => {
      const sinceSet = atMs - 12 * MINUTE_MS;
      expect(sinceSet).toBeGreaterThan((index + 1) * 5 * MINUTE_MS - SYNC_MS);
      expect(sinceSet).toBeLessThan((index + 1) * (5 * MINUTE_MS + 2 * SYNC_MS));
    });
    expect(eventsOf(run).slice(3)).toEqual(
      [5, 3, 2, 1].map((size) => `New size: ${size}; reason: All metrics below target`),
    );
  });

  it('C3: says why it waits', () => {
    const waiting = changesOf(run, 'AbleToScale').find(
      ({ atMs, reason }) => atMs > 12 * MINUTE_MS && reason === 'ScaleDownStabilized',
    );
    expect(waiting?.atMs).toBeLessThan(12 * MINUTE_MS + 2 * SYNC_MS);
    expect(waiting?.message).toBe(
      'recent recommendations were higher than current one, applying the highest recent recommendation',
    );
  });

  it('shows the value as it is, from the first listing on that found it', () => {
    const { metrics } = autoscalerOf(run, 'nginx');
    expect(metrics).toMatchObject([
      { name: 'Service metric prom_fake_value', targetType: 'value', target: 10 },
    ]);
    expect([...new Set(valuesOf(run, 'nginx'))]).toEqual([null, 0, 10, 50, 5]);
  });

  it('C2: grows 1, 5, 10 by the policies of autoscaling/v2', () => {
    const timeline = play({ options: ['behavior=defaults'], scenario: { duration: '10m' } });
    expect(sizesOf(timeline)).toEqual([5, 10]);
    expect(stepsOf(timeline)[1]?.afterMs).toBeCloseTo(SYNC_MS, -2);
  });

  it('C2: grows 1, 5, 10 as well where `behavior` is there and empty', () => {
    const emptied = (json: string) =>
      json.replace(/"behavior":\{"scaleUp":\{.*?\]/, '"behavior":{"scaleUp":{');
    const timeline = play({
      options: ['behavior=defaults'],
      scenario: { duration: '10m' },
      change: (json) => emptied(json).replace('"scaleUp":{,"selectPolicy":"Max"}', '"scaleUp":{}'),
    });
    expect(sizesOf(timeline)).toEqual([5, 10]);
  });

  it('C2: grows 1, 4, 8, 10 without policies too, as it did in 2019', () => {
    const timeline = play({ options: ['behavior=none'] });
    expect(sizesOf(timeline)).toEqual([4, 8, 10, 5, 3, 2, 1]);
    expect(changesOf(timeline, 'ScalingLimited').map(({ reason }) => reason)).toContain('ScaleUpLimit');
  });
});

describe('values that are set by hand', () => {
  it('C1: 10 of 10 leaves one pod alone', () => {
    const timeline = play({ scenario: { duration: '8m', ...set([1, '10']) } });
    expect(sizesOf(timeline)).toEqual([]);
    expect(valuesOf(timeline, 'nginx').at(-1)).toBe(10);
    expect(autoscalerOf(timeline, 'nginx').conditions).toMatchObject([
      { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: READY },
      { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: VALID },
      { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: WITHIN },
    ]);
  });

  it('C4: 0 takes all but one away after five minutes, at once', () => {
    const timeline = play({ scenario: { duration: '12m', ...set([1, '50'], [4, '0']) } });
    expect(sizesOf(timeline)).toEqual([4, 8, 10, 1]);
    const afterMs = (stepsOf(timeline).at(-1)?.atMs ?? 0) - 4 * MINUTE_MS;
    expect(afterMs).toBeGreaterThan(5 * MINUTE_MS - SYNC_MS);
    expect(afterMs).toBeLessThan(5 * MINUTE_MS + 2 * SYNC_MS);
  });

  it.each([
    ['10.9', []],
    ['11', []],
    ['11.1', [2]],
  ])('C5: %s for one pod gives the sizes %j in a sync', (value, sizes) => {
    expect(sizesOf(play({ scenario: { duration: '2m25s', ...set([2, value]) } }))).toEqual(sizes);
  });

  it('C5: 11.1 does not stop at two, for a value is for all pods and does not shrink with them', () => {
    const timeline = play({ scenario: { duration: '8m', ...set([2, '11.1']) } });
    expect(sizesOf(timeline)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('C6: what is no number is refused, and the value stays', () => {
    const timeline = play({ scenario: { duration: '4m', ...set([1, '10'], [2, 'abc']) } });
    expect(answersOf(timeline)).toEqual(['POST /value → 200', 'POST /value → 400']);
    expect(valuesOf(timeline, 'nginx').at(-1)).toBe(10);
  });

  it('are forgotten with the pod', () => {
    const outage = { workload: 'hpa-walkthrough/prom-fake', from: '3m', until: '4m' };
    const timeline = play({ scenario: { duration: '6m', ...set([1, '10']), outages: [outage] } });
    expect(valuesOf(timeline, 'nginx').at(-1)).toBe(0);
  });
});

const READY = 'recommended size matches current size';
const VALID =
  'the HPA was able to successfully calculate a replica count from Service metric prom_fake_value';
const WITHIN = 'the desired count is within the acceptable range';

describe('the aks stack on CPU', () => {
  const run = play({ options: ['metric=cpu'] });

  it('grows to the pods that share the load, and is back at one five minutes after it', () => {
    expect(sizesOf(run)).toEqual([4, 8, 1]);
    const { atMs } = autoscalerOf(run, 'nginx').syncs;
    const shared = valuesOf(run, 'nginx').filter(
      (_, index) => (atMs[index] ?? 0) > 5 * MINUTE_MS && (atMs[index] ?? 0) < 8 * MINUTE_MS,
    );
    // 90m of the requests and 1m of each pod at rest: 12.3m of the 25m that a pod requests.
    for (const percent of shared) expect(Math.abs((percent ?? 0) - 49)).toBeLessThan(5);
    const afterMs = (stepsOf(run).at(-1)?.atMs ?? 0) - 8 * MINUTE_MS;
    expect(afterMs).toBeGreaterThan(5 * MINUTE_MS - SYNC_MS);
    expect(afterMs).toBeLessThan(6 * MINUTE_MS);
  });

  it('says so', () => {
    const above = 'cpu resource utilization (percentage of request) above target';
    expect(eventsOf(run).slice(0, 2)).toEqual([
      `New size: 4; reason: ${above}`,
      `New size: 8; reason: ${above}`,
    ]);
  });

  it('has five pods first by the policies of autoscaling/v2', () => {
    expect(sizesOf(play({ options: ['metric=cpu', 'behavior=defaults'] }))).toEqual([5, 8, 1]);
  });
});

describe("the document's slips", () => {
  it('"kind: service" in lower case names no kind', () => {
    const timeline = play({
      scenario: { duration: '3m' },
      change: (json) =>
        json.replace('"kind":"Service","name":"prom-fake"', '"kind":"service","name":"prom-fake"'),
    });
    expect(conditionOf(timeline, 'nginx', 'ScalingActive')?.message).toMatch(
      /no matches for kind "service" in group ""$/,
    );
  });

  it('"apiVersion: extensions/v1beta1" of the scale target is gone', () => {
    const timeline = play({
      scenario: { duration: '3m' },
      change: (json) =>
        json.replace(
          '"scaleTargetRef":{"apiVersion":"apps/v1"',
          '"scaleTargetRef":{"apiVersion":"extensions/v1beta1"',
        ),
    });
    expect(conditionOf(timeline, 'nginx', 'AbleToScale')?.message).toMatch(
      /no matches for kind "Deployment" in group "extensions"$/,
    );
  });
});

describe('a link of the aks stack that is cut', () => {
  it('prom-fake is closed to the load: the value stays 0, and the hop is named', () => {
    const timeline = play({
      scenario: { duration: '8m', runs: [{ cronJob: 'load-test/set-50', at: '3m' }] },
      change: (json) =>
        json.includes('"prom-fake-from-set-50-8080"') ? json.replace('"port":8080', '"port":8081') : json,
    });
    expect(sizesOf(timeline)).toEqual([]);
    expect(valuesOf(timeline, 'nginx').at(-1)).toBe(0);
    expect(problemText(timeline)).toMatch(
      /load set-50: requests to hpa-walkthrough\/prom-fake:8080: ingress is blocked/,
    );
  });

  it('the monitor has the label of another Prometheus: unknown, and the monitor is named', () => {
    const timeline = play({
      scenario: { duration: '3m' },
      change: (json) =>
        json.includes('"kind":"ServiceMonitor"') ? json.replace('"prometheus1"', '"prometheus2"') : json,
    });
    expect(new Set(valuesOf(timeline, 'nginx'))).toEqual(new Set([null]));
    expect(conditionOf(timeline, 'nginx', 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetObjectMetric',
    });
    expect(problemText(timeline)).toMatch(
      /discovery prom-fake: it is not selected: .*which wants prometheus-instance=prometheus1/,
    );
  });
});
