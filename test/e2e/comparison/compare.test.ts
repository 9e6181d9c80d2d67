import type { AutoscalerTimeline, Decision, Timeline } from '../../../core/model';
import type { RunPair } from '../contracts';
import { compare, comparisonChart, comparisonJson, comparisonPage, comparisonText } from '.';

const SYNC_MS = 3000;
const SCRAPE_MS = 2000;
/** A sync, a scrape, and a quarter of a second for clocks. */
const WITHIN_MS = SYNC_MS + SCRAPE_MS + 250;
const END_MS = 120_000;

interface Shape {
  readonly changes?: readonly (readonly [atMs: number, from: number, to: number])[];
  /** The value at a moment. */
  readonly value?: (atMs: number) => number | null;
  readonly ready?: number;
  readonly shiftMs?: number;
}

const CHANGES = [
  [30_000, 1, 2],
  [60_000, 2, 4],
] as const;
/** Steady at 50 until a minute has passed, then at 25. */
const VALUE = (atMs: number): number | null => (atMs < 9000 ? null : atMs < 60_000 ? 50 : 25);

function timeline({ changes = CHANGES, value = VALUE, ready, shiftMs = 0 }: Shape): Timeline {
  const atMs = Array.from({ length: END_MS / SYNC_MS }, (_, index) => (index + 1) * SYNC_MS);
  const sizeAt = (moment: number) => changes.findLast(([at]) => at <= moment)?.[2] ?? 1;
  const decisions = changes.map(([at, from, to]): Decision => ({
    atMs: at + shiftMs,
    from,
    to,
    events: [],
    changed: [],
  }));
  const autoscaler: AutoscalerTimeline = {
    ...{
      namespace: 'shop',
      name: 'api',
      target: { kind: 'Deployment', name: 'api' },
      minReplicas: 1,
      maxReplicas: 9,
    },
    metrics: [{ name: 'pods metric rate', targetType: 'averageValue', target: 25, values: atMs.map(value) }],
    syncs: { atMs: atMs.map((at) => at + shiftMs), replicas: atMs.map(sizeAt), desired: atMs.map(sizeAt) },
    ...{ decisions, conditions: [] },
  };
  const size = ready ?? sizeAt(END_MS);
  return {
    ...{
      name: 'test',
      durationMs: END_MS + shiftMs,
      seed: 1,
      noise: false,
      cluster: 'test',
      autoscalers: [autoscaler],
    },
    workloads: [
      { kind: 'Deployment', namespace: 'shop', name: 'api', atMs: [0], pods: [size], ready: [size] },
    ],
    ...{ loads: [], problems: [], events: [], outcomes: [] },
  };
}

function pairOf(real: Shape, rehearsed: Shape = {}): RunPair {
  return {
    run: 'test',
    real: timeline(real),
    rehearsed: timeline(rehearsed),
    syncPeriodMs: SYNC_MS,
    scrapeIntervalMs: SCRAPE_MS,
  };
}

/** Names of the checks that fail. */
function failing(real: Shape, rehearsed: Shape = {}): readonly string[] {
  const { autoscalers } = compare(pairOf(real, rehearsed));
  return autoscalers.flatMap(({ checks }) => checks.filter(({ met }) => !met).map(({ name }) => name));
}

const ORDER = 'same changes of size in the same order';
const MOMENTS = "each within a sync and a scrape (5.25 s) of the other's";
const END = 'same end';
const METRIC = 'pods metric rate within 10 %';

describe('compare', () => {
  it('holds for the same run', () => expect(failing({})).toEqual([]));

  it('leaves values alone that the rehearsal was given', () => {
    const value = (atMs: number): number | null => (VALUE(atMs) === null ? null : 40);
    const other = { value };
    expect(failing(other)).toEqual([METRIC]);
    const { autoscalers } = compare({ ...pairOf(other), inputs: ['pods metric rate'] });
    expect(autoscalers[0]?.checks.map(({ name }) => name)).toEqual([ORDER, MOMENTS, END]);
  });

  it('wants the same changes in the same order', () => {
    expect(
      failing({
        changes: [
          [30_000, 1, 3],
          [60_000, 3, 4],
        ],
      }),
    ).toEqual([ORDER]);
  });

  it('wants as many changes', () => {
    expect(failing({ changes: [...CHANGES, [61_000, 4, 4], [90_000, 4, 5]] })).toEqual([ORDER, MOMENTS, END]);
  });

  it('allows a sync and a scrape between two changes, and no more', () => {
    const late = (byMs: number): Shape => ({ changes: [CHANGES[0], [60_000 + byMs, 2, 4]] });
    expect(failing(late(WITHIN_MS))).toEqual([]);
    expect(failing(late(WITHIN_MS + 1))).toEqual([MOMENTS]);
    expect(failing(late(-WITHIN_MS - 1))).toEqual([MOMENTS]);
  });

  it('wants the same number of ready pods at the end', () => expect(failing({ ready: 3 })).toEqual([END]));

  it('allows 10 % of a steady value, and no more', () => {
    const off = (value: number): Shape => ({ value: (at) => (at === 99_000 ? value : VALUE(at)) });
    expect(failing(off(27.5))).toEqual([]);
    expect(failing(off(27.6))).toEqual([METRIC]);
    expect(failing(off(22.4))).toEqual([METRIC]);
  });

  it('allows in a transient what the rehearsal had shortly before or after, and no more', () => {
    const at60 = (value: number): Shape => ({ value: (at) => (at === 60_000 ? value : VALUE(at)) });
    expect(failing(at60(37))).toEqual([]);
    expect(failing(at60(55))).toEqual([]);
    expect(failing(at60(56))).toEqual([METRIC]);
    expect(failing(at60(22))).toEqual([METRIC]);
  });

  it('takes a value that the controller did not write again for the same', () => {
    const stuck: Shape = { value: (at) => (at < 9000 ? null : 50) };
    expect(failing(stuck)).toEqual([METRIC]);
  });

  it('wants a metric known where it was rehearsed to be', () => {
    expect(failing({ value: (at) => (at === 90_000 ? null : VALUE(at)) })).toEqual([METRIC]);
    expect(failing({ value: () => null })).toEqual([METRIC]);
  });

  it('makes nothing of small numbers near zero', () => {
    const near = (value: number): Shape => ({ value: (at) => (at > 80_000 ? value : VALUE(at)) });
    expect(failing(near(0.5), near(0))).toEqual([]);
    expect(failing(near(0.51), near(0))).toEqual([METRIC]);
  });

  it('counts time from when metrics are known, and prints the offset', () => {
    const comparison = compare(pairOf({ shiftMs: 20_000 }));
    expect(comparison.met).toBe(true);
    expect(comparisonText(comparison, { color: false, width: 100 })).toContain(
      'time counts from metrics known: real 29.00 s, rehearsed 9.00 s, offset +20.00 s',
    );
  });

  it('counts time from moments that the run made', () => {
    const pair = pairOf({ shiftMs: 20_000 });
    const wrong = { name: 'POST /value 50', realMs: 60_000, rehearsedMs: 60_000 };
    expect(compare(pair, [wrong]).met).toBe(false);
    expect(compare(pair, [{ ...wrong, realMs: 80_000 }]).met).toBe(true);
  });

  it('misses an autoscaler that only one run has', () => {
    const pair = pairOf({});
    expect(compare({ ...pair, real: { ...pair.real, autoscalers: [] } }).met).toBe(false);
  });

  it('is drawn and written', () => {
    const pair = pairOf({ shiftMs: 1000 });
    expect(comparisonChart(pair)).toMatch(/^<svg\s[\s\S]*class="real"[\s\S]*class="rehearsed"/);
    expect(comparisonPage(pair)).toContain('as rehearsed');
    expect(JSON.parse(comparisonJson(compare(pair)))).toMatchObject({ met: true });
  });
});
