import { type ContainerView, nextSteps, type PodPlan } from './lifecycle';

const ABSENT: ContainerView = { state: 'waiting', exitCode: 0, busy: false, started: false, notBeforeMs: 0 };
const RUNS: ContainerView = { ...ABSENT, state: 'running', started: true };
const exited = (exitCode: number): ContainerView => ({ ...ABSENT, state: 'exited', exitCode });

const PLAN: PodPlan = {
  restartPolicy: 'Always',
  init: [
    { name: 'proxy', sidecar: true },
    { name: 'prepare', sidecar: false },
  ],
  main: ['app', 'agent'],
};

function steps(views: Readonly<Record<string, ContainerView>>, plan = PLAN, nowMs = 0) {
  return nextSteps(plan, new Map(Object.entries(views)), nowMs);
}

test('starts init containers one after another, then all others', () => {
  expect(steps({})).toMatchObject({ start: ['proxy'], initialized: false });
  expect(steps({ proxy: { ...RUNS, started: false } }).start).toEqual([]);
  expect(steps({ proxy: RUNS }).start).toEqual(['prepare']);
  expect(steps({ proxy: RUNS, prepare: { ...RUNS } }).start).toEqual([]);
  expect(steps({ proxy: RUNS, prepare: exited(0) })).toMatchObject({
    ...{ start: ['app', 'agent'], initialized: true, outcome: 'running' },
  });
});

test('runs an init container again that failed, unless the pod is never to restart', () => {
  const views = { proxy: RUNS, prepare: exited(1) };
  expect(steps(views).start).toEqual(['prepare']);
  expect(steps(views, { ...PLAN, restartPolicy: 'Never' })).toMatchObject({ outcome: 'failed', start: [] });
});

test('restarts what ended, and a sidecar too, but no init container', () => {
  const views = { proxy: exited(1), prepare: exited(0), app: exited(0), agent: RUNS };
  expect(steps(views)).toMatchObject({ start: ['proxy', 'app'], initialized: true });
});

test('waits for the back-off, and says until when', () => {
  const late = { ...exited(1), notBeforeMs: 500 };
  expect(steps({ proxy: RUNS, prepare: exited(0), app: late, agent: RUNS }, PLAN, 100)).toMatchObject({
    ...{ start: [], wakeAtMs: 500 },
  });
  expect(steps({ proxy: RUNS, prepare: exited(0), app: late, agent: RUNS }, PLAN, 500).start).toEqual([
    'app',
  ]);
});

test.each([
  ['OnFailure', 0, 'succeeded'],
  ['Never', 0, 'succeeded'],
  ['Never', 3, 'failed'],
])('with %s and exit code %i it has %s', (restartPolicy, code, outcome) => {
  const plan = { restartPolicy, init: [], main: ['app'] };
  expect(steps({ app: exited(code) }, plan)).toMatchObject({ outcome, start: [] });
});

test('starts nothing twice', () => {
  expect(steps({ proxy: { ...ABSENT, busy: true } }).start).toEqual([]);
});
