import type { ClusterState } from '../core/kube/cluster-state';
import type { Labels } from '../core/kube/selector';
import type { HttpFlow, IncomingRequest, Program, Sample } from '../core/workloads';
import { Exposition, type Counter } from './exposition';
import { Gauges } from './gauges';

/** Something whose requests are only counted when somebody looks. */
export interface Feed {
  /** Counts what happened until now. */
  settle(nowMs: number): void;
}

/** Requests that the kubelet sends at a steady pace. */
export interface ProbeTraffic {
  readonly request: IncomingRequest;
  readonly firstMs: number;
  readonly periodMs: number;
  /** The first moment at which it is not sent any more. */
  readonly untilMs: number;
}

/** What requests of one kind add to each series of a program; undefined if nothing. */
export type Growth = readonly number[] | undefined;

/** A program from the start of its container to its end: what it counted so far. */
export class ProgramRun {
  readonly exposition = new Exposition();
  /** Traffic that must be counted before the series are read. */
  readonly feeds = new Set<Feed>();
  private readonly own: readonly Counter[];
  private readonly probes: { readonly traffic: ProbeTraffic; readonly growth: Growth; counted: number }[] =
    [];
  private readonly flows = new Map<string, Counter>();
  private readonly gauges: Gauges | undefined;
  private readonly movesByItself: boolean;
  private settledMs: number;

  /** @param view of the cluster, for a program that watches it */
  constructor(
    readonly program: Program,
    readonly startedMs: number,
    view?: () => ClusterState,
  ) {
    if (program.gauges && view) this.gauges = new Gauges(program, view, this.exposition);
    this.own = program.series.map(({ name, labels, start }) => ({ name, labels, value: start }));
    for (const counter of this.own) {
      this.exposition.add(counter);
      this.flows.set(seriesKey(counter), counter);
    }
    this.movesByItself = program.series.some(({ perSecond, steps }) => perSecond !== 0 || steps.length > 0);
    this.settledMs = startedMs;
  }

  /** When it begins to answer. */
  get answersFromMs(): number {
    return this.startedMs + this.program.startsInMs;
  }

  growthBy(request: IncomingRequest): Growth {
    const growth = this.program.series.map((series) => series.growth(request));
    return growth.some((amount) => amount !== 0) ? growth : undefined;
  }

  addProbe(traffic: ProbeTraffic): void {
    const growth = this.growthBy(traffic.request);
    if (growth) this.probes.push({ traffic, growth, counted: 0 });
  }

  count(growth: Growth, times: number): void {
    if (!growth || times === 0) return;
    this.own.forEach((counter, index) => {
      counter.value += (growth[index] ?? 0) * times;
    });
  }

  /** Counts requests that the agent saw at a proxy. A series begins with its first request. */
  observe(name: string, labels: Labels, key: string, times: number): void {
    if (times === 0) return;
    const counter = this.flows.get(key);
    if (counter) {
      counter.value += times;
      return;
    }
    const added = { name, labels, value: times };
    this.flows.set(key, added);
    this.exposition.add(added);
  }

  /** Counts requests that went through the program to another of its pod. */
  pass(samples: readonly Sample[], times: number): void {
    for (const { name, labels, value } of samples) {
      this.observe(name, labels, seriesKey({ name, labels }), value * times);
    }
  }

  /** Forgets the series of a pod that is gone, on the sides that the configuration names. */
  forgetPod(end: Pick<HttpFlow['source'], 'namespace' | 'pod'>): void {
    const forgets = this.program.observes?.forgets;
    if (!forgets) return;
    const names = (side: 'source' | 'destination', labels: Labels) =>
      forgets[side] && labels[`${side}_namespace`] === end.namespace && labels[`${side}_pod`] === end.pod;
    for (const [key, { labels }] of this.flows) {
      if (names('source', labels) || names('destination', labels)) this.flows.delete(key);
    }
    this.exposition.keep(({ labels }) => !names('source', labels) && !names('destination', labels));
  }

  /** Brings all numbers up to date. */
  settle(nowMs: number): void {
    for (const feed of this.feeds) feed.settle(nowMs);
    for (const probe of this.probes) {
      const sent = sentUntil(probe.traffic, nowMs);
      this.count(probe.growth, sent - probe.counted);
      probe.counted = sent;
    }
    if (this.movesByItself) this.move(nowMs);
    this.gauges?.update();
    this.settledMs = nowMs;
  }

  private move(nowMs: number): void {
    const seconds = (nowMs - this.settledMs) / 1000;
    this.program.series.forEach(({ perSecond, steps }, index) => {
      const counter = this.own[index];
      if (!counter) return;
      counter.value += perSecond * seconds;
      const step = steps.findLast(({ atMs }) => atMs <= nowMs);
      if (step) counter.value = step.value;
    });
  }
}

function seriesKey({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  return JSON.stringify([name, labels]);
}

function sentUntil({ firstMs, periodMs, untilMs }: ProbeTraffic, nowMs: number): number {
  const end = Math.min(nowMs, untilMs - 1);
  return end < firstMs ? 0 : Math.floor((end - firstMs) / periodMs) + 1;
}
