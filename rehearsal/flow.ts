import { headStart, rateOf, type Pace } from '../core/workloads';
import type { ProgramRun, Feed, Growth } from './program-run';
import type { Random } from './random';

/** One pod that requests of a flow can go to, and what one request does there. */
export interface Route {
  /** Set if a request is answered. */
  readonly run: ProgramRun | undefined;
  readonly growth: Growth;
  /** From a request to its answer, or until it is known that there is none. */
  readonly latencyMs: number;
  /** Agents that see the request at a proxy, and how they are told. */
  readonly reports: readonly { readonly agent: ProgramRun; observe(times: number): void }[];
}

/** Keeps a request that is due at this moment from being lost to rounding. */
const ROUNDING = 1e-9;
/** What is left of a request when its moment was worked out in floating point. */
const NOTHING_LEFT = 1e-6;

/** How a flow chooses between its routes. */
interface Spread {
  /** How many connections are kept, each to one route; 0 if every request opens one of its own. */
  readonly kept: number;
  /** Draws the spread. Without it requests are a fluid: every route gets its exact share, in fractions if need be. */
  readonly random: Random | undefined;
  /** How long a request takes that goes nowhere. */
  readonly latencyMs: number;
  /** How many requests are sent in all, by each connection the same number; no end to them without it. */
  readonly total?: number | undefined;
}

/** Requests that follow each other: those of one kept connection, or all of them. */
interface Lane {
  /** The route of the connection; -1 before it has one. */
  route: number;
  rate: number;
  /** Since when the rate holds, and how many requests were due by then. */
  sinceMs: number;
  due: number;
  /** How many were counted. */
  counted: number;
}

/**
 * Requests from one sender to one Service. They are counted when somebody looks, all since the last time at once: for
 * each route it is drawn how many of them it got.
 */
export class Flow implements Feed {
  private routes: readonly Route[] = [];
  private pace: Pace | undefined;
  private settledMs = 0;
  private answeredCount = 0;
  private readonly lanes: readonly Lane[];

  constructor(private readonly spread: Spread) {
    this.lanes = Array.from({ length: Math.max(1, spread.kept) }, () => ({
      ...{ route: -1, rate: 0, sinceMs: 0, due: 0, counted: 0 },
    }));
  }

  /** Requests a second. */
  get sent(): number {
    return this.lanes.reduce((sum, { rate }) => sum + rate, 0);
  }

  /** Requests a second that are answered, on average. */
  get served(): number {
    return this.lanes.reduce((sum, lane) => {
      const used = this.routesOf(lane);
      if (used.length === 0) return sum;
      return sum + (lane.rate * used.filter(({ run }) => run).length) / used.length;
    }, 0);
  }

  /** Requests that were sent so far, and how many of them were answered; up to date once settled. */
  get counts(): { readonly sent: number; readonly answered: number } {
    return {
      sent: this.lanes.reduce((sum, { counted }) => sum + counted, 0),
      answered: this.answeredCount,
    };
  }

  /** When the next of its connections has sent all that it is to send; undefined if none ever does. */
  get nextEndMs(): number | undefined {
    const ends = this.lanes
      .filter((lane) => lane.counted < this.limit)
      .map(({ rate, sinceMs, due }) =>
        due >= this.limit ? sinceMs : sinceMs + ((this.limit - due) * 1000) / rate,
      );
    const next = Math.min(...ends);
    return Number.isFinite(next) ? next : undefined;
  }

  /** Whether everything was sent. */
  get ended(): boolean {
    return this.lanes.every(({ counted }) => counted >= this.limit);
  }

  /** How many requests each connection sends. */
  private get limit(): number {
    const { total = Number.POSITIVE_INFINITY } = this.spread;
    return total / this.lanes.length;
  }

  setRate(rate: number, nowMs: number): void {
    this.setPace({ kind: 'open', rate }, nowMs);
  }

  setPace(pace: Pace, nowMs: number): void {
    this.settle(nowMs);
    const isFirst = this.pace === undefined;
    this.pace = pace;
    for (const lane of this.lanes) {
      lane.due = isFirst
        ? headStart(pace, this.latencyOf(lane)) / this.lanes.length
        : this.dueBy(lane, nowMs);
      lane.sinceMs = nowMs;
      lane.rate = this.rateOf(lane);
    }
  }

  /**
   * Replaces the routes. A connection stays where it is as long as its pod is among them.
   * @param sameAs index in the old routes of what each new one continues, or -1
   */
  setRoutes(routes: readonly Route[], sameAs: readonly number[], nowMs: number): void {
    this.settle(nowMs);
    for (const run of runsOf(this.routes)) run.feeds.delete(this);
    this.routes = routes;
    for (const run of runsOf(routes)) run.feeds.add(this);
    if (this.spread.kept > 0) this.connect(sameAs);
    for (const lane of this.lanes) {
      const rate = this.rateOf(lane);
      if (rate === lane.rate) continue;
      lane.due = this.dueBy(lane, nowMs);
      lane.sinceMs = nowMs;
      lane.rate = rate;
    }
  }

  /** Gives a new route to connections whose pod is gone: any, or without noise the one with fewest connections. */
  private connect(sameAs: readonly number[]): void {
    const { random } = this.spread;
    for (const lane of this.lanes) lane.route = lane.route < 0 ? -1 : sameAs.indexOf(lane.route);
    for (const lane of this.lanes) {
      if (lane.route >= 0) continue;
      lane.route = random ? random.below(this.routes.length) : this.leastConnected();
    }
  }

  private leastConnected(): number {
    const users = this.routes.map((_, index) => this.lanes.filter(({ route }) => route === index).length);
    return users.indexOf(Math.min(...users));
  }

  settle(nowMs: number): void {
    if (nowMs <= this.settledMs) return;
    this.settledMs = nowMs;
    for (const lane of this.lanes) {
      const due = this.dueBy(lane, nowMs);
      this.send(lane, this.spread.random ? Math.floor(due + ROUNDING) : due);
    }
  }

  /** Lets connections end that have sent all they are to send by now. */
  endLanes(nowMs: number): void {
    this.settle(nowMs);
    for (const lane of this.lanes) {
      if (this.dueBy(lane, nowMs) < this.limit - NOTHING_LEFT) continue;
      this.send(lane, this.limit);
      lane.due = this.limit;
      lane.sinceMs = nowMs;
      lane.rate = 0;
    }
  }

  private dueBy({ due, rate, sinceMs }: Lane, nowMs: number): number {
    return Math.min(this.limit, due + (rate * (nowMs - sinceMs)) / 1000);
  }

  private rateOf(lane: Lane): number {
    if (!this.pace || lane.counted >= this.limit) return 0;
    return rateOf(this.pace, this.latencyOf(lane)) / this.lanes.length;
  }

  private latencyOf(lane: Lane): number {
    const used = this.routesOf(lane);
    if (used.length === 0) return this.spread.latencyMs;
    return used.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / used.length;
  }

  private routesOf({ route }: Lane): readonly Route[] {
    return this.spread.kept > 0 ? this.routes.slice(route, route + 1) : this.routes;
  }

  /** Sends what is missing to a number of requests. */
  private send(lane: Lane, counted: number): void {
    const requests = counted - lane.counted;
    if (requests === 0) return;
    lane.counted = counted;
    const routes = this.routesOf(lane);
    const { random } = this.spread;
    if (random) this.draw(routes, requests, random);
    else for (const route of routes) this.deliver(route, requests / routes.length);
  }

  /** A multinomial draw, one binomial draw a route. */
  private draw(routes: readonly Route[], requests: number, random: Random): void {
    let left = requests;
    for (const [index, route] of routes.entries()) {
      const others = routes.length - index;
      const share = others === 1 ? left : random.binomial(left, 1 / others);
      this.deliver(route, share);
      left -= share;
    }
  }

  private deliver({ run, growth, reports }: Route, requests: number): void {
    if (!run) return;
    this.answeredCount += requests;
    run.answer(growth, requests);
    for (const report of reports) report.observe(requests);
  }
}

function runsOf(routes: readonly Route[]): Set<ProgramRun> {
  return new Set(
    routes.flatMap(({ run, reports }) => [...(run ? [run] : []), ...reports.map(({ agent }) => agent)]),
  );
}
