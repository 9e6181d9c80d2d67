import { type HpaPod } from '../../../core/hpa';
import { countedValues, groupPods } from '../../../core/hpa/pod-groups';
import { MINUTE, NOW, pod, samples, SECOND, UNIT_TEST_CONFIG } from './support';

function groupOf(overrides: Partial<HpaPod>, resource: string, sampleAt: number | undefined = NOW): string {
  const metrics = samples(sampleAt === -1 ? [undefined] : [1], sampleAt);
  const groups = groupPods([pod('pod-0', overrides)], metrics, resource, NOW, UNIT_TEST_CONFIG);
  if (groups.readyCount === 1) return 'ready';
  if (groups.unready.has('pod-0')) return 'unready';
  return groups.missing.has('pod-0') ? 'missing' : 'ignored';
}

const NO_SAMPLE = -1;
const STARTED_A_MINUTE_AGO = NOW - MINUTE;
const READY = 'True';

describe('groupPods', () => {
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
    expect(groupOf({ ready: { status: 'False', sinceMs: NOW }, startTimeMs: NOW }, resource)).toBe('ready');
    expect(groupOf({ ready: undefined, startTimeMs: undefined }, resource)).toBe('ready');
    expect(groupOf({ phase: 'Pending' }, resource)).toBe('unready');
  });

  it('needs a Ready condition and a start time for CPU', () => {
    expect(groupOf({ ready: undefined }, 'cpu')).toBe('unready');
    expect(groupOf({ startTimeMs: undefined }, 'cpu')).toBe('unready');
  });

  it.each([
    ['not ready', 'False', NOW - 2 * MINUTE, NOW, 'unready'],
    ['of unknown readiness', 'Unknown', NOW - 2 * MINUTE, NOW, 'ready'],
    ['ready, with a full window since', READY, NOW - MINUTE, NOW, 'ready'],
    ['ready, with less than a window since', READY, NOW - MINUTE + 1, NOW, 'unready'],
  ] as const)('within the initialization period, a pod %s', (_name, status, sinceMs, sampleAt, group) => {
    expect(groupOf({ ready: { status, sinceMs }, startTimeMs: STARTED_A_MINUTE_AGO }, 'cpu', sampleAt)).toBe(
      group,
    );
  });

  it('leaves the initialization period at its very end', () => {
    const startTimeMs = NOW - UNIT_TEST_CONFIG.cpuInitializationMs;
    const ready = { status: READY, sinceMs: NOW } as const;
    expect(groupOf({ ready, startTimeMs }, 'cpu')).toBe('ready');
    expect(groupOf({ ready, startTimeMs: startTimeMs + 1 }, 'cpu')).toBe('unready');
  });

  it('later distinguishes a pod that was never ready from one that no longer is', () => {
    const startTimeMs = NOW - 10 * MINUTE;
    const since = (ms: number): string =>
      groupOf({ ready: { status: 'False', sinceMs: startTimeMs + ms }, startTimeMs }, 'cpu');
    expect(since(5 * SECOND)).toBe('unready');
    expect(since(10 * SECOND)).toBe('ready');
    expect(since(5 * MINUTE)).toBe('ready');
  });

  it('compares times to the nanosecond', () => {
    const startTimeMs = NOW - UNIT_TEST_CONFIG.cpuInitializationMs;
    const ready = { status: READY, sinceMs: NOW } as const;
    expect(groupOf({ ready, startTimeMs: startTimeMs + 1e-6 }, 'cpu')).toBe('unready');
    expect(groupOf({ ready, startTimeMs: startTimeMs + 1e-8 }, 'cpu')).toBe('ready');
  });
});

describe('countedValues', () => {
  it('drops the samples of ignored and unready pods and keeps those of unknown ones', () => {
    const pods = [pod('pod-0', { phase: 'Failed' }), pod('pod-1', { phase: 'Pending' }), pod('pod-2')];
    const metrics = samples([1, 2, 3, 4]);
    const groups = groupPods(pods, metrics, '', NOW, UNIT_TEST_CONFIG);
    expect([...countedValues(metrics, groups)]).toEqual([
      ['pod-2', 3n],
      ['pod-3', 4n],
    ]);
  });
});
