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

describe('a flow of senders that wait for answers', () => {
  const closed = (senders: number, everyMs = 0, afterMs = 0) =>
    ({ kind: 'closed', senders, everyMs, beforeMs: 0, afterMs }) as const;
  const slow = (latencyMs: number) => ({ ...route(), latencyMs });

  it('sends as fast as answers come, and no faster than each sender may', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 400 }),
        (senders, everyMs, latencyMs) => {
          const flow = new Flow({ kept: 0, latencyMs: 5, random: undefined });
          flow.setRoutes([slow(latencyMs)], [-1], 0);
          flow.setPace(closed(senders, everyMs), 0);
          expect(flow.sent).toBeCloseTo((senders * 1000) / Math.max(everyMs, latencyMs), 9);
        },
      ),
    );
  });

  it('sends exactly as many as it is to send, whenever it is looked at and wherever its routes go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 3 }))),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        fc.boolean(),
        (steps, senders, isKept, noisy) => {
          const total = senders * 25;
          const random = noisy ? new Random(3) : undefined;
          const flow = new Flow({ kept: isKept ? senders : 0, latencyMs: 5, random, total });
          const routes = [route(), route(), route()];
          flow.setPace(closed(senders), 0);
          let now = 0;
          for (const [step, count] of steps) {
            now += step;
            flow.setRoutes(routes.slice(0, count), fresh.slice(0, count), now);
            expect(flow.counts.sent).toBeLessThanOrEqual(total);
          }
          flow.setRoutes(routes, fresh, now);
          for (let end = flow.nextEndMs; end !== undefined; end = flow.nextEndMs) {
            flow.endLanes((now = Math.max(now, end)));
          }
          expect(flow.ended).toBe(true);
          expect([flow.sent, flow.counts.sent]).toEqual([0, total]);
          expect(flow.counts.answered).toBeCloseTo(sum(counted(routes)), 6);
          expect(flow.nextEndMs).toBeUndefined();
        },
      ),
    );
  });

  it('gives each kept connection the latency of its own pod', () => {
    const flow = new Flow({ kept: 2, latencyMs: 5, random: undefined });
    const [fast, late] = [slow(10), slow(100)];
    flow.setRoutes([fast, late], [-1, -1], 0);
    flow.setPace(closed(2), 0);
    flow.settle(10_000);
    expect(counted([fast, late])).toEqual([1000, 100]);
    flow.setRoutes([late], [1], 10_000);
    flow.settle(20_000);
    expect(counted([fast, late])).toEqual([1000, 300]);
  });

  it('takes the mean of latencies where every request may go anywhere', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: undefined });
    flow.setRoutes([slow(10), slow(30)], [-1, -1], 0);
    flow.setPace(closed(1), 0);
    expect(flow.sent).toBe(50);
  });

  it('spreads kept connections evenly without noise', () => {
    const flow = new Flow({ kept: 6, latencyMs: 5, random: undefined });
    const routes = [route(), route(), route()];
    flow.setRoutes(routes, fresh, 0);
    flow.setPace(closed(6, 100), 0);
    flow.settle(1000);
    expect(counted(routes)).toEqual([20, 20, 20]);
  });

  it('sends the first request before the first pause', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: new Random(1) });
    const only = route();
    flow.setRoutes([only], [-1], 0);
    flow.setPace(closed(1, 0, 995), 0);
    flow.settle(4);
    expect(counted([only])).toEqual([0]);
    flow.settle(5);
    expect(counted([only])).toEqual([1]);
    flow.settle(1004);
    expect(counted([only])).toEqual([1]);
    flow.settle(1005);
    expect(counted([only])).toEqual([2]);
  });

  it('takes as long for requests that go nowhere as it is told', () => {
    const flow = new Flow({ kept: 3, latencyMs: 50, random: undefined });
    flow.setRoutes([], [], 0);
    flow.setPace(closed(3), 0);
    flow.settle(1000);
    expect([flow.sent, flow.served, flow.counts.sent, flow.counts.answered]).toEqual([60, 0, 60, 0]);
  });

  it('loses no part of a request when its rate changes', () => {
    const flow = new Flow({ kept: 0, latencyMs: 5, random: new Random(1) });
    const only = route();
    flow.setRoutes([only], [-1], 0);
    flow.setRate(1, 0);
    for (let now = 500; now <= 10_000; now += 500) flow.setRate(now % 1000 === 0 ? 1 : 1.0001, now);
    expect(counted([only])).toEqual([10]);
  });
});
