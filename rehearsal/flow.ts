import type { ProgramRun, Feed, Growth } from './program-run';
import type { Random } from './random';

/** One pod that requests of a flow can go to, and what one request does there. */
export interface Route {
  /** Set if a request is answered. */
  readonly run: ProgramRun | undefined;
  readonly growth: Growth;
  /** Agents that see the request at a proxy, and how they are told. */
  readonly reports: readonly { readonly agent: ProgramRun; observe(times: number): void }[];
}

/** Keeps a request that is due at this moment from being lost to rounding. */
const ROUNDING = 1e-9;

/** How a flow chooses between its routes. */
interface Spread {
  /** Whether all requests use one connection, and so one route. */
  readonly pinned: boolean;
  /** Draws the spread. Without it requests are a fluid: every route gets its exact share, in fractions if need be. */
  readonly random: Random | undefined;
}

/**
 * Requests from one sender to one Service, evenly paced. They are counted when somebody looks, all since the last time
 * at once: for each route it is drawn how many of them it got.
 */
export class Flow implements Feed {
  private routes: readonly Route[] = [];
  private rate = 0;
  /** Since when the rate holds, and how many requests were counted since then. */
  private sinceMs = 0;
  private counted = 0;
  private settledMs = 0;
  /** The route of the connection. */
  private connected = 0;

  constructor(private readonly spread: Spread) {}

  /** Requests a second. */
  get sent(): number {
    return this.rate;
  }

  /** Requests a second that are answered, on average. */
  get served(): number {
    if (this.routes.length === 0) return 0;
    const used = this.spread.pinned
      ? this.routes.filter((_, index) => index === this.connected)
      : this.routes;
    return (this.rate * used.filter(({ run }) => run).length) / used.length;
  }

  setRate(rate: number, nowMs: number): void {
    this.settle(nowMs);
    this.rate = rate;
    this.sinceMs = nowMs;
    this.counted = 0;
  }

  /**
   * Replaces the routes. A connection stays where it is as long as its pod is among them.
   * @param sameAs index in the old routes of what each new one continues, or -1
   */
  setRoutes(routes: readonly Route[], sameAs: readonly number[], nowMs: number): void {
    this.settle(nowMs);
    for (const run of runsOf(this.routes)) run.feeds.delete(this);
    const kept = sameAs.indexOf(this.connected);
    this.routes = routes;
    for (const run of runsOf(routes)) run.feeds.add(this);
    this.connected = kept >= 0 ? kept : this.connect();
  }

  private connect(): number {
    const { pinned, random } = this.spread;
    return pinned && random ? random.below(this.routes.length) : 0;
  }

  settle(nowMs: number): void {
    if (nowMs === this.settledMs) return;
    this.settledMs = nowMs;
    const sent = (this.rate * (nowMs - this.sinceMs)) / 1000;
    const due = this.spread.random ? Math.floor(sent + ROUNDING) : sent;
    const requests = due - this.counted;
    if (requests === 0) return;
    this.counted = due;
    this.distribute(requests);
  }

  private distribute(requests: number): void {
    const { routes } = this;
    const { pinned, random } = this.spread;
    if (pinned) deliver(routes[this.connected], requests);
    else if (random) this.draw(requests, random);
    else for (const route of routes) deliver(route, requests / routes.length);
  }

  /** A multinomial draw, one binomial draw a route. */
  private draw(requests: number, random: Random): void {
    let left = requests;
    for (const [index, route] of this.routes.entries()) {
      const others = this.routes.length - index;
      const share = others === 1 ? left : random.binomial(left, 1 / others);
      deliver(route, share);
      left -= share;
    }
  }
}

function deliver(route: Route | undefined, requests: number): void {
  if (!route?.run) return;
  route.run.answer(route.growth, requests);
  for (const report of route.reports) report.observe(requests);
}

function runsOf(routes: readonly Route[]): Set<ProgramRun> {
  return new Set(
    routes.flatMap(({ run, reports }) => [...(run ? [run] : []), ...reports.map(({ agent }) => agent)]),
  );
}
