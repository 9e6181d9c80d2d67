import { UsageError } from '../../core/errors';
import { defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { deployment } from '../support/chain';
import { appProgram, parseYaml, PLAIN_CLUSTER, playPlain, problemText, valuesOf } from './fixture';

const APP = `${deployment('shop', 'app', "containers: [{ name: app, image: 'example.org/app:1', ports: [{ name: http, containerPort: 8080 }] }]")}
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ port: 80, targetPort: http }] }
`;

/** A suspended CronJob of these words. */
function load(command: readonly string[]): string {
  return `---
apiVersion: batch/v1
kind: CronJob
metadata: { name: load, namespace: shop }
spec:
  schedule: '0 0 1 1 *'
  suspend: true
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: load, image: 'plimsoll/load-test:1', command: ${JSON.stringify(command)} }]
`;
}

const RUN = { cronJob: 'shop/load', at: '30s' };
/** When the container of the run begins. */
const STARTED_MS = 34_000;

function play(command: readonly string[], scenario: Partial<ScenarioInput> = {}, app = APP): Timeline {
  return rehearse({
    name: 'load',
    objects: parseYaml(app + load(command)),
    cluster: PLAIN_CLUSTER,
    scenario: defineScenario(
      { duration: '15m', programs: [appProgram()], runs: [RUN], noise: false, ...scenario },
      'test',
    ),
  });
}

const hey = (flags: string) => ['hey', ...flags.split(' '), 'http://app.shop'];
const loop = (script: string) => ['sh', '-c', script];

function ended(timeline: Timeline) {
  const event = timeline.events.find(({ reason }) => reason === 'LoadEnded');
  return event && [event.message, event.atMs];
}

/** Requests a second that were sent at a time. */
function sentAt({ loads }: Timeline, atMs: number): number | undefined {
  const [only] = loads;
  return only?.sent[only.atMs.findLastIndex((time) => time <= atMs)];
}

const sentAll = (count: number) => `sent ${count} requests to shop/app:80, ${count} of them were answered`;

describe('hey', () => {
  it.each([true, false])(
    'with a rate per worker and a number of requests sends exactly those, noise %p',
    (noise) => {
      const timeline = play(hey('-q 25 -c 10 -n 45000'), { noise });
      expect(sentAt(timeline, STARTED_MS)).toBe(250);
      expect(sentAt(timeline, STARTED_MS + 179_999)).toBe(250);
      expect(ended(timeline)).toEqual([sentAll(45_000), STARTED_MS + 180_000]);
      expect(sentAt(timeline, 600_000)).toBe(0);
    },
  );

  it('with a rate per worker and a duration sends for so long', () => {
    const timeline = play(hey('-z 10m -c 5 -q 5 -disable-keepalive'));
    expect(sentAt(timeline, 60_000)).toBe(25);
    expect(ended(timeline)).toEqual([sentAll(15_000), STARTED_MS + 600_000]);
  });

  it('without a rate sends as fast as answers come', () => {
    const timeline = play(hey('-n 200 -c 2'));
    expect(sentAt(timeline, STARTED_MS)).toBe(400);
    expect(ended(timeline)).toEqual([sentAll(200), STARTED_MS + 500]);
  });

  it('is as slow as the workload that answers', () => {
    const latencies = [
      { workload: 'shop/app', latency: '100ms' },
      { workload: 'shop/app', at: '2m', latency: '1s' },
    ];
    const timeline = play(hey('-z 5m -c 5 -q 5'), { latency: '20ms', latencies });
    expect(sentAt(timeline, 60_000)).toBe(25);
    expect(sentAt(timeline, 121_000)).toBe(5);
    expect(ended(timeline)?.[0]).toBe(sentAll((120 - 34) * 25 + (334 - 120) * 5));
    const event = timeline.events.find(({ reason, atMs }) => reason === 'LatencyChanged' && atMs > 0);
    expect(event).toMatchObject({ atMs: 120_000, object: 'shop/app', message: 'answers take 1s' });
  });

  it('takes longer for its requests when answers become slower', () => {
    const latencies = [{ workload: 'shop/app', at: '34.25s', latency: '10ms' }];
    expect(ended(play(hey('-n 200 -c 2'), { latencies }))).toEqual([sentAll(200), STARTED_MS + 750]);
  });

  it('sends at the rate that the scenario says, and no more requests', () => {
    const change = { generator: 'shop/load', at: '35s', rate: 50 };
    const timeline = play(hey('-q 1 -c 10 -n 210'), { load: [change] });
    expect([sentAt(timeline, 34_500), sentAt(timeline, 35_500)]).toEqual([10, 50]);
    expect(ended(timeline)).toEqual([sentAll(210), STARTED_MS + 1000 + 4000]);
  });

  it('keeps the connections of its workers where they are', () => {
    const app = APP.replace('spec:\n', 'spec:\n  replicas: 4\n');
    const sent = (command: readonly string[], noise: boolean) => ended(play(command, { noise }, app))?.[0];
    for (const noise of [true, false]) {
      expect(sent(hey('-n 1000 -c 7'), noise)).toBe(sentAll(994));
      expect(sent(hey('-n 1000 -c 7 -disable-keepalive'), noise)).toBe(sentAll(994));
    }
  });

  it('tries all the same where nothing answers', () => {
    const app = APP.replace(
      'containerPort: 8080',
      'containerPort: 8080 }, { name: other, containerPort: 1',
    ).replace('targetPort: http', 'targetPort: 9999');
    const timeline = play(hey('-n 200 -c 2'), {}, app);
    expect(ended(timeline)).toEqual([
      'sent 200 requests to shop/app:80, 0 of them were answered',
      STARTED_MS + 500,
    ]);
    expect(problemText(timeline)).toContain('nothing listens on port 9999');
    expect(timeline.events.at(-1)).toMatchObject({ source: 'job-controller', reason: 'Completed' });
  });

  it('starts again in a Deployment once it has ended', () => {
    const pod =
      "containers: [{ name: load, image: 'williamyeh/hey', args: ['-n', '100', '-c', '1', 'http://app'] }]";
    const timeline = rehearse({
      name: 'restarts',
      objects: parseYaml(`${APP}---\n${deployment('shop', 'load', pod)}\n`),
      cluster: PLAIN_CLUSTER,
      scenario: defineScenario({ duration: '1m', programs: [appProgram()] }, 'test'),
    });
    const ends = timeline.events.filter(({ reason }) => reason === 'Completed').map(({ atMs }) => atMs);
    expect(ends).toEqual([4500, 15_000, 35_500]);
  });

  it('makes the metric that it should', () => {
    const timeline = playPlain(
      { duration: '5m', runs: [RUN], noise: true },
      (yaml) => yaml.replace('maxReplicas: 10', 'maxReplicas: 1') + load(hey('-q 25 -c 10 -n 45000')),
    );
    const values = valuesOf(timeline, 'app').flatMap((value) => value ?? []);
    expect(Math.max(...values)).toBeCloseTo(250, 0);
  });
});

describe('a loop of curl', () => {
  const script = 'for i in $(seq 1 1 3000); do curl -sL http://app.shop.svc; sleep 0.1; done';

  it('sends some nine requests a second, and ends', () => {
    const timeline = play(loop(script));
    expect(sentAt(timeline, 60_000)).toBeCloseTo(1000 / 110, 6);
    expect(ended(timeline)).toEqual([sentAll(3000), STARTED_MS + 3000 * 110]);
  });

  it('is slowed down by latency', () => {
    const timeline = play(loop(script), { latency: '50ms' });
    expect(sentAt(timeline, 60_000)).toBeCloseTo(1000 / 155, 6);
  });

  it('rests after its last request too, before it ends', () => {
    const timeline = play(loop('for i in 1 2; do curl http://app; sleep 60; done'), { noise: true });
    expect(ended(timeline)).toEqual([sentAll(2), STARTED_MS + 2 * 60_010]);
  });

  it('never ends where it sleeps for ever', () => {
    const timeline = play(loop('curl http://app; sleep infinity'));
    expect(ended(timeline)).toBeUndefined();
    expect(problemText(timeline)).toBe('');
  });
});

describe('a scenario that names what is not there', () => {
  it.each<[string, Partial<ScenarioInput>, string]>([
    [
      'a CronJob',
      { runs: [{ cronJob: 'shop/lod', at: '1m' }] },
      'run of shop/lod: there is no CronJob of that name; there is: shop/load',
    ],
    [
      'a workload that answers',
      { latencies: [{ workload: 'shop/ap', latency: '1s' }] },
      'latency of shop/ap: there is no such workload; there is: shop/app, shop/load',
    ],
    [
      'a load generator',
      { load: [{ generator: 'shop/app', rate: 1 }] },
      'load of shop/app: no workload of that name sends requests; those that do: shop/load',
    ],
  ])('is refused: %s', (_, scenario, message) => {
    expect(() => play(hey('-c 1'), scenario)).toThrow(UsageError);
    expect(() => play(hey('-c 1'), scenario)).toThrow(message);
  });
});
