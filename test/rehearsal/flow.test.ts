import fc from 'fast-check';
import type { Program } from '../../core/workloads';
import { Flow, type Route } from '../../rehearsal/flow';
import { ProgramRun } from '../../rehearsal/program-run';
import { Random } from '../../rehearsal/random';

const COUNTER: Program = {
  name: 'counter',
  notModelled: [],
  series: [
    {
      name: 'requests_total',
      type: 'counter',
      labels: {},
      start: 0,
      growth: () => 1,
      perSecond: 0,
      steps: [],
    },
  ],
  calls: [],
  status: () => 200,
  exposes: () => true,
  startsInMs: 0,
};

function route(): Route & { readonly run: ProgramRun } {
  const run = new ProgramRun(COUNTER, 0);
  return { run, growth: { adds: [1], sets: [] }, latencyMs: 5, reports: [] };
}

function counted(routes: readonly { readonly run: ProgramRun }[]): number[] {
  return routes.map(({ run }) => run.exposition.counters[0]?.value ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const fresh = [-1, -1, -1];

describe('a flow of requests', () => {
  it('sends as many as its rate says, whenever and however often it is looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 })), fc.boolean(), (steps, noisy) => {
        const flow = new Flow({ kept: 0, latencyMs: 5, random: noisy ? new Random(1) : undefined });
        const routes = [route(), route(), route()];
        flow.setRoutes(routes, fresh, 0);
        flow.setRate(50, 0);
        let now = 0;
        for (const step of steps) flow.settle((now += step));
        const due = (50 * now) / 1000;
        expect(sum(counted(routes))).toBeCloseTo(noisy ? Math.floor(due + 1e-9) : due, 6);
      }),
    );
  });

  it('gives every route its exact share without noise', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: undefined });
    const routes = [route(), route(), route()];
    flow.setRoutes(routes, fresh, 0);
    flow.setRate(50, 0);
    flow.settle(1000);
    expect(counted(routes)).toEqual([50 / 3, 50 / 3, 50 / 3]);
  });

  it('gives every route whole requests with noise', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: new Random(2) });
    const routes = [route(), route(), route()];
    flow.setRoutes(routes, fresh, 0);
    flow.setRate(50, 0);
    for (let now = 0; now < 60_000; now += 333) flow.settle(now);
    expect(counted(routes).every(Number.isInteger)).toBe(true);
    expect(Math.min(...counted(routes))).toBeGreaterThan(900);
  });

  it('sends all on one route when its connection is kept, and stays there while the pod does', () => {
    const flow = new Flow({ kept: 1, latencyMs: 5, random: new Random(5) });
    const [a, b, c] = [route(), route(), route()];
    flow.setRoutes([a], [-1], 0);
    flow.setRate(10, 0);
    flow.setRoutes([b, a, c], [-1, 0, -1], 1000);
    flow.settle(2000);
    expect(counted([a, b, c])).toEqual([20, 0, 0]);
    flow.setRoutes([b, c], [0, 2], 2000);
    flow.settle(3000);
    expect(counted([a, b, c])[0]).toBe(20);
    expect(sum(counted([b, c]))).toBe(10);
  });

  it('loses the share of a route that does not answer', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: undefined });
    const good = route();
    flow.setRoutes([good, { run: undefined, growth: undefined, latencyMs: 5, reports: [] }], [-1, -1], 0);
    flow.setRate(10, 0);
    flow.settle(10_000);
    expect(counted([good])).toEqual([50]);
    expect([flow.sent, flow.served]).toEqual([10, 5]);
  });

  it('counts at the old rate up to a change', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: undefined });
    const only = route();
    flow.setRoutes([only], [-1], 0);
    flow.setRate(10, 0);
    flow.setRate(1, 5000);
    flow.settle(8000);
    expect(counted([only])).toEqual([53]);
  });
});
