import { MetricsStorage, type Point } from '../../rehearsal/metrics-storage';

const SECOND = 1000;

/** A point of a container, in seconds and CPU seconds. */
function point(start: number, at: number, cpu: number, memory = 5): Point {
  return { startMs: start * SECOND, atMs: at * SECOND, cpu: cpu * 1e9, memory };
}

function storeOf(resolution: number, ...batches: readonly Readonly<Record<string, Point>>[]): MetricsStorage {
  const storage = new MetricsStorage(resolution * SECOND);
  for (const batch of batches) storage.store(new Map([['pod', new Map(Object.entries(batch))]]));
  return storage;
}

describe('the use of a pod', () => {
  it('is that between two points; memory is that of the last', () => {
    const storage = storeOf(60, { a: point(0, 125, 10, 3) }, { a: point(0, 135, 15, 4) });
    expect(storage.usageOf('pod')).toEqual({
      atMs: 135 * SECOND,
      windowMs: 10 * SECOND,
      containers: [{ name: 'a', cpu: 500_000_000, memory: 4 }],
    });
  });

  it('is not known from one point', () => {
    expect(storeOf(60, { a: point(0, 125, 10) }).usageOf('pod')).toBeUndefined();
    expect(storeOf(60).usageOf('pod')).toBeUndefined();
  });

  it.each<readonly [what: string, age: number, windowMs: number | undefined]>([
    ['younger than ten seconds', 9, undefined],
    ['of ten seconds', 10, 10_000],
    ['younger than the resolution', 59, 59_000],
    ['as old as the resolution', 60, undefined],
  ])('of a container %s is measured from its start or not at all', (_, age, windowMs) => {
    expect(storeOf(60, { a: point(100, 100 + age, 1) }).usageOf('pod')?.windowMs).toBe(windowMs);
  });

  it('of a container that started again is not measured across the start', () => {
    const storage = storeOf(15, { a: point(0, 100, 50) }, { a: point(110, 115, 1) });
    expect(storage.usageOf('pod')).toBeUndefined();
    storage.store(new Map([['pod', new Map([['a', point(110, 130, 4)]])]]));
    expect(storage.usageOf('pod')).toMatchObject({ windowMs: 15_000, containers: [{ cpu: 200_000_000 }] });
  });

  it('is not known while it is not known of one of the containers', () => {
    const storage = storeOf(
      15,
      { a: point(0, 100, 50), b: point(0, 100, 50) },
      { a: point(0, 115, 53), b: point(112, 115, 1) },
    );
    expect(storage.usageOf('pod')).toBeUndefined();
  });

  it('has the time of the container that was measured first', () => {
    const storage = storeOf(
      15,
      { a: point(0, 100, 0), b: point(0, 98, 0) },
      { a: point(0, 115, 3), b: point(0, 113, 3) },
    );
    expect(storage.usageOf('pod')?.atMs).toBe(113 * SECOND);
  });

  it('is forgotten with the pod', () => {
    const storage = storeOf(15, { a: point(0, 100, 50) }, { a: point(0, 115, 53) });
    storage.store(new Map());
    expect(storage.usageOf('pod')).toBeUndefined();
  });
});
