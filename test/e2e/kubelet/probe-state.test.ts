import { nextBackOff } from './back-off';
import { demandsRestart, initialProbeState, probed, type ProbeKind } from './probe-state';

const THRESHOLDS = { successThreshold: 2, failureThreshold: 3 };

function after(kind: ProbeKind, outcomes: readonly boolean[]) {
  return outcomes.reduce((state, success) => probed(state, success, THRESHOLDS), initialProbeState(kind));
}

test('changes once an outcome came as often in a row as the probe says', () => {
  expect(after('readiness', []).healthy).toBe(false);
  expect(after('readiness', [true]).healthy).toBe(false);
  expect(after('readiness', [true, true]).healthy).toBe(true);
  expect(after('readiness', [true, true, false, false]).healthy).toBe(true);
  expect(after('readiness', [true, true, false, false, true, false]).healthy).toBe(true);
  expect(after('readiness', [true, true, false, false, false]).healthy).toBe(false);
});

test('takes a container for alive before the first answer', () => {
  expect(after('liveness', []).healthy).toBe(true);
});

test('restarts for startup and liveness, never for readiness', () => {
  const failed = [false, false, false];
  const restart = (kind: ProbeKind, outcomes: readonly boolean[]) =>
    demandsRestart(kind, after(kind, outcomes), THRESHOLDS);
  expect(restart('liveness', failed)).toBe(true);
  expect(restart('startup', failed)).toBe(true);
  expect(restart('readiness', failed)).toBe(false);
  expect(restart('liveness', [false, false])).toBe(false);
});

test('waits longer after each exit, up to five minutes, and begins anew after ten without one', () => {
  let back = nextBackOff(undefined, 0);
  const waits = [back.waitMs];
  for (let exit = 1; exit < 8; exit++) {
    back = nextBackOff(back, exit * 1000);
    waits.push(back.waitMs);
  }
  expect(waits.map((ms) => ms / 1000)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  expect(nextBackOff(back, back.endedAtMs + 600_001).waitMs).toBe(0);
});
