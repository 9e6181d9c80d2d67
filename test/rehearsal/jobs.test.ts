import { NotSupportedError, UsageError } from '../../core/errors';
import { defineScenario, type ClusterDescriptor, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { deployment } from '../support/chain';
import { parseYaml, PLAIN_CLUSTER, problemText } from './fixture';

const APP = `${deployment('shop', 'app', "containers: [{ name: app, image: 'plimsoll/backend:1', ports: [{ name: http, containerPort: 8080 }] }]")}
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ port: 80, targetPort: http }] }
---
`;

/** A container that sleeps for a minute, or does something else. */
const container = (command = '[sleep, 1m]', more = '') =>
  `{ name: main, image: 'curlimages/curl:8', command: ${command}${more} }`;

/** The spec of a Job, in one line. */
const jobSpec = (containers: string, { policy = 'Never', spec = '' } = {}) =>
  `{ ${spec} template: { spec: { restartPolicy: ${policy}, containers: [${containers}] } } }`;

const job = (spec: string, name = 'once') =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n---\n`;

const cronJob = (spec: string, suspend = true) => `apiVersion: batch/v1
kind: CronJob
metadata: { name: load, namespace: shop }
spec: { schedule: '0 0 1 1 *', suspend: ${suspend}, jobTemplate: { spec: ${spec} } }
---
`;

function play(
  yaml: string,
  scenario: Partial<ScenarioInput> = {},
  cluster: Partial<ClusterDescriptor> = {},
): Timeline {
  return rehearse({
    name: 'jobs',
    objects: parseYaml(yaml.replace(/---\n$/, '')),
    cluster: { ...PLAIN_CLUSTER, ...cluster },
    scenario: defineScenario({ duration: '30m', noise: false, ...scenario }, 'test'),
  });
}

/** What happened, in seconds. */
function story({ events }: Timeline, sources = ['job-controller', 'kubelet']) {
  return events
    .filter(({ source }) => sources.includes(source))
    .map(({ atMs, object, reason }) => [atMs / 1000, object.replace(/-[a-z0-9]{5}$/, ''), reason]);
}

describe('a Job', () => {
  it('makes one pod, and is complete when its program has ended', () => {
    const timeline = play(job(jobSpec(container())));
    expect(story(timeline)).toEqual([
      [0, 'Job shop/once', 'SuccessfulCreate'],
      [64, 'Pod shop/once', 'Completed'],
      [64, 'Job shop/once', 'Completed'],
    ]);
    expect(timeline.events.every(({ type }) => type === 'Normal')).toBe(true);
    expect(problemText(timeline)).toBe('');
  });

  it('makes none while it is suspended', () => {
    const timeline = play(job(jobSpec(container(), { spec: 'suspend: true,' })));
    expect([timeline.events, timeline.problems]).toEqual([[], []]);
  });

  it('gives back what its pod used once that has ended', () => {
    const resources = ", resources: { requests: { cpu: '3' } }";
    const nodes: ClusterDescriptor['nodes'] = [
      { role: 'worker', count: 1, cpu: '4', memory: '8Gi', pods: 110 },
    ];
    const yaml =
      job(jobSpec(container('[sleep, 1m]', resources)), 'first') +
      job(jobSpec(container('[sleep, 1m]', resources)), 'second');
    const timeline = play(yaml, {}, { nodes });
    expect(story(timeline)).toContainEqual([64, 'Job shop/first', 'Completed']);
    // Scheduled at once when there is room: started three seconds later.
    expect(story(timeline)).toContainEqual([64 + 3 + 60, 'Job shop/second', 'Completed']);
    expect(problemText(timeline)).toContain('a pod cannot be scheduled: 0/1 nodes are available');
  });

  it('takes its pod out of Services when that has ended', () => {
    const server = "{ name: main, image: 'example.org/batch', ports: [{ name: http, containerPort: 8080 }] }";
    const labelled = `{ template: { metadata: { labels: { app: app } }, spec: { restartPolicy: Never, containers: [${server}, ${container('[sleep, 1m]').replace('main', 'other')}] } } }`;
    const service = APP.slice(APP.indexOf('apiVersion: v1'));
    const programs = [{ image: 'example.org/batch', series: [] }];
    const requests = [30, 80].map((at) => ({ at: `${at}s`, to: 'shop/app:80' }));
    const timeline = play(service + job(labelled), { programs, requests });
    // One of its two containers has ended, so it is not ready any more.
    expect(story(timeline, ['scenario'])).toEqual([
      [30, 'Service shop/app', 'RequestAnswered'],
      [80, 'Service shop/app', 'RequestFailed'],
    ]);
    expect(story(timeline)).toContainEqual([64, 'Pod shop/once', 'Completed']);
    expect(story(timeline)).not.toContainEqual([64, 'Job shop/once', 'Completed']);
  });

  it('is complete whatever its sidecars do', () => {
    const sidecar =
      "initContainers: [{ name: side, image: 'plimsoll/backend:1', restartPolicy: Always }], containers";
    const timeline = play(job(jobSpec(container()).replace('containers', sidecar)));
    expect(story(timeline).at(-1)).toEqual([64, 'Job shop/once', 'Completed']);
  });

  it('is deleted some time after, if it says so', () => {
    const service = APP.slice(APP.indexOf('apiVersion: v1'));
    const spec = jobSpec(container(), { spec: 'ttlSecondsAfterFinished: 60,' });
    const timeline = play(service + job(spec));
    expect(story(timeline).at(-1)).toEqual([64, 'Job shop/once', 'Completed']);
    expect(problemText(timeline)).toBe('');
  });
});

describe('a Job whose program fails', () => {
  /** A curl that nobody answers: it gives up after 10 ms. */
  const failing = container("[curl, 'http://nowhere']");

  it('tries with new pods, later each time, until too many have failed', () => {
    const timeline = play(job(jobSpec(failing, { spec: 'backoffLimit: 2,' })));
    const happened = story(timeline).map(([at, , reason]) => [at, reason]);
    expect(happened).toEqual([
      [0, 'SuccessfulCreate'],
      [4.01, 'Failed'],
      [14.01, 'SuccessfulCreate'],
      [18.02, 'Failed'],
      [38.02, 'SuccessfulCreate'],
      [42.03, 'Failed'],
      [42.03, 'BackoffLimitExceeded'],
    ]);
    expect(problemText(timeline)).toContain(
      'pods once: Job once failed: Job has reached the specified backoff limit',
    );
    expect(problemText(timeline)).toContain('Service shop/nowhere does not exist');
  });

  it('restarts its container where the policy is so, and counts that', () => {
    const spec = jobSpec(failing, { policy: 'OnFailure', spec: 'backoffLimit: 2,' });
    expect(story(play(job(spec))).map(([at, , reason]) => [at, reason])).toEqual([
      [0, 'SuccessfulCreate'],
      [4.01, 'Failed'],
      [14.02, 'Failed'],
      [14.02, 'BackoffLimitExceeded'],
    ]);
  });

  it('is not tried again where it allows no failure', () => {
    for (const policy of ['Never', 'OnFailure']) {
      const timeline = play(job(jobSpec(failing, { policy, spec: 'backoffLimit: 0,' })));
      expect(story(timeline).map(([, , reason]) => reason)).toEqual([
        'SuccessfulCreate',
        'Failed',
        'BackoffLimitExceeded',
      ]);
    }
  });

  it('succeeds once somebody answers', () => {
    const spec = jobSpec(container("[curl, 'http://app/echo']"), { spec: 'backoffLimit: 0,' });
    expect(story(play(APP + cronJob(spec), { runs: [{ cronJob: 'shop/load', at: '10s' }] })).at(-1)).toEqual([
      14.01,
      'Job shop/load-1',
      'Completed',
    ]);
  });

  it.each([
    ['/nothing', '-s', 'Completed'],
    ['/nothing', '-f', 'BackoffLimitExceeded'],
    ['/echo', '-f', 'Completed'],
  ])('looks at the status of %s only if it is told to: curl %s', (path, flag, reason) => {
    const spec = jobSpec(container(`[curl, ${flag}, 'http://app${path}']`), { spec: 'backoffLimit: 0,' });
    const timeline = play(APP + cronJob(spec), { runs: [{ cronJob: 'shop/load', at: '10s' }] });
    expect(story(timeline).at(-1)?.[2]).toBe(reason);
  });

  it('ends with its liveness probe', () => {
    const probe = ', livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 }';
    const timeline = play(job(jobSpec(container('[sleep, 10m]', probe), { spec: 'backoffLimit: 0,' })));
    expect(story(timeline)).toEqual([
      [0, 'Job shop/once', 'SuccessfulCreate'],
      [14, 'Pod shop/once', 'Unhealthy'],
      [14, 'Job shop/once', 'BackoffLimitExceeded'],
    ]);
  });

  it('is ended when it takes too long', () => {
    const timeline = play(job(jobSpec(container(), { spec: 'activeDeadlineSeconds: 30,' })));
    expect(story(timeline)).toEqual([
      [0, 'Job shop/once', 'SuccessfulCreate'],
      [30, 'Job shop/once', 'DeadlineExceeded'],
    ]);
    const inTime = play(job(jobSpec(container(), { spec: 'activeDeadlineSeconds: 90,' })));
    expect(story(inTime).at(-1)).toEqual([64, 'Job shop/once', 'Completed']);
  });

  it('makes no pod that the API server refuses', () => {
    const spec = jobSpec(container()).replace('restartPolicy', 'serviceAccountName: gone, restartPolicy');
    const timeline = play(job(spec));
    expect(story(timeline)).toEqual([[0, 'Job shop/once', 'FailedCreate']]);
    expect(problemText(timeline)).toContain('no pod is made: pods "once-" is forbidden');
  });
});

describe('a CronJob', () => {
  it('makes Jobs when the scenario runs it, and not by itself', () => {
    const runs = [
      { cronJob: 'shop/load', at: '2m' },
      { cronJob: 'shop/load', at: '10m' },
    ];
    const timeline = play(cronJob(jobSpec(container())), { runs });
    expect(story(timeline, ['scenario', 'job-controller'])).toEqual([
      [120, 'CronJob shop/load', 'JobCreated'],
      [120, 'Job shop/load-1', 'SuccessfulCreate'],
      [184, 'Job shop/load-1', 'Completed'],
      [600, 'CronJob shop/load', 'JobCreated'],
      [600, 'Job shop/load-2', 'SuccessfulCreate'],
      [664, 'Job shop/load-2', 'Completed'],
    ]);
    expect(play(cronJob(jobSpec(container()))).events).toEqual([]);
  });

  it('that is not suspended is said to have no schedule here', () => {
    const timeline = play(cronJob(jobSpec(container()), false));
    expect(timeline.events).toEqual([]);
    expect(problemText(timeline)).toContain(
      'pods load: its schedule is not modelled: only the runs of the scenario make Jobs of it',
    );
  });
});

describe('a bare Pod', () => {
  it('that is not to be restarted runs once', () => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: { name: bare, namespace: shop }\nspec: { restartPolicy: Never, containers: [${container()}] }\n`;
    expect(story(play(pod))).toEqual([[64, 'Pod shop/bare', 'Completed']]);
  });
});

describe('a Job that is not modelled', () => {
  it.each([
    [
      'several pods at a time',
      jobSpec(container(), { spec: 'parallelism: 3,' }),
      NotSupportedError,
      '3 pods at a time',
    ],
    [
      'several pods in all',
      jobSpec(container(), { spec: 'completions: 3,' }),
      NotSupportedError,
      'and 3 in all',
    ],
    [
      'a failure policy',
      jobSpec(container(), { spec: 'podFailurePolicy: {},' }),
      NotSupportedError,
      'podFailurePolicy',
    ],
    [
      'pods that always restart',
      jobSpec(container(), { policy: 'Always' }),
      UsageError,
      'spec.template.spec.restartPolicy',
    ],
  ])('is refused: %s', (_, spec, kind, message) => {
    expect(() => play(job(spec))).toThrow(kind);
    expect(() => play(job(spec))).toThrow(message);
    expect(() => play(job(spec))).toThrow('Job shop/once');
  });
});
