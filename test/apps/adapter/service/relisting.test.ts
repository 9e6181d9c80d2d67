import { Registry, type DiscoveryResult } from '../../../../core/adapter';
import { parseAdapterConfig } from '../../../../core/rules';
import { Relisting } from '../../../../apps/adapter/service/relisting';
import type { PrometheusSource } from '../../../../apps/adapter/sources';
import { ManualTimers } from '../manual-timers';

type Reply = Awaited<ReturnType<PrometheusSource['labelValues']>>;

const DOWN: Reply = { error: 'connection refused', unavailable: true };
const REFUSED: Reply = { error: 'bad_data: parse error' };
const INTERVAL_MS = 600_000;

let timers: ManualTimers;
let asked: string[];
let answer: (match: string) => Reply | Promise<Reply>;
let listed: ReadonlyMap<string, DiscoveryResult>[];
let warnings: string[];
let failed: string[];
let config: string;

beforeEach(() => {
  timers = new ManualTimers();
  asked = [];
  answer = () => ({ values: [] });
  listed = [];
  warnings = [];
  failed = [];
  config = configOf('queue_depth', 'jobs_waiting');
});

test('a listing is made at once, and then at the interval', async () => {
  const relisting = relistingOf();
  await relisting.start();
  expect(asked).toEqual(['queue_depth', 'jobs_waiting']);
  expect(timers.pending).toEqual([INTERVAL_MS]);
  timers.advance(INTERVAL_MS);
  await timers.until(() => timers.pending.length > 0);
  expect(asked).toHaveLength(4);
  expect(listed).toHaveLength(2);
  await relisting.stop();
  expect(timers.pending).toEqual([]);
});

test('listings go on after the clock was set back', async () => {
  const relisting = relistingOf();
  await relisting.start();
  timers.setBack(3_600_000);
  timers.advance(INTERVAL_MS);
  await timers.until(() => timers.pending.length > 0);
  expect(asked).toHaveLength(4);
  expect(timers.pending).toEqual([INTERVAL_MS]);
  await relisting.stop();
});

test('what comes while it lists is listed after it, once, and one alarm is set', async () => {
  const relisting = relistingOf();
  const release = held({ values: [] });
  const first = relisting.start();
  config = configOf('others');
  const others = [relisting.start(), relisting.start(), relisting.start()];
  answer = () => ({ values: [] });
  release();
  await Promise.all([first, ...others]);
  expect(asked.filter((match) => match === 'others')).toHaveLength(1);
  expect(timers.pending).toEqual([INTERVAL_MS]);
  await relisting.stop();
});

test('what comes at the very end of a listing is listed before its caller is told', async () => {
  for (let ticks = 0; ticks < 40; ticks += 1) {
    listed = [];
    answer = () => ({ values: [] });
    const relisting = relistingOf();
    const first = relisting.start();
    answer = () => new Promise((resolve) => setImmediate(() => resolve({ values: [] })));
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    await relisting.start();
    expect([ticks, listed.length]).toEqual([ticks, 2]);
    await first;
    await relisting.stop();
  }
});

test('a source that is down is asked again soon, ever less often, and a selector that it refuses is not', async () => {
  const relisting = relistingOf();
  answer = (match) => (match === 'queue_depth' ? DOWN : REFUSED);
  await relisting.start();
  const pauses: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const [pause = 0] = timers.pending;
    pauses.push(pause);
    timers.advance(pause);
    await timers.until(() => timers.pending.length > 0);
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(asked.filter((match) => match === 'jobs_waiting')).toHaveLength(1);
  // As long as nothing was listed, it is as old as the first try.
  expect(relisting.ages()).toEqual(new Map([['', 121_000]]));
  expect(relisting.problems).toEqual([
    'externalRules[0]: connection refused',
    'externalRules[1]: bad_data: parse error',
  ]);
  answer = () => ({ values: [] });
  timers.advance(30_000);
  await timers.until(() => timers.pending.length > 0);
  expect(relisting.ages()).toEqual(new Map([['', 0]]));
  expect(relisting.problems).toEqual(['externalRules[1]: bad_data: parse error']);
  await relisting.stop();
});

test('a source that is down is asked with pauses, even if listings have none', async () => {
  const relisting = relistingOf(0);
  answer = () => DOWN;
  await relisting.start();
  expect(timers.pending).toEqual([1000]);
  timers.advance(1000);
  await timers.until(() => timers.pending.length > 0);
  expect(timers.pending).toEqual([2000]);
  await relisting.stop();
});

test('a problem is told when it is new, and counted each time', async () => {
  const relisting = relistingOf();
  answer = () => REFUSED;
  await relisting.start();
  await relisting.start();
  expect(warnings).toHaveLength(2);
  expect(failed).toHaveLength(4);
  await relisting.stop();
});

test('a source that is slow keeps no other waiting', async () => {
  config = JSON.stringify({
    externalRules: [
      { seriesQuery: 'slow_depth', plimsoll: { source: 'slow' } },
      { seriesQuery: 'queue_depth' },
    ],
    plimsoll: { sources: { slow: { url: 'http://slow' } } },
  });
  const relisting = relistingOf();
  let release = (): void => undefined;
  answer = (match) =>
    match === 'slow_depth'
      ? new Promise((resolve) => (release = () => resolve({ values: [] })))
      : { values: ['queue_depth'] };
  const done = relisting.start();
  await new Promise((resolve) => setImmediate(resolve));
  expect(listed.map((results) => [...results.keys()])).toEqual([['queue_depth']]);
  release();
  await done;
  expect(listed).toHaveLength(2);
  await relisting.stop();
});

test('rules that are gone have neither problems nor an age', async () => {
  const relisting = relistingOf();
  answer = () => REFUSED;
  await relisting.start();
  config = JSON.stringify({ rules: [] });
  await relisting.start();
  expect([relisting.problems, relisting.ages().size]).toEqual([[], 0]);
  await relisting.stop();
});

test('a stop ends a listing that is under way, and nothing is told of it', async () => {
  const relisting = relistingOf();
  const release = held(DOWN);
  void relisting.start();
  const stopped = relisting.stop();
  release();
  await stopped;
  await relisting.start();
  expect([listed, warnings, failed, timers.pending]).toEqual([[], [], [], []]);
});

/** Answers nothing until it is told to. @returns what tells it */
function held(reply: Reply): () => void {
  const waiting: (() => void)[] = [];
  answer = () => new Promise((resolve) => waiting.push(() => resolve(reply)));
  return () => {
    for (const release of waiting.splice(0)) release();
  };
}

function relistingOf(intervalMs = INTERVAL_MS): Relisting {
  return new Relisting({
    registry: () =>
      Registry.tolerant(parseAdapterConfig(config, 'test'), [], { gate: 'named', rootScope: 'cluster' }),
    source: () => ({
      labelNames: () => Promise.resolve({ values: [] }),
      labelValues: async (_, [match = '']) => {
        asked.push(match);
        return answer(match);
      },
    }),
    intervalMs,
    maxAgeMs: INTERVAL_MS,
    timers,
    random: () => 0.5,
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => void warnings.push(message),
      error: () => undefined,
    },
    onListed: (results) => void listed.push(results),
    onFailure: ({ selector }) => void failed.push(selector),
  });
}

function configOf(...series: readonly string[]): string {
  return JSON.stringify({ externalRules: series.map((seriesQuery) => ({ seriesQuery })) });
}
