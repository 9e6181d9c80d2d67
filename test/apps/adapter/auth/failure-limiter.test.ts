import fc from 'fast-check';
import { FailureLimiter } from '../../../../apps/adapter/auth';

const WINDOW_MS = 10_000;

function limiter(failures = 3) {
  const clock = { now: 1_000_000 };
  const limits = new FailureLimiter({ failures, windowMs: WINDOW_MS }, () => clock.now);
  const fail = (client: string, times: number) => {
    for (let time = 0; time < times; time += 1) limits.count(client);
  };
  return { clock, limits, fail };
}

it('listens to a client that has failed as often as it may, and no more', () => {
  const { limits, fail } = limiter();
  fail('a', 3);
  expect(limits.pauseMs('a')).toBe(0);
  fail('a', 1);
  expect(limits.pauseMs('a')).toBeGreaterThan(0);
  expect(limits.pauseMs('b')).toBe(0);
});

it('says how long to wait: then the client is listened to, and not a moment sooner', () => {
  const { clock, limits, fail } = limiter();
  fail('a', 4);
  const pauseMs = limits.pauseMs('a');
  // Until a quarter of the four has slid out of the window that follows.
  expect(pauseMs).toBe(1.25 * WINDOW_MS);
  clock.now += pauseMs - 1;
  expect(limits.pauseMs('a')).toBe(1);
  clock.now += 1;
  expect(limits.pauseMs('a')).toBe(0);
});

it('lets nobody fail twice as often around the end of a window', () => {
  const { clock, limits, fail } = limiter();
  fail('a', 1);
  clock.now += WINDOW_MS - 1;
  fail('a', 2);
  clock.now += 1;
  expect(limits.pauseMs('a')).toBe(0);
  fail('a', 1);
  expect(limits.pauseMs('a')).toBeCloseTo(WINDOW_MS / 3);
});

it('forgets after two windows without a failure', () => {
  const { clock, limits, fail } = limiter();
  fail('a', 1000);
  clock.now += 2 * WINDOW_MS;
  expect(limits.pauseMs('a')).toBe(0);
  fail('a', 3);
  expect(limits.pauseMs('a')).toBe(0);
});

it('locks nobody out when the clock is set back', () => {
  const { clock, limits, fail } = limiter();
  fail('a', 1000);
  clock.now -= 3_600_000;
  expect(limits.pauseMs('a')).toBe(0);
});

it('remembers a number of clients, of more those that failed last', () => {
  const { limits, fail } = limiter();
  fail('often', 4);
  for (let client = 0; client < 4095; client += 1) limits.count(`10.0.${client >> 8}.${client & 0xff}`);
  expect(limits.pauseMs('often')).toBeGreaterThan(0);
  for (let client = 0; client < 4096; client += 1) limits.count(`10.1.${client >> 8}.${client & 0xff}`);
  expect(limits.pauseMs('often')).toBe(0);
});

it('lets nobody who waits as told fail much more often than the limit in any time as long as a window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 8000 }), { minLength: 1, maxLength: 200 }),
      (most, gaps) => {
        const { clock, limits } = limiter(most);
        const failed: number[] = [];
        for (const gapMs of gaps) {
          clock.now += Math.ceil(gapMs / most);
          if (limits.pauseMs('a') > 0) continue;
          limits.count('a');
          failed.push(clock.now);
        }
        for (const from of failed) {
          const within = failed.filter((ms) => ms >= from && ms < from + WINDOW_MS).length;
          // The share of the window before is an estimate; and the one that makes it too many is let through.
          expect(within).toBeLessThanOrEqual(1.5 * most + 2);
        }
      },
    ),
  );
});
