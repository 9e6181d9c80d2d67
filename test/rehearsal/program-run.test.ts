import type { Program } from '../../core/workloads';
import { ProgramRun } from '../../rehearsal/program-run';

type Series = Program['series'][number];

function program(...series: (Partial<Series> & Pick<Series, 'name'>)[]): Program {
  return {
    name: 'program',
    notModelled: [],
    series: series.map((one) => ({
      ...{ type: 'gauge', labels: {}, start: 0, growth: () => 0, perSecond: 0, steps: [] },
      ...one,
    })),
    calls: [],
    status: () => 200,
    exposes: () => true,
    startsInMs: 0,
  };
}

const set = { from: 'client', method: 'POST', path: '/value', body: '50' } as const;
const get = { from: 'client', method: 'GET', path: '/value' } as const;

function values({ exposition }: ProgramRun): Record<string, number> {
  return Object.fromEntries(exposition.counters.map(({ name, value }) => [name, value]));
}

describe('a series that requests set', () => {
  const settable = {
    name: 'value',
    growth: ({ method }: { method: string }) => (method === 'GET' ? 1 : 0),
    sets: ({ body }: { body?: string | undefined }) => (body === undefined ? undefined : Number(body)),
  };

  it('has the newest value, whatever it had before and however often it was set', () => {
    const run = new ProgramRun(program(settable), 0);
    run.count(run.growthBy(get), 3);
    expect(values(run)).toEqual({ value: 3 });
    run.count(run.growthBy(set), 7);
    expect(values(run)).toEqual({ value: 50 });
    run.count(run.growthBy(get), 2);
    expect(values(run)).toEqual({ value: 52 });
    run.count(run.growthBy({ ...set, body: '0' }), 1);
    expect(values(run)).toEqual({ value: 0 });
  });

  it('is not changed by requests that do nothing to it', () => {
    const run = new ProgramRun(program(settable), 0);
    expect(run.growthBy({ from: 'probe', method: 'HEAD', path: '/' })).toBeUndefined();
    run.count(run.growthBy(set), 0);
    expect(values(run)).toEqual({ value: 0 });
  });
});

describe('a series that appears with its first count', () => {
  const late = { name: 'late', appears: 'with-first-count' } as const;

  it('is not exported before, and then with what was counted', () => {
    const counting = { ...late, growth: ({ from }: { from: string }) => (from === 'client' ? 1 : 0) };
    const run = new ProgramRun(program(counting, { name: 'other', growth: () => 1 }), 0);
    run.count(run.growthBy({ ...get, from: 'probe' }), 5);
    expect(values(run)).toEqual({ other: 5 });
    const { version } = run.exposition;
    run.count(run.growthBy(get), 2);
    expect(values(run)).toEqual({ other: 7, late: 2 });
    expect(run.exposition.version).toBeGreaterThan(version);
  });

  it('appears when it is set, if only to zero', () => {
    const run = new ProgramRun(program({ ...late, sets: () => 0 }), 0);
    expect(values(run)).toEqual({});
    run.count(run.growthBy(set), 1);
    expect(values(run)).toEqual({ late: 0 });
  });

  it('appears with its first step, or as time makes it grow', () => {
    const run = new ProgramRun(
      program({ ...late, steps: [{ atMs: 20_000, value: 7 }] }, { ...late, name: 'uptime', perSecond: 1 }),
      10_000,
    );
    run.settle(10_000);
    expect(values(run)).toEqual({});
    run.settle(15_000);
    expect(values(run)).toEqual({ uptime: 5 });
    run.settle(20_000);
    expect(values(run)).toEqual({ uptime: 10, late: 7 });
  });
});

describe('a series with steps', () => {
  const steps = [
    { atMs: 1000, value: 5 },
    { atMs: 9000, value: 7 },
  ];

  it('begins with the newest that has passed', () => {
    expect(values(new ProgramRun(program({ name: 'queue', start: 3, steps }), 500))).toEqual({ queue: 3 });
    expect(values(new ProgramRun(program({ name: 'queue', start: 3, steps }), 2000))).toEqual({ queue: 5 });
  });

  it('goes on growing from each of them', () => {
    const run = new ProgramRun(
      program({ name: 'queue', start: 3, perSecond: 2, growth: () => 1, steps }),
      2000,
    );
    run.count(run.growthBy(get), 4);
    run.settle(4000);
    expect(values(run)).toEqual({ queue: 5 + 4 + 4 });
    run.settle(10_000);
    expect(values(run)).toEqual({ queue: 7 + 2 });
    run.count(run.growthBy(get), 1);
    run.settle(10_000);
    expect(values(run)).toEqual({ queue: 7 + 2 + 1 });
  });
});
