import { NotSupportedError } from '../../core/errors';
import { client, conditionOf, playPlain, problemText, valuesOf } from './fixture';

const SCENARIO = { duration: '3m', clients: [client(20)] };

/** Plays the chain without one document, or with another text in it. */
function playWithout(name: string) {
  return playPlain(SCENARIO, (yaml) =>
    yaml
      .split('\n---\n')
      .filter((document) => !document.includes(`metadata: { name: ${name}`))
      .join('\n---\n'),
  );
}

function playWith(replace: string, by: string) {
  return playPlain(SCENARIO, (yaml) => {
    if (!yaml.includes(replace)) throw new Error(`the chain does not contain ${replace}`);
    return yaml.replace(replace, by);
  });
}

function reasonOf(timeline: ReturnType<typeof playPlain>): string {
  return conditionOf(timeline, 'app', 'ScalingActive')?.message ?? '';
}

describe('without a role that the chain needs', () => {
  it('has values as long as nothing is missing', () => {
    expect(valuesOf(playPlain(SCENARIO), 'app').at(-1)).not.toBeNull();
  });

  it.each([
    [
      'adapter-authentication',
      'the server is currently unable to handle the request (get pods.custom.metrics.k8s.io *)',
      'the adapter does not start: ServiceAccount monitoring/adapter may not get configmaps',
    ],
    [
      'adapter-delegator',
      'subjectaccessreviews.authorization.k8s.io is forbidden',
      'refuses everybody: ServiceAccount monitoring/adapter may not create',
    ],
    [
      'adapter-reader',
      'Internal error occurred: unable to list matching resources',
      'may not list pods in namespace shop',
    ],
  ])('%s, the controller says so', (name, condition, why) => {
    const timeline = playWithout(name);
    expect(valuesOf(timeline, 'app').every((value) => value === null)).toBe(true);
    expect(reasonOf(timeline)).toContain(condition);
    expect(problemText(timeline)).toContain(why);
  });

  it.each([
    ['prometheus', 'discovery app: no targets are found'],
    ['operator', 'discovery main: no server is made of it'],
  ])('the metric stays unknown without that of the %s', (account, why) => {
    const subject = `subjects: [{ kind: ServiceAccount, name: ${account}, namespace: monitoring }]`;
    const timeline = playWith(subject, subject.replace(account, 'nobody'));
    expect(valuesOf(timeline, 'app').every((value) => value === null)).toBe(true);
    expect(problemText(timeline)).toContain(why);
    expect(problemText(timeline)).toContain(`ServiceAccount monitoring/${account} may not list, watch`);
  });
});

describe('with a reference that leads elsewhere', () => {
  it.each([
    ['http://prometheus.monitoring', 'https://prometheus.monitoring', 'it serves http, not https'],
    [':9090/', ':9090/prometheus/', 'it serves its API below /, not below /prometheus/'],
    ['--secure-port=6443', '--secure-port=8443', 'leads to port 6443, and the adapter listens on 8443'],
    ['--metrics-relist-interval', '--relist', 'the adapter does not run'],
    [
      `'http_requests_total{namespace!="",pod!=""}'`,
      `'{namespace=~".*"}'`,
      'series cannot be listed: bad_data: match[] must contain at least one non-empty matcher',
    ],
    [
      'service: { name: adapter, namespace: monitoring }',
      'service: { name: adapter, namespace: monitoring, port: 1 }',
      'Service monitoring/adapter does not have the port that the APIService names',
    ],
  ])('%s → %s, the metric stays unknown', (replace, by, why) => {
    const timeline = playWith(replace, by);
    expect(valuesOf(timeline, 'app').every((value) => value === null)).toBe(true);
    expect(problemText(timeline)).toContain(why);
  });

  it('finds no target in another API group', () => {
    const timeline = playWith(
      'apiVersion: apps/v1, kind: Deployment, name: app',
      'apiVersion: extensions/v1beta1, kind: Deployment, name: app',
    );
    expect(conditionOf(timeline, 'app', 'AbleToScale')?.message).toContain(
      'no matches for kind "Deployment" in group "extensions"',
    );
  });

  it('does not read an autoscaler of a version that is gone', () => {
    expect(() => playWith('autoscaling/v2', 'autoscaling/v2beta2')).toThrow(NotSupportedError);
  });
});

describe('a target whose pod is gone', () => {
  it('is no broken link while discovery has not noticed yet', () => {
    const clients = [
      {
        ...client(60),
        steps: [
          { at: '0s', rate: 60 },
          { at: '3m', rate: 0 },
        ],
      },
    ];
    const timeline = playPlain({ duration: '15m', clients });
    expect(timeline.workloads.find(({ name }) => name === 'app')?.pods).toContain(6);
    expect(timeline.problems.filter(({ link, firstMs }) => link === 'scrape' && firstMs > 180_000)).toEqual(
      [],
    );
  });
});
