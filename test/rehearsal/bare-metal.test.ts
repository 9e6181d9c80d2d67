import { podMakers, prometheusWorkload } from '../../core/chain';
import { podRequests } from '../../core/kube/pod-requests';
import { defaultHpa, parseHpaSpec } from '../../core/hpa';
import { Inventory, namespaceOf } from '../../core/kube/inventory';
import { parseObject, type KubeObject } from '../../core/kube/object';
import { Quantity } from '../../core/kube/quantity';
import { allObjects, defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { bareMetal } from '../../stacks/bare-metal';
import { synthesize } from '../../synth';
import { ClosedLoop, NOW, samples, SECOND } from '../core/hpa/support';
import { only } from '../constructs/render';
import { autoscalerOf, conditionOf, valuesOf } from './fixture';

const APP = 'sample-metrics-app';
const APP_NAME = `demo/${APP}`;

type Options = Parameters<typeof bareMetal.options.parse>[0];
type Change = (objects: readonly KubeObject[]) => readonly KubeObject[];

/** Plays the stack with its own scenario, and options, objects and the controller's period changed. */
const ADAPTER = 'custom-metrics/custom-metrics-apiserver';

function play(
  options: Options = {},
  scenario: Partial<ScenarioInput> = {},
  change: Change = (objects) => objects,
  syncPeriod = '10s',
): Timeline {
  const stack = bareMetal.define(bareMetal.options.parse(options));
  const { cluster } = stack;
  return rehearse({
    name: stack.name,
    objects: change(objectsOf(options)),
    cluster: { ...cluster, autoscaling: { ...cluster.autoscaling, syncPeriod } },
    scenario: defineScenario({ ...stack.scenario, expect: [], ...scenario }, 'test'),
  });
}

function objectsOf(options: Options = {}): readonly KubeObject[] {
  const stack = bareMetal.define(bareMetal.options.parse(options));
  return allObjects(synthesize(stack)).map(({ object }) => object);
}

/** Nobody calls the sample app. */
const IDLE = { runs: [] };

/** The sizes that an autoscaler writes, in their order. */
function sizes(timeline: Timeline, name: string): number[] {
  return autoscalerOf(timeline, name).decisions.flatMap(({ to }) => to ?? []);
}

/** How many pods there are at a moment. */
function podsAt(timeline: Timeline, name: string, seconds: number): number | undefined {
  const workload = timeline.workloads.find((candidate) => candidate.name === name);
  return workload?.pods[workload.atMs.findLastIndex((atMs) => atMs <= seconds * 1000)];
}

/** Changes the JSON of one object. */
function edited(kind: string, name: string, change: (json: string) => string): Change {
  return (objects) =>
    objects.map((object) =>
      object.kind === kind && object.metadata.name === name
        ? parseObject(JSON.parse(change(JSON.stringify(object))), 'edited')
        : object,
    );
}

/** Starts a Deployment with pods, as if its autoscaler had been there before. */
function startingWith(name: string, replicas: number): Change {
  return edited('Deployment', name, (json) => json.replace('"spec":{', `"spec":{"replicas":${replicas},`));
}

function all(...changes: readonly Change[]): Change {
  return (objects) => changes.reduce((result, change) => change(result), objects);
}

/** Cores that everything but the worker requests while the sample app has a size. */
function coresOfOthers(objects: readonly KubeObject[], appPods: number): number {
  const { cluster } = bareMetal.define(bareMetal.options.parse({}));
  const inventory = new Inventory(objects);
  const makers = podMakers(inventory).filter(({ kind }) => kind !== 'CronJob');
  return [...makers, ...inventory.prometheuses.map(prometheusWorkload)].reduce((sum, workload) => {
    const { name } = workload.metadata;
    if (namespaceOf(workload) === 'load-test' || name === 'worker') return sum;
    const nodes = cluster.nodes.reduce((total, { count }) => total + count, 0);
    const count =
      workload.kind === 'DaemonSet' ? nodes : name === APP ? appPods : (workload.spec.replicas ?? 1);
    return sum + (count * Number(podRequests(workload.spec.template.spec).cpu)) / 1e9;
  }, 0);
}

/** Has everybody but the worker request exactly so many cores: another tenant takes the rest. */
function othersRequesting(cores: number, appPods: number): Change {
  return (objects) => {
    const missing = Quantity.milli(Math.round((cores - coresOfOthers(objects, appPods)) * 1000));
    const tenant = only(
      objects.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'business'),
    );
    const json = JSON.stringify(tenant)
      .replaceAll('business', 'rest')
      .replace(/"replicas":\d+/, '"replicas":1')
      .replace('"cpu":"500m"', `"cpu":"${missing.toString()}"`);
    return [...objects, parseObject(JSON.parse(json), 'rest')];
  };
}

describe('the bare-metal stack', () => {
  const run = play();

  it('takes the app from 2 to 17 pods and back, in steps', () => {
    expect(sizes(run, APP)).toEqual([
      ...[2, 3, 4, 5, 6, 8, 9, 11, 13, 15, 17],
      ...[15, 14, 13, 12, 10, 9, 7, 6, 4, 3, 2],
    ]);
  });

  it('gives the 60 cores of 15 pods from the worker to the app and back: 124, 64, 124', () => {
    expect(sizes(run, 'worker')).toEqual([
      ...[15, 30, 60, 120, 124],
      ...[120, 116, 112, 108, 100, 96, 88, 80, 72, 64],
      ...[72, 76, 80, 84, 92, 96, 104, 108, 116, 120, 124],
    ]);
  });

  it('gives the cores of every step back before the next sync but one', () => {
    const worker = autoscalerOf(run, 'worker').decisions.filter(
      ({ to, from }) => to !== undefined && to < from,
    );
    const app = autoscalerOf(run, APP).decisions.filter(
      ({ to, from }) => to !== undefined && to > from && from >= 2,
    );
    expect(worker.length).toBe(app.length);
    app.forEach(({ atMs }, step) => {
      const delay = (worker[step]?.atMs ?? Number.NaN) - atMs;
      expect(delay).toBeGreaterThan(0);
      expect(delay).toBeLessThanOrEqual(20_000);
    });
  });

  it('lets no pod wait and pushes no worker out: the reserve is room for seven pods of the app', () => {
    expect(run.events.filter(({ reason }) => /FailedScheduling|Preempted/.test(reason))).toEqual([]);
  });

  it('keeps 154 of 184 cores busy, the document’s 85 percent, whatever the app does', () => {
    for (const [seconds, app] of [
      [300, 2],
      [642, 17],
      [1200, 2],
    ] as const) {
      const requested = coresOfOthers(objectsOf(), app) + (podsAt(run, 'worker', seconds) ?? 0);
      expect(podsAt(run, APP, seconds)).toBe(app);
      expect(requested / 184).toBeGreaterThan(0.83);
      expect(requested / 184).toBeLessThanOrEqual(154 / 184);
    }
  });

  it('speaks in the words of the controller', () => {
    const said = (name: string) =>
      autoscalerOf(run, name).decisions.flatMap(({ events }) => events.map(({ message }) => message));
    expect(said(APP)).toContain('New size: 17; reason: pods metric http_requests above target');
    expect(said(APP)).toContain('New size: 2; reason: All metrics below target');
    expect(said('worker')).toContain(
      'New size: 124; reason: external metric opportunistic_slots(nil) above target',
    );
    expect(said('worker')).toContain('New size: 64; reason: All metrics below target');
    expect(conditionOf(run, APP, 'ScalingLimited')).toMatchObject({ reason: 'TooFewReplicas' });
    expect(conditionOf(run, 'worker', 'ScalingLimited')).toMatchObject({ reason: 'DesiredWithinRange' });
  });

  it('sends 3000 requests, all of which are answered', () => {
    expect(run.events.find(({ reason }) => reason === 'LoadEnded')?.message).toMatch(/3000/);
    const [load] = run.loads;
    expect(load?.served).toEqual(load?.sent);
  });
});

describe('3.2: the counter of the document, which counts probes and scrapes', () => {
  it('shows 433m for an idle pod, as two probes in 5 s and a scrape in 30 s make it', () => {
    const idle = play({ counter: 'all' }, { ...IDLE, duration: '12m' });
    expect(valuesOf(idle, APP).at(-1)).toBe(0.433);
    expect(sizes(idle, APP)).toEqual([2]);
  });

  it('shows 0 where the app counts what it greets', () => {
    const idle = play({}, { ...IDLE, duration: '5m' });
    expect(valuesOf(idle, APP).at(-1)).toBe(0);
  });

  it.each([
    [0.5, 7],
    [0.7, 2],
  ])('after the load with a target of %d it rests at %d pods', (appTarget, pods) => {
    const timeline = play({ counter: 'all', appTarget });
    expect(Math.max(...sizes(timeline, APP))).toBeGreaterThan(pods);
    expect(sizes(timeline, APP).at(-1)).toBe(pods);
    expect(valuesOf(timeline, APP).at(-1)).toBe(0.433);
  });
});

/** Two probes in 5 seconds and a scrape in 30, in thousandths of a request a second. */
const IDLE_MILLI = 1000 * (2 / 5 + 1 / 30);

/** The autoscaler of the app alone, with averages given to it. */
function appLoop(
  options: Options,
  from: number,
  averageAt: (pods: number) => number,
  max?: number,
): ClosedLoop {
  const hpa = only(
    new Inventory(objectsOf(options)).horizontalPodAutoscalers.filter(
      ({ metadata }) => metadata.name === APP,
    ),
  );
  const spec = parseHpaSpec(
    { ...Object(hpa['spec']), ...(max === undefined ? {} : { maxReplicas: max }) },
    APP_NAME,
  );
  return new ClosedLoop(defaultHpa(spec), from, (pods) => ({
    pods: { http_requests: samples(Array<number>(pods).fill(Math.round(averageAt(pods)))) },
  }));
}

describe('3.2: steps that the document shows', () => {
  it.each([
    [10, 749, 15],
    [5, 912, 10],
    [26, 446, 24],
    [24, 433, 21],
    [15, 700, 21],
    [15, 701, 22],
    [15, 733, 22],
    [22, 568, 25],
    [22, 569, 26],
    [22, 590, 26],
    [7, 433, 7],
  ])('%d pods with %dm each become %d', (from, average, to) => {
    const loop = appLoop({}, from, () => average);
    // Going down it waits for the window of its stabilization.
    for (let second = 0; second <= 40 && loop.replicas === from; second += 10)
      loop.sync(NOW + second * SECOND);
    expect(loop.replicas).toBe(to);
  });

  it.each([
    [0.5, [23, 20, 18, 16, 14, 13, 12, 11, 10, 9, 8, 7]],
    [0.7, [17, 11, 7, 5, 4, 3, 2]],
  ])('26 idle pods that should have %d each come down to %j', (appTarget, steps) => {
    const loop = appLoop({ appTarget }, 26, () => IDLE_MILLI);
    for (let sync = 0; sync < 100; sync++) loop.sync(NOW + sync * 10 * SECOND);
    expect(loop.rescales.map(({ replicas }) => replicas)).toEqual(steps);
  });

  it.each([
    [0.5, 6, 53],
    [0.5, 10, 90],
    [0.7, 8, 24],
    [0.7, 10, 32],
  ])('a target of %d needs, for %d a second besides the idle rate, %d pods', (appTarget, load, pods) => {
    const average = (count: number) => (load * 1000) / count + IDLE_MILLI;
    const settled = (most: number) => {
      const loop = appLoop({ appTarget }, 2, average, most);
      for (let sync = 0; sync < 60; sync++) loop.sync(NOW + sync * 30 * SECOND);
      return loop.replicas;
    };
    // The least size within the tolerance, or one that the steps from 2 lead to beyond it.
    expect(settled(100)).toBe(pods);
    expect(pods).toBeGreaterThanOrEqual(load / (1.1 * appTarget - IDLE_MILLI / 1000));
    expect(pods).toBeLessThanOrEqual(Math.ceil(load / (appTarget - IDLE_MILLI / 1000)));
    expect(settled(30)).toBe(Math.min(30, pods));
  });
});

describe('3.3: the naive loop of the document', () => {
  /**
   * One decision in 30 seconds, as the document's delays had it. The adapter comes when all pods are there: before that
   * their cores look free.
   */
  const naive = (others: number, app: number, start: Change = (objects) => objects, duration = '8m') =>
    play(
      { worker: 'document', appMin: app, appMax: app },
      { ...IDLE, duration, outages: [{ workload: ADAPTER, from: '1s', until: '40s' }] },
      all(othersRequesting(others, app), start),
      '30s',
    );

  it.each([
    [30, 2, [15, 30, 60, 120, 136, 82, 150, 20, 40, 80, 150, 20]],
    [90, 17, [15, 30, 60, 68, 59, 69, 58, 70, 56]],
  ])('with %d cores of others never settles', (others, app, expected) => {
    const seen = sizes(naive(others, app), 'worker');
    expect(seen.slice(0, expected.length)).toEqual(expected);
  });

  it('settles where others have 98 cores: its slope is above -1 there', () => {
    expect(sizes(naive(98, 19), 'worker')).toEqual([15, 30, 56]);
  });

  it('gives up everything when 60 cores are taken at once: 124, 15, 30, 60, 68', () => {
    const seen = sizes(naive(90, 17, startingWith('worker', 124)), 'worker');
    expect(seen.slice(0, 4)).toEqual([15, 30, 60, 68]);
  });

  it.each([
    [154, 120, true],
    [154, 121, false],
    [154, 127, false],
    [154, 128, true],
    [94, 60, true],
    [94, 61, false],
    [94, 67, false],
    [94, 68, true],
  ])('with R = %d at %d pods it moves: %j', (free, pods, moves) => {
    const [others, app] = free === 154 ? [30, 2] : [90, 17];
    const seen = sizes(naive(others, app, startingWith('worker', pods), '3m'), 'worker');
    expect(seen.length > 0).toBe(moves);
  });

  it('still oscillates while the app comes and goes', () => {
    const timeline = play({ worker: 'document' }, { duration: '10m' });
    const steps = sizes(timeline, 'worker');
    expect(Math.min(...steps)).toBe(15);
    expect(Math.max(...steps)).toBe(150);
  });
});

describe('3.3: the loop in steps', () => {
  const stepwise = (others: number, app: number, pods: number, start?: number) =>
    play(
      { worker: 'value', appMin: app, appMax: app },
      { ...IDLE, duration: '12m' },
      all(
        othersRequesting(others, app),
        edited('HorizontalPodAutoscaler', 'worker', (json) =>
          json.replaceAll('"value":5', `"value":${pods}`),
        ),
        ...(start === undefined ? [] : [startingWith('worker', start)]),
      ),
      '15s',
    );

  it.each([
    [5, 125],
    [4, 123],
    [6, 123],
  ])('of %d pods in 15 s goes to %d and stays', (pods, end) => {
    const seen = sizes(stepwise(30, 2, pods), 'worker');
    const steps = (end - 15) / pods;
    expect(seen).toEqual(Array.from({ length: steps + 1 }, (_, step) => 15 + step * pods));
  });

  it('of 5 pods needs 12 periods, 3 minutes, from 124 to the band around 64', () => {
    const timeline = stepwise(90, 17, 5, 124);
    const changes = autoscalerOf(timeline, 'worker').decisions.filter(({ to }) => to !== undefined);
    expect(changes.map(({ to }) => to)).toEqual(Array.from({ length: 12 }, (_, step) => 119 - step * 5));
    const tookMs = (changes.at(-1)?.atMs ?? 0) - (changes[0]?.atMs ?? 0);
    expect(Math.round(tookMs / 1000)).toBe(11 * 15);
  });
});

describe('3.3: the loop of the stack, on slots that leave the worker out', () => {
  it.each([
    ['taken', 90, 17, 124, 64],
    ['given back', 30, 2, 64, 124],
  ])('goes all the way in one step when 60 cores are %s at once', (_what, others, app, from, to) => {
    const timeline = play(
      { appMin: app, appMax: app },
      { ...IDLE, duration: '8m' },
      all(othersRequesting(others, app), startingWith('worker', from)),
    );
    expect(sizes(timeline, 'worker')).toEqual([to]);
  });
});

describe('3.3: what does not work', () => {
  it('a Value of free slots, which leave the worker out, goes to the most pods', () => {
    const asValue = edited('HorizontalPodAutoscaler', 'worker', (json) =>
      json.replace('"averageValue":"1","type":"AverageValue"', '"value":"30","type":"Value"'),
    );
    expect(sizes(play({}, { ...IDLE, duration: '6m' }, asValue), 'worker').at(-1)).toBe(150);
  });

  it('a window of five minutes before scaling down releases the cores five minutes late', () => {
    const patient = edited('HorizontalPodAutoscaler', 'worker', (json) =>
      json.replace('"stabilizationWindowSeconds":0', '"stabilizationWindowSeconds":300'),
    );
    const timeline = play({}, {}, patient);
    expect(podsAt(timeline, APP, 642)).toBe(17);
    expect(podsAt(timeline, 'worker', 642)).toBeGreaterThanOrEqual(120);
    // The app gets its cores all the same: the scheduler pushes workers out.
    expect(timeline.events.some(({ reason }) => reason === 'Preempted')).toBe(true);
  });
});
