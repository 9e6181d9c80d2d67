import type { Labels } from '../../../core/kube/selector';
import { SeriesStore } from '../../../core/promql';
import { Random } from '../../../rehearsal/random';

/** A sample as both Prometheus and the store get it. */
export interface DataSample {
  readonly at: number;
  /** As Go writes it, or `stale`. */
  readonly value: string;
  /** Since when it counts; 0 where that is not known. */
  readonly start: number;
}

export interface DataSeries {
  readonly labels: Labels;
  readonly samples: readonly DataSample[];
}

/** When the data begins: 2025-06-15T12:00:00Z. */
export const DATA_START_MS = Date.UTC(2025, 5, 15, 12);
const MINUTE_MS = 60_000;
/** How long it goes on: less than what makes a server write its head to a block. */
export const DATA_LENGTH_MS = 90 * MINUTE_MS;
const SCRAPE_MS = 15_000;

/** The value at a time, given the one before. */
type Course = (atMs: number, previous: number, random: Random) => number;

/** When a series has samples, and whether the samples say since when they count. */
interface Shape {
  readonly everyMs?: number;
  readonly jitterMs?: number;
  /** Minutes from and to which there are no samples, begun with a staleness marker or not. */
  readonly gap?: readonly [from: number, to: number, stale: boolean];
  readonly fromMinute?: number;
  readonly toMinute?: number;
  readonly startTimestamps?: boolean;
}

/** Time series with all that a query may stumble over; the same for the same seed. */
export function buildData(seed: number): DataSeries[] {
  const random = new Random(seed);
  const series = [
    ...counters(random),
    ...gauges(random),
    ...histograms(random),
    ...odd(random),
    ...informative(random),
  ];
  // The order of a block: then it does not matter whether the server has written one.
  return series.sort((a, b) => compare(pairs(a.labels), pairs(b.labels)));
}

/** The same data as Plimsoll's engine reads it. */
export function storeOf(data: readonly DataSeries[]): SeriesStore {
  const store = new SeriesStore();
  for (const { labels, samples } of data) {
    const series = store.series(labels);
    for (const { at, value, start } of samples) {
      if (value === 'stale') series.markStale(at);
      else series.append(at, numberOf(value), start === 0 ? undefined : start);
    }
  }
  return store;
}

/** The number that Prometheus writes as this text. */
export function numberOf(text: string): number {
  if (text === 'NaN') return Number.NaN;
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

function textOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function counters(random: Random): DataSeries[] {
  const shapes: readonly Shape[] = [
    { jitterMs: 7 },
    { jitterMs: 400, gap: [20, 27, true] },
    { gap: [40, 52, false] },
    { fromMinute: 13, jitterMs: 3 },
    { toMinute: 61, jitterMs: 1200 },
    { everyMs: 30_000 },
  ];
  const requests = product({
    job: ['api', 'web'],
    instance: ['a:80', 'b:80', 'c:80'],
    method: ['GET', 'POST'],
    code: ['200', '500'],
  }).map((labels, index) =>
    fill(
      { __name__: 'http_requests_total', ...labels },
      shapes[index % shapes.length] ?? {},
      random,
      counter(0.02),
    ),
  );
  const errors = product({ job: ['api', 'db'], instance: ['a:80', 'b:80'], code: ['500', '503'] }).map(
    (labels) => fill({ __name__: 'errors_total', ...labels }, { jitterMs: 5 }, random, counter(0.05)),
  );
  const started = product({ job: ['api', 'web'], instance: ['a:80', 'b:80'] }).map((labels, index) =>
    fill(
      { __name__: 'started_total', ...labels },
      { startTimestamps: true, ...(index % 2 === 0 ? { gap: [30, 36, true] } : {}) },
      random,
      counter(0.05),
    ),
  );
  const typed = product({ job: ['api', 'web'] }).flatMap((labels) => [
    fill(
      { __name__: 'typed', __type__: 'counter', __unit__: 'seconds', ...labels },
      {},
      random,
      counter(0.01),
    ),
    fill({ __name__: 'typed_total', __type__: 'gauge', ...labels }, {}, random, walk(5, 1)),
  ]);
  return [...requests, ...errors, ...started, ...typed];
}

function gauges(random: Random): DataSeries[] {
  const memory = product({ job: ['api', 'web', 'db'], instance: ['a:80', 'b:80'] }).map((labels) =>
    fill({ __name__: 'memory_bytes', ...labels }, { jitterMs: 50 }, random, walk(3e9, 1e7)),
  );
  const temperature = product({ room: ['hall', 'attic'], sensor: ['1', '2', '3'] }).map((labels, index) =>
    fill(
      { __name__: 'temperature', ...labels },
      { jitterMs: 900, ...(index === 2 ? { gap: [15, 24, true] } : {}) },
      random,
      index === 4 ? special(walk(-3.3, 0.7)) : walk(20.1 - index * 9, 0.7),
    ),
  );
  const queue = product({ queue: ['in', 'out'], instance: ['a:80', 'b:80', 'c:80'] }).map((labels) =>
    fill({ __name__: 'queue_length', ...labels }, {}, random, (_, __, chance) => chance.below(4)),
  );
  const up = product({ job: ['api', 'web', 'db'], instance: ['a:80', 'b:80', 'c:80'] }).map((labels) =>
    fill({ __name__: 'up', ...labels }, { jitterMs: 2 }, random, (_, __, chance) =>
      chance.below(10) > 0 ? 1 : 0,
    ),
  );
  const sparse = [0, 1, 2].map((index) =>
    fill(
      { __name__: 'sparse', job: 'api', part: String(index) },
      { everyMs: (4 + index) * MINUTE_MS, jitterMs: 1500 },
      random,
      walk(1, 0.1),
    ),
  );
  return [...memory, ...temperature, ...queue, ...up, ...sparse];
}

function histograms(random: Random): DataSeries[] {
  const bounds = ['0.1', '0.25', '0.5', '1', '2.5', '+Inf'];
  const whole = product({ job: ['api', 'web'], instance: ['a:80', 'b:80'] }).flatMap((labels, index) => {
    const rates = bounds.map((_, place) => (place + 1) * (index + 1));
    const buckets = bounds.map((le, place) =>
      fill({ __name__: 'request_duration_seconds_bucket', ...labels, le }, {}, random, (atMs) =>
        Math.floor(((atMs - DATA_START_MS) / 1000) * (rates[place] ?? 1)),
      ),
    );
    const count = bounds.length * (index + 1);
    return [
      ...buckets,
      fill({ __name__: 'request_duration_seconds_count', ...labels }, {}, random, (atMs) =>
        Math.floor(((atMs - DATA_START_MS) / 1000) * count),
      ),
      fill({ __name__: 'request_duration_seconds_sum', ...labels }, {}, random, counter(0)),
    ];
  });
  // Not monotonic, without a bucket for infinity, with a bound that is no number.
  const broken = [
    ...['0.1', '0.5', '1', '+Inf'].map(
      (le, place) => ['wobbly_bucket', le, [5, 9, 7.5, 11][place] ?? 0] as const,
    ),
    ...['0.5', '1'].map((le, place) => ['topless_bucket', le, 3 + place] as const),
    ...['0.5', 'five', '+Inf'].map((le, place) => ['malformed_bucket', le, 2 + place] as const),
    ...['-1', '-0.5', '0', '2', '+Inf'].map((le, place) => ['negative_bucket', le, 2 * place + 1] as const),
  ].map(([name, le, rate]) =>
    fill({ __name__: name, job: 'api', le }, {}, random, (atMs) => ((atMs - DATA_START_MS) / 7000) * rate),
  );
  return [...whole, ...broken];
}

function odd(random: Random): DataSeries[] {
  const twins = product({ __name__: ['twin_a', 'twin_b'], job: ['api', 'web'] }).map((labels) =>
    fill(labels, {}, random, walk(10, 1)),
  );
  const values = [
    ['huge', '1', walk(1e308, 5e307)],
    ['huge', '2', walk(-9e307, 8e307)],
    // No smaller: Go's logarithm on amd64 is wrong for subnormal numbers.
    ['tiny', '1', (_, __, chance) => 2 ** -1022 * chance.below(9)],
    ['constant', '1', () => 0.1],
    ['constant', '2', () => -0],
    ['constant', '3', () => 0],
    ['special', '1', special(walk(1, 1))],
    ['special', '2', special(walk(-1, 1))],
    ['special', '3', () => Number.NaN],
    ['special', '4', () => Infinity],
    ['clock', '1', (atMs) => atMs / 1000 - 1e8 * 7.3],
    ['clock', '2', (atMs) => (atMs - DATA_START_MS) * 9e4 - 1e9],
  ] as const satisfies readonly (readonly [string, string, Course])[];
  return [
    ...twins,
    ...values.map(([name, kind, course]) => fill({ __name__: name, kind, job: 'api' }, {}, random, course)),
    fill({ __name__: 'lonely', job: 'api' }, { fromMinute: 45, toMinute: 45.1 }, random, () => 7),
    fill({ __name__: 'utf8.metric', 'label.dots': 'ü 😀', city: 'Zürich' }, {}, random, walk(4, 2)),
    fill({ __name__: 'utf8.metric', 'label.dots': '\u{ff5e}', city: 'Łódź "x"\\' }, {}, random, walk(4, 2)),
    fill({ job: 'api', nameless: 'yes' }, {}, random, walk(4, 2)),
  ];
}

function informative(random: Random): DataSeries[] {
  const targets = product({ job: ['api', 'web'], instance: ['a:80', 'b:80', 'c:80'] }).map((labels, index) =>
    fill(
      { __name__: 'target_info', ...labels, region: ['eu', 'us'][index % 2] ?? '', version: `1.${index}` },
      index === 1 ? { toMinute: 50 } : {},
      random,
      () => 1,
    ),
  );
  const builds = product({ job: ['api'], instance: ['a:80', 'b:80'] }).map((labels) =>
    fill({ __name__: 'build_info', ...labels, revision: 'f00' }, {}, random, () => 1),
  );
  return [...targets, ...builds];
}

function fill(labels: Labels, shape: Shape, random: Random, course: Course): DataSeries {
  const { everyMs = SCRAPE_MS, jitterMs = 0, gap, fromMinute = 0, toMinute = 1e9, startTimestamps } = shape;
  const samples: DataSample[] = [];
  let previous = Number.NaN;
  let start = DATA_START_MS - MINUTE_MS;
  let stale = false;
  const offset = random.below(everyMs);
  for (let scrape = DATA_START_MS + offset; scrape < DATA_START_MS + DATA_LENGTH_MS; scrape += everyMs) {
    const at = scrape + (jitterMs > 0 ? random.below(jitterMs) : 0);
    const minute = (at - DATA_START_MS) / MINUTE_MS;
    const absent = minute < fromMinute || minute > toMinute || (gap && minute >= gap[0] && minute < gap[1]);
    if (absent) {
      if (samples.length > 0 && !stale && (gap?.[2] === true || minute > toMinute))
        samples.push({ at, value: 'stale', start: 0 });
      stale = samples.length > 0;
      continue;
    }
    stale = false;
    const value = course(at, previous, random);
    if (value < previous) start = at - 1 - random.below(everyMs * 2);
    previous = value;
    samples.push({ at, value: textOf(value), start: startTimestamps === true ? start : 0 });
  }
  return { labels, samples };
}

/** Rises, and begins again now and then. */
function counter(resets: number): Course {
  return (_, previous, random) => {
    if (Number.isNaN(previous)) return random.below(1000);
    if (random.next() < resets) return random.below(5);
    return (
      previous + (random.below(3) === 0 ? 0 : random.below(40)) + (random.below(4) === 0 ? random.next() : 0)
    );
  };
}

function walk(from: number, step: number): Course {
  return (_, previous, random) => {
    const next = (Number.isFinite(previous) ? previous : from) + (random.next() - 0.5) * step;
    return Number.isFinite(next) ? next : from;
  };
}

function special(course: Course): Course {
  return (atMs, previous, random) => {
    const kinds = [Number.NaN, Infinity, -Infinity, 0, -0];
    const value = kinds[random.below(40)];
    return value ?? course(atMs, previous, random);
  };
}

/** Every combination of one value for each label. */
function product(values: Readonly<Record<string, readonly string[]>>): Labels[] {
  return Object.entries(values).reduce<Labels[]>(
    (sets, [name, choices]) =>
      sets.flatMap((labels) => choices.map((choice) => ({ ...labels, [name]: choice }))),
    [{}],
  );
}

function pairs(labels: Labels): Buffer[] {
  return Object.entries(labels)
    .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b))
    .flat();
}

function compare(a: readonly Buffer[], b: readonly Buffer[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index];
    const order = other ? Buffer.compare(text, other) : 1;
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
