import { defineScenario, type ClusterDescriptor, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { deployment } from '../support/chain';
import { parseYaml, PLAIN_CLUSTER, problemText } from './fixture';

/** 184 cores: 23 nodes of 8. */
const LARGE: ClusterDescriptor = {
  ...PLAIN_CLUSTER,
  nodes: [{ role: 'worker', count: 23, cpu: '8', memory: '64Gi', pods: 110 }],
};
const SMALL: ClusterDescriptor = {
  ...PLAIN_CLUSTER,
  nodes: [{ role: 'worker', count: 2, cpu: '4', memory: '8Gi', pods: 110 }],
};

const CLASSES = `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: spare }
value: -10
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: paying }
value: 1000
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: patient }
value: 1000
preemptionPolicy: Never`;

/** A Deployment in the namespace shop whose pods ask for some cores. */
function app(name: string, replicas: number, cores: number, more = ''): string {
  return deployment(
    'shop',
    name,
    `${more}\ncontainers: [{ name: main, image: example.org/app, resources: { requests: { cpu: ${cores} } } }]`,
  ).replace('spec:\n', `spec:\n  replicas: ${replicas}\n`);
}

/** An autoscaler that leaves its target alone, so that the timeline shows the target. */
function watched(name: string, replicas: number): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${name}, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: ${replicas}
  maxReplicas: ${replicas}
  metrics: [{ type: External, external: { metric: { name: none }, target: { type: Value, value: 1 } } }]`;
}

function play(
  cluster: ClusterDescriptor,
  documents: readonly string[],
  scenario: Partial<ScenarioInput> = {},
): Timeline {
  return rehearse({
    name: 'preemption',
    objects: parseYaml(documents.join('\n---\n')),
    cluster,
    scenario: defineScenario(
      { duration: '5m', programs: [{ image: 'example.org/app' }], ...scenario },
      'test',
    ),
  });
}

/** A workload comes a minute after the others. */
function late(workload: string): Partial<ScenarioInput> {
  return { outages: [{ workload, from: '0s', until: '1m' }] };
}

function readyAt(timeline: Timeline, name: string, ms: number): number | undefined {
  const workload = timeline.workloads.find((candidate) => candidate.name === name);
  return workload?.ready[workload.atMs.findLastIndex((time) => time <= ms)];
}

function eventsOf(timeline: Timeline, reason: string) {
  return timeline.events.filter((event) => event.reason === reason);
}

describe('workers on spare cores', () => {
  const documents = [
    CLASSES,
    app('others', 30, 1),
    app('worker', 124, 1, 'priorityClassName: spare'),
    app('paying', 15, 4, 'priorityClassName: paying'),
    watched('worker', 124),
    watched('paying', 15),
  ];
  const pods = { scheduling: '1s', start: '3s', termination: '5s' };
  const timeline = play(LARGE, documents, { ...late('shop/paying'), pods });

  it('give way to an app that goes before them', () => {
    expect(readyAt(timeline, 'worker', 59_000)).toBe(124);
    expect(readyAt(timeline, 'paying', 59_000)).toBe(0);
    const preempted = eventsOf(timeline, 'Preempted');
    expect(preempted.length).toBeGreaterThan(0);
    expect(preempted.every(({ object }) => object.startsWith('Pod shop/worker-'))).toBe(true);
    expect(preempted[0]?.message).toMatch(/^Preempted by pod shop\/paying-\S+ on node plain-worker\d*$/);
  });

  it('no pod of it waits longer than their grace period and the scheduling', () => {
    // Due at 61 s, their room is free at 66 s, their containers run 3 s later.
    expect(readyAt(timeline, 'paying', 68_900)).toBeLessThan(15);
    expect(readyAt(timeline, 'paying', 69_000)).toBe(15);
    const waited = timeline.problems.filter(
      ({ link, object }) => link === 'pods' && object.name === 'paying',
    );
    expect(waited.length).toBeGreaterThan(0);
    expect(new Set(waited.map(({ firstMs, lastMs }) => `${firstMs} to ${lastMs}`))).toEqual(
      new Set(['61000 to 66000']),
    );
  });

  it('keep all cores that are left, and their new pods wait', () => {
    // 184 cores without 30 of the others and 60 of the app.
    expect(readyAt(timeline, 'worker', 300_000)).toBe(94);
    expect(timeline.workloads.find(({ name }) => name === 'worker')?.pods.at(-1)).toBe(124);
    expect(problemText(timeline)).toMatch(
      /pods worker: a pod cannot be scheduled: 0\/23 nodes are available: 23 Insufficient cpu\. preemption: 0\/23 nodes are available: 23 No preemption victims found for incoming pod\./,
    );
  });

  it('come back when the app is gone', () => {
    const outages = [
      { workload: 'shop/paying', from: '0s', until: '1m' },
      { workload: 'shop/paying', from: '2m', until: '4m' },
    ];
    const again = play(LARGE, documents, { outages, pods });
    expect(readyAt(again, 'worker', 119_000)).toBe(94);
    expect(readyAt(again, 'worker', 130_000)).toBe(124);
  });
});

describe('a pod that fits nowhere', () => {
  it('takes the place of nobody with the same priority', () => {
    const timeline = play(SMALL, [CLASSES, app('first', 2, 4), app('second', 1, 4), watched('second', 1)]);
    expect(readyAt(timeline, 'second', 300_000)).toBe(0);
    expect(eventsOf(timeline, 'Preempted')).toHaveLength(0);
  });

  it('waits, if its class says Never, and is tried before others', () => {
    const documents = [
      CLASSES,
      app('first', 2, 4),
      app('second', 1, 4),
      app('patient', 1, 4, 'priorityClassName: patient'),
      watched('second', 1),
      watched('patient', 1),
    ];
    const outages = [
      { workload: 'shop/patient', from: '0s', until: '30s' },
      { workload: 'shop/first', from: '1m', until: '2m' },
    ];
    const waiting = [...documents.slice(0, 2), ...documents.slice(3, 4)];
    const [message] = eventsOf(play(SMALL, waiting, { outages: outages.slice(0, 1) }), 'FailedScheduling');
    expect(message?.message).toContain('preemption: not eligible due to preemptionPolicy=Never.');
    const timeline = play(SMALL, documents, { outages });
    expect(eventsOf(timeline, 'Preempted')).toHaveLength(0);
    expect([readyAt(timeline, 'patient', 59_000), readyAt(timeline, 'patient', 80_000)]).toEqual([0, 1]);
  });

  it('and is too large for any node preempts nobody', () => {
    const large = app('large', 1, 5, 'priorityClassName: paying');
    const timeline = play(SMALL, [CLASSES, app('first', 2, 4), large], late('shop/large'));
    expect(eventsOf(timeline, 'Preempted')).toHaveLength(0);
    expect(problemText(timeline)).toContain(
      '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    );
  });

  it('takes the place of the lowest, and of few rather than many', () => {
    const documents = [
      CLASSES,
      app('many', 4, 1, 'priorityClassName: spare'),
      app('one', 1, 4),
      app('paying', 1, 4, 'priorityClassName: paying'),
    ];
    // The node with four pods of a negative priority is chosen, for the other has a pod of a higher one.
    const timeline = play(SMALL, documents, {
      outages: [{ workload: 'shop/one', from: '0s', until: '20s' }, ...(late('shop/paying').outages ?? [])],
    });
    const victims = eventsOf(timeline, 'Preempted').map(({ object }) => object);
    expect(victims.every((object) => object.startsWith('Pod shop/many'))).toBe(true);
  });
});

describe('the priority of a pod', () => {
  it('is that of the default class, if it names none', () => {
    const fallback = CLASSES.replace('value: 1000', 'value: 1000\nglobalDefault: true');
    const documents = [
      app('spare', 2, 4, 'priorityClassName: spare'),
      app('plain', 1, 4),
      watched('plain', 1),
    ];
    const timeline = play(SMALL, [fallback, ...documents], late('shop/plain'));
    expect(readyAt(timeline, 'plain', 300_000)).toBe(1);
  });

  it('is above all others for what the system needs', () => {
    const critical = app('dns', 1, 4, 'priorityClassName: system-cluster-critical');
    const documents = [
      CLASSES,
      app('paying', 2, 4, 'priorityClassName: paying'),
      critical,
      watched('dns', 1),
    ];
    expect(readyAt(play(SMALL, documents, late('shop/dns')), 'dns', 300_000)).toBe(1);
  });

  it('of a class that does not exist has the API server refuse the pod', () => {
    const timeline = play(SMALL, [app('lost', 1, 1, 'priorityClassName: gone'), watched('lost', 1)]);
    expect(readyAt(timeline, 'lost', 300_000)).toBe(0);
    expect(problemText(timeline)).toMatch(
      /no pod is made: pods "lost-\S+" is forbidden: no PriorityClass with name gone was found/,
    );
  });
});

describe('preempted pods', () => {
  it('of a StatefulSet come back under their name', () => {
    const set = app('db', 2, 4, 'priorityClassName: spare').replace('kind: Deployment', 'kind: StatefulSet');
    const outages = [
      { workload: 'shop/paying', from: '0s', until: '1m' },
      { workload: 'shop/paying', from: '2m', until: '5m' },
    ];
    const autoscaler = watched('db', 2).replace('kind: Deployment', 'kind: StatefulSet');
    const timeline = play(
      SMALL,
      [CLASSES, set, app('paying', 1, 4, 'priorityClassName: paying'), autoscaler],
      { outages },
    );
    expect(eventsOf(timeline, 'Preempted')).toHaveLength(1);
    expect([59_000, 90_000, 299_000].map((ms) => readyAt(timeline, 'db', ms))).toEqual([2, 1, 2]);
  });

  it('without a controller stay away', () => {
    const pod = `apiVersion: v1
kind: Pod
metadata: { name: lone, namespace: shop }
spec:
  priorityClassName: spare
  containers: [{ name: main, image: example.org/app, resources: { requests: { cpu: 4 } } }]`;
    const documents = [CLASSES, pod, app('first', 1, 4), app('paying', 1, 4, 'priorityClassName: paying')];
    const timeline = play(SMALL, documents, late('shop/paying'));
    expect(eventsOf(timeline, 'Preempted').map(({ object }) => object)).toEqual(['Pod shop/lone']);
    expect(problemText(timeline)).not.toContain('lone');
  });
});
