import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { parseObject, type KubeObject } from '../../core/kube/object';
import { allObjects, defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { eksFargate } from '../../stacks/eks-fargate';
import { synthesize } from '../../synth';
import { autoscalerOf, conditionOf, valuesOf } from './fixture';

type Change = (object: KubeObject) => KubeObject;

interface Played {
  readonly options?: Parameters<typeof eksFargate.options.parse>[0];
  readonly scenario?: Partial<ScenarioInput>;
  readonly change?: Change;
  /** Of the autoscaler's controller. */
  readonly syncPeriod?: string;
}

/** Plays the stack with options, scenario, objects and cluster changed; evenly, so that numbers are exact. */
function play({
  options = {},
  scenario = {},
  change = (object) => object,
  syncPeriod,
}: Played = {}): Timeline {
  const stack = eksFargate.define(eksFargate.options.parse(options));
  const { cluster } = stack;
  return rehearse({
    name: stack.name,
    objects: allObjects(synthesize(stack)).map(({ object }) => change(structuredClone(object))),
    cluster: { ...cluster, autoscaling: { ...cluster.autoscaling, ...(syncPeriod ? { syncPeriod } : {}) } },
    scenario: defineScenario({ ...stack.scenario, noise: false, ...scenario }, 'test'),
  });
}

/** A change of one object as text. */
function edit(kind: string, name: string, change: (json: string) => string): Change {
  return (object) =>
    object.kind === kind && object.metadata.name === name
      ? parseObject(JSON.parse(change(JSON.stringify(object))), 'edited')
      : object;
}

/** A change of one file in a ConfigMap. */
function editFile(name: string, key: string, change: (text: string) => string): Change {
  return (object) => {
    if (object.kind !== 'ConfigMap' || object.metadata.name !== name) return object;
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(object);
    const [text = '', changed] = [data[key], change(data[key] ?? '')];
    if (text === changed) throw new Error(`${name}: nothing to change in ${key}`);
    return parseObject({ ...object, data: { ...data, [key]: changed } }, 'edited');
  };
}

/** Sizes that were written, with the second of each and the reason. */
function rescales(timeline: Timeline): readonly (readonly [second: number, message: string])[] {
  return autoscalerOf(timeline, 'podinfo').decisions.flatMap(({ atMs, events }) =>
    events
      .filter(({ reason }) => reason === 'SuccessfulRescale')
      .map(({ message }) => [Math.floor(atMs / 1000), message] as const),
  );
}

/** Values of the metric at the syncs from one second to another. */
function valuesWithin(timeline: Timeline, from: number, until: number): readonly number[] {
  const { syncs } = autoscalerOf(timeline, 'podinfo');
  return valuesOf(timeline, 'podinfo').flatMap((value, index) => {
    const at = (syncs.atMs[index] ?? 0) / 1000;
    return value !== null && at >= from && at <= until ? [value] : [];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Seconds: the load runs from here to there, and with it the rate is complete a window later. */
const [STARTS, ENDS, WINDOW] = [300, 904, 60];
const BELOW = 'reason: All metrics below target';

describe('podinfo on Fargate, scaled on its requests', () => {
  const run = play();

  it('meets all that its scenario expects', () => {
    expect(run.outcomes.filter(({ met }) => !met)).toEqual([]);
    expect(run.outcomes.length).toBeGreaterThan(5);
  });

  it('E1: idle, its two probes are 200m of 10', () => {
    const idle = valuesWithin(run, 150, STARTS);
    expect(mean(idle)).toBeCloseTo(0.2, 2);
    // Two probes at once, five or six times between the first and the last of twelve scrapes, 55 seconds apart.
    expect([...new Set(idle)].sort()).toEqual([0.181, 0.218]);
    expect(autoscalerOf(run, 'podinfo').metrics[0]).toMatchObject({
      name: 'pods metric http_requests_per_second',
      targetType: 'averageValue',
      target: 10,
    });
  });

  it('E1: would have 400m if scrapes came to the port whose requests it counts', () => {
    const scraped = edit('PodMonitor', 'podinfo', (json) => json.replace('"http-metrics"', '"http"'));
    const idle = valuesWithin(
      play({ scenario: { duration: '5m', runs: [], expect: [] }, change: scraped }),
      150,
      STARTS,
    );
    expect(mean(idle)).toBeCloseTo(0.4, 2);
  });

  it('E2: 25.2 of 10 make 3 pods, which have 8.53 each and stay', () => {
    expect(rescales(run).slice(0, 2)).toEqual([
      [330, 'New size: 2; reason: pods metric http_requests_per_second above target'],
      [360, 'New size: 3; reason: pods metric http_requests_per_second above target'],
    ]);
    // The rate is complete, and only the first pod is ready.
    expect(valuesWithin(run, STARTS + WINDOW + 5, 380).map((value) => Math.round(value))).toEqual([25]);
    const shared = valuesWithin(run, 480, 900);
    expect(shared.length).toBeGreaterThan(25);
    expect(mean(shared)).toBeCloseTo(25 / 3 + 0.2, 1);
    for (const value of shared) expect(Math.ceil((value * 3) / 10)).toBe(3);
  });

  it('E2: has its new pods 54 seconds after each decision, and no more of them meanwhile', () => {
    const workload = run.workloads.find(({ name }) => name === 'podinfo');
    const grown = workload?.ready.findIndex((ready) => ready === 3) ?? -1;
    // Scheduling 1 s, a Fargate node 45 s, containers 3 s, first readiness probe 5 s.
    expect(Math.floor((workload?.atMs[grown] ?? 0) / 1000)).toBe(360 + 54);
    expect(Math.max(...(workload?.pods ?? []))).toBe(3);
  });

  it('E3: goes back to 1 when the stabilization window has passed', () => {
    expect(rescales(run).slice(2)).toEqual([
      [1215, `New size: 2; ${BELOW}`],
      [1230, `New size: 1; ${BELOW}`],
    ]);
    const { decisions } = autoscalerOf(run, 'podinfo');
    const stabilized = decisions.find(({ changed }) =>
      changed.some(({ reason }) => reason === 'ScaleDownStabilized'),
    );
    // The last sync that wanted 3 was at 915 s.
    expect(Math.floor((stabilized?.atMs ?? 0) / 1000)).toBe(930);
    expect(conditionOf(run, 'podinfo', 'ScalingActive')?.reason).toBe('ValidMetricFound');
  });

  it('sends the 15000 requests of hey -z 10m -c 5 -q 5, all answered', () => {
    const ended = run.events.find(({ reason }) => reason === 'LoadEnded');
    expect(Math.floor((ended?.atMs ?? 0) / 1000)).toBe(ENDS);
    expect(ended?.message).toBe('sent 15000 requests to demo/podinfo:80, 15000 of them were answered');
  });

  it.each([1, 2, 3])('comes to the same with connections at random, seed %d', (seed) => {
    const timeline = play({ scenario: { noise: true, seed } });
    expect(timeline.outcomes.filter(({ met }) => !met)).toEqual([]);
  });

  it('takes both steps up at once, as the document has it, if the autoscaler looks every 30 s as it says', () => {
    const timeline = play({
      syncPeriod: '30s',
      scenario: { runs: [{ cronJob: 'demo/load-requests', at: '5m5s' }], expect: [] },
    });
    expect(rescales(timeline)).toEqual([
      [360, 'New size: 3; reason: pods metric http_requests_per_second above target'],
      // The rate falls as gradually as it rose, and is 16 at the first look after the load.
      [1200, `New size: 2; ${BELOW}`],
      [1230, `New size: 1; ${BELOW}`],
    ]);
  });
});

describe('podinfo on Fargate, scaled on CPU', () => {
  /** @param perRequest CPU time of a request */
  const scaledOnCpu = (perRequest: string) =>
    play({
      options: { metric: 'cpu' },
      scenario: { usage: [{ workload: 'demo/podinfo', cpu: { idle: '2m', perRequest } }], expect: [] },
    });

  it('E4: 250% of the request make 3 pods of 84%, and 1 when the load is over', () => {
    const run = play({ options: { metric: 'cpu' } });
    expect(run.outcomes.filter(({ met }) => !met)).toEqual([]);
    expect(rescales(run)).toEqual([
      [330, 'New size: 3; reason: cpu resource utilization (percentage of request) above target'],
      [1215, `New size: 1; ${BELOW}`],
    ]);
    expect(valuesWithin(run, 90, STARTS + 15)).toEqual(Array<number>(15).fill(2));
    // What it could not use of the 252m is beyond its limit, which is what Fargate provides.
    expect(valuesWithin(run, 330, 390)).toEqual([250, 250, 250, 250]);
    for (const value of valuesWithin(run, 450, 900)) expect(Math.abs(value - 84)).toBeLessThanOrEqual(2);
  });

  it.each([
    ['3.88ms', 99, 1],
    ['4ms', 102, 2],
  ])('E4: at %s a request, %d% of the request, wants %d', (perRequest, percent, most) => {
    const timeline = scaledOnCpu(perRequest);
    expect(Math.max(...valuesWithin(timeline, 330, 900))).toBe(percent);
    expect(autoscalerOf(timeline, 'podinfo').decisions.flatMap(({ to }) => to ?? [])[0] ?? 1).toBe(most);
  });
});

describe('podinfo on Fargate, scaled on what Envoy counts', () => {
  const ruleWithoutCluster = editFile('custom-metrics-apiserver-config', 'config.yaml', (text) =>
    text.replaceAll(/,?envoy_cluster_name="inbound"/g, '').replaceAll('{,', '{'),
  );
  const envoy = (change?: Change) =>
    play({ options: { metric: 'envoy' }, scenario: { expect: [] }, ...(change ? { change } : {}) });
  const run = play({ options: { metric: 'envoy' } });

  it('E5: goes to 3 and back as with its own counter', () => {
    expect(run.outcomes.filter(({ met }) => !met)).toEqual([]);
    expect(rescales(run)).toEqual([
      [345, 'New size: 2; reason: pods metric envoy_requests_per_second above target'],
      [360, 'New size: 3; reason: pods metric envoy_requests_per_second above target'],
      [1215, `New size: 2; ${BELOW}`],
      [1230, `New size: 1; ${BELOW}`],
    ]);
    expect(valuesWithin(run, STARTS + WINDOW + 10, 390)).toEqual([25]);
    expect(mean(valuesWithin(run, 480, 900))).toBeCloseTo(25 / 3, 1);
  });

  it('E5: knows nothing before the first request, as probes go past Envoy', () => {
    expect(valuesWithin(run, 0, STARTS + 15)).toEqual([]);
    expect(valuesWithin(run, STARTS + 15, STARTS + 45)).not.toEqual([]);
  });

  it("E5: counts half a request a second too much of each pod with Envoy's own cluster", () => {
    const timeline = envoy(ruleWithoutCluster);
    // A scrape every 5 s, a readiness probe every 5 s, a liveness probe every 10 s.
    const own = 1 / 5 + 1 / 5 + 1 / 10;
    expect(mean(valuesWithin(timeline, 180, STARTS))).toBeCloseTo(own, 2);
    expect(mean(valuesWithin(timeline, 480, 900))).toBeCloseTo(25 / 3 + own, 1);
  });

  it('E5: counts twice what passes a second cluster, unless the rule names the inbound one', () => {
    const throughTwo = editFile('podinfo-envoy', 'envoy.yaml', outboundFirst);
    expect(finalSizeUnderLoad(envoy(throughTwo))).toBe(3);
    const double = envoy((object) => ruleWithoutCluster(throughTwo(object)));
    // Half a request a second more of each pod; 10.5 of 10 are within the tolerance.
    expect(finalSizeUnderLoad(double)).toBe(5);
    expect(mean(valuesWithin(double, 600, 900))).toBeCloseTo((2 * 25) / 5 + 0.5, 1);
  });
});

function finalSizeUnderLoad(timeline: Timeline): number | undefined {
  const { syncs } = autoscalerOf(timeline, 'podinfo');
  return syncs.replicas[syncs.atMs.findIndex((at) => at >= ENDS * 1000)];
}

const CONFIGURATION = z.looseObject({
  static_resources: z.looseObject({ listeners: z.array(z.unknown()), clusters: z.array(z.unknown()) }),
});

/** Envoy's configuration with a cluster and a listener more, between the listener and the inbound cluster. */
function outboundFirst(text: string): string {
  const configuration = CONFIGURATION.parse(parse(text));
  const { listeners, clusters } = configuration.static_resources;
  const [listener, admin] = listeners.map((part) => JSON.stringify(part));
  const [inbound] = clusters.map((part) => JSON.stringify(part));
  if (listener === undefined || admin === undefined || inbound === undefined)
    throw new Error('no configuration');
  listeners.splice(
    0,
    1,
    JSON.parse(listener.replace('"cluster":"inbound"', '"cluster":"outbound"')),
    JSON.parse(listener.replace('"port_value":8080', '"port_value":8081')),
  );
  clusters.push(
    JSON.parse(
      inbound.replaceAll('"inbound"', '"outbound"').replace('"port_value":9898', '"port_value":8081'),
    ),
  );
  return stringify(configuration);
}
