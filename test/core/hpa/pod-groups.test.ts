import { type HpaPod, type Nanoseconds } from '../../../core/hpa';
import { plainReplicas } from '../../../core/hpa/controller/per-pod-replicas';
import { groupOfPod, type PodGroup } from '../../../core/hpa/controller/pod-groups';
import { MINUTE, NOW, pod, samples, SECOND, UNIT_TEST_CONFIG, viewOf } from './support';

function groupOf(overrides: Partial<HpaPod>, resource: string, sampleAt: Nanoseconds = NOW): PodGroup {
  const sample = sampleAt === NO_SAMPLE ? undefined : samples([1], sampleAt).get('pod-0');
  return groupOfPod(pod('pod-0', overrides), sample, resource, NOW, UNIT_TEST_CONFIG);
}

const NO_SAMPLE = -1;
const STARTED_A_MINUTE_AGO = NOW - MINUTE;
const READY = 'True';

describe('groupOfPod', () => {
  it.each([
    ['deleted, even if pending', { deleting: true, phase: 'Pending' }, 'ignored'],
    ['failed', { phase: 'Failed' }, 'ignored'],
    ['pending, even without a sample', { phase: 'Pending' }, 'unready'],
    ['succeeded', { phase: 'Succeeded' }, 'missing'],
    ['running', {}, 'missing'],
  ] as const)('without a sample, a %s pod', (_name, overrides, group) => {
    expect(groupOf(overrides, 'cpu', NO_SAMPLE)).toBe(group);
  });

  it.each(['memory', ''])('does not look at readiness for resource "%s"', (resource) => {
    expect(groupOf({ ready: { status: 'False', since: NOW }, startTime: NOW }, resource)).toBe('ready');
    expect(groupOf({ ready: undefined, startTime: undefined }, resource)).toBe('ready');
    expect(groupOf({ phase: 'Pending' }, resource)).toBe('unready');
  });

  it('needs a Ready condition and a start time for CPU', () => {
    expect(groupOf({ ready: undefined }, 'cpu')).toBe('unready');
    expect(groupOf({ startTime: undefined }, 'cpu')).toBe('unready');
  });

  it.each([
    ['not ready', 'False', NOW - 2 * MINUTE, NOW, 'unready'],
    ['of unknown readiness', 'Unknown', NOW - 2 * MINUTE, NOW, 'ready'],
    ['ready, with a full window since', READY, NOW - MINUTE, NOW, 'ready'],
    ['ready, with less than a window since', READY, NOW - MINUTE + 1, NOW, 'unready'],
  ] as const)('within the initialization period, a pod %s', (_name, status, since, sampleAt, group) => {
    expect(groupOf({ ready: { status, since }, startTime: STARTED_A_MINUTE_AGO }, 'cpu', sampleAt)).toBe(
      group,
    );
  });

  it('leaves the initialization period at its very end, to the nanosecond', () => {
    const startTime = NOW - UNIT_TEST_CONFIG.cpuInitializationPeriod;
    const ready = { status: READY, since: NOW } as const;
    expect(groupOf({ ready, startTime }, 'cpu')).toBe('ready');
    expect(groupOf({ ready, startTime: startTime + 1 }, 'cpu')).toBe('unready');
  });

  it('later distinguishes a pod that was never ready from one that no longer is', () => {
    const startTime = NOW - 10 * MINUTE;
    const since = (time: Nanoseconds): PodGroup =>
      groupOf({ ready: { status: 'False', since: startTime + time }, startTime }, 'cpu');
    expect(since(5 * SECOND)).toBe('unready');
    expect(since(10 * SECOND)).toBe('ready');
    expect(since(5 * MINUTE)).toBe('ready');
  });
});

it('drops the samples of ignored and unready pods and keeps those of unknown ones', () => {
  const pods = [pod('pod-0', { phase: 'Failed' }), pod('pod-1', { phase: 'Pending' }), pod('pod-2')];
  const metrics = samples([10, 20, 30, 50]);
  expect(plainReplicas(metrics, '', 40, viewOf(pods, 1))).toMatchObject({ usage: 40 });
});
