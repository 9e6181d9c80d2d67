import type { ScenarioInput } from '../../core/model';
import { appProgram, client, conditionOf, finalReplicas, playPlain, problemText, valuesOf } from './fixture';

type Request = NonNullable<ScenarioInput['requests']>[number];

/** The app of the small chain, which is told the value that it exports. */
const TOLD = {
  ...appProgram([]),
  series: [
    {
      name: 'http_requests_total',
      type: 'gauge' as const,
      appears: 'with-first-count' as const,
      setBy: { method: 'POST', path: '/value' },
    },
  ],
};
/** The adapter's rule without a rate. */
const asValue = (yaml: string) =>
  yaml.replace('sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m]))', 'sum(<<.Series>>{<<.LabelMatchers>>})');

const post = (body: string, at: string): Request => ({
  at,
  to: 'shop/app:80',
  method: 'POST',
  path: '/value',
  body,
});

function play(requests: Request[], change = asValue) {
  return playPlain({ duration: '6m', programs: [TOLD], requests }, change);
}

function toldOf(timeline: ReturnType<typeof play>) {
  return timeline.events
    .filter(({ reason }) => reason.startsWith('Request'))
    .map(({ atMs, object, type, message }) => [atMs, object, type, message]);
}

describe('a single request of the scenario', () => {
  it('sets what the program exports, and the autoscaler follows', () => {
    const timeline = play([post('35', '2m')]);
    expect(toldOf(timeline)).toEqual([[120_000, 'Service shop/app', 'Normal', 'POST /value → 200']]);
    expect(finalReplicas(timeline, 'app')).toBe(4);
    expect(problemText(timeline)).not.toContain('load ');
  });

  it('makes a series appear that was never set before', () => {
    const timeline = play([post('5', '2m')]);
    const { syncs, metrics } = timeline.autoscalers[0] ?? {};
    const known = metrics?.[0]?.values.findIndex((value) => value !== null) ?? -1;
    expect(syncs?.atMs[known]).toBeGreaterThan(120_000);
    expect(valuesOf(timeline, 'app').at(-1)).toBe(5);
  });

  it('goes to one pod alone, to that which is ready the longest', () => {
    const timeline = play([post('25', '1m'), post('2', '5m')], (yaml) =>
      asValue(yaml).replace('minReplicas: 1', 'minReplicas: 2'),
    );
    // Two pods, one of which says nothing.
    expect(finalReplicas(timeline, 'app')).toBe(3);
    expect(conditionOf(timeline, 'app', 'ScalingActive')?.status).toBe('True');
  });

  it('crosses no network policy', () => {
    const closed = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
    const timeline = playPlain(
      { duration: '3m', programs: [TOLD], requests: [post('5', '2m')], clients: [client(1)] },
      (yaml) => asValue(yaml) + closed,
      { networkPolicyEnforced: true },
    );
    expect(problemText(timeline)).toContain('ingress is blocked by NetworkPolicy shop/closed');
    expect(toldOf(timeline)).toEqual([[120_000, 'Service shop/app', 'Normal', 'POST /value → 200']]);
  });

  it.each<[string, Request, string]>([
    ['a program that refuses it', post('much', '2m'), 'POST /value → 400'],
    [
      'a Service that has no such port',
      { at: '2m', to: 'shop/app:81' },
      'GET / to shop/app:81: the Service has no port 81',
    ],
    [
      'a Service that does not exist',
      { at: '2m', to: 'shop/ap:80' },
      'GET / to shop/ap:80: Service shop/ap does not exist',
    ],
    [
      'pods that are not ready',
      { at: '1s', to: 'shop/app:80' },
      'GET / to shop/app:80: no pod behind the Service is ready',
    ],
  ])('that fails is told, for %s', (_, request, message) => {
    const timeline = play([request]);
    expect(toldOf(timeline)).toMatchObject([[expect.any(Number), expect.any(String), 'Warning', message]]);
    expect(problemText(timeline)).toContain(message);
    expect(timeline.problems.find((problem) => problem.message === message)?.lastMs).toBe(360_000);
  });

  it('that reaches a port where nothing listens fails', () => {
    const timeline = play([post('5', '2m')], (yaml) => yaml.replace('targetPort: http', 'targetPort: 9999'));
    expect(problemText(timeline)).toMatch(
      /POST \/value to shop\/app:80: nothing listens on port 9999 of pod app-/,
    );
    const unnamed = play([post('5', '2m')], (yaml) => yaml.replace('targetPort: http', 'targetPort: web'));
    expect(problemText(unnamed)).toContain('POST /value to shop/app:80: no container port is called "web"');
  });
});
