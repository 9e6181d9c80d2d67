import type { ClusterState } from '../core/kube/cluster-state';
import type { Labels } from '../core/kube/selector';
import type {
  ContainerUsage,
  HttpFlow,
  IncomingRequest,
  Program,
  Sample,
  SeriesModel,
} from '../core/workloads';
import { CpuUse } from './cpu-use';
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

/** What a request of one kind does to each series of a program; undefined if nothing. */
export type Growth =
  | {
      readonly adds: readonly number[];
      /** Values that series are set to instead; undefined where they are not. */
      readonly sets: readonly (number | undefined)[];
    }
  | undefined;

/** A series of the program's own. */
interface OwnSeries {
  readonly model: SeriesModel;
  readonly counter: Counter;
  /** Whether it is exported yet. */
  shown: boolean;
}

/** Of a container whose use of its node is not known: something, which nobody may ask for. */
const UNKNOWN_USE = { cpu: 1, memory: 1 };

/** What surrounds a running program. */
interface RunSetting {
  /** Name of its container. */
  readonly name?: string;
  /** What is to be seen of the cluster, for a program that watches it. */
  readonly view?: (() => ClusterState) | undefined;
  readonly usage?: ContainerUsage;
  /** Cores that it is throttled to. */
  readonly cpuLimit?: number | undefined;
}

/** A program from the start of its container to its end: what it counted so far. */
export class ProgramRun {
  readonly exposition = new Exposition();
  /** Traffic that must be counted before the series are read. */
  readonly feeds = new Set<Feed>();
  /** Called when the program ends by itself, with whether that was a success. */
  onEnd: (succeeded: boolean) => void = () => undefined;
  private readonly own: readonly OwnSeries[];
  private readonly probes: { readonly traffic: ProbeTraffic; readonly growth: Growth; counted: number }[] =
    [];
  private readonly flows = new Map<string, Counter>();
  private readonly gauges: Gauges | undefined;
  private readonly cpu: CpuUse | undefined;
  /** Requests of clients since the numbers were brought up to date. */
  private answered = 0;
  private readonly movesByItself: boolean;
  private settledMs: number;

  constructor(
    readonly program: Program,
    readonly startedMs: number,
    private readonly setting: RunSetting = {},
  ) {
    const { view, usage, cpuLimit } = setting;
    if (program.gauges && view) this.gauges = new Gauges(program, view, this.exposition);
    if (usage?.cpu) this.cpu = new CpuUse(usage.cpu, cpuLimit);
    this.own = program.series.map((model) => ({
      model,
      counter: firstValue(model, startedMs),
      shown: false,
    }));
    for (const series of this.own) {
      if (series.model.appears !== 'with-first-count') this.show(series);
    }
    this.movesByItself = program.series.some(({ perSecond, steps }) => perSecond !== 0 || steps.length > 0);
    this.settledMs = startedMs;
  }

  /** When it begins to answer. */
  get answersFromMs(): number {
    return this.startedMs + this.program.startsInMs;
  }

  /** Name of its container. */
  get name(): string {
    return this.setting.name ?? this.program.name;
  }

  /** What it uses of its node: nanoseconds of CPU time since it started, and bytes of memory now. */
  get use(): { readonly cpu: number; readonly memory: number } {
    return {
      cpu: this.cpu?.nanoseconds ?? UNKNOWN_USE.cpu,
      memory: this.setting.usage?.memory ?? UNKNOWN_USE.memory,
    };
  }

  /** When it begins to answer a request, which some paths do later than others. */
  answersThisFromMs({ path }: IncomingRequest): number {
    const { slowPath } = this.program;
    return slowPath?.path === path ? this.startedMs + slowPath.startsInMs : this.answersFromMs;
  }

  growthBy(request: IncomingRequest): Growth {
    const adds = this.program.series.map((series) => series.growth(request));
    const sets = this.program.series.map((series) => series.sets?.(request));
    const matters = adds.some((amount) => amount !== 0) || sets.some((value) => value !== undefined);
    return matters ? { adds, sets } : undefined;
  }

  addProbe(traffic: ProbeTraffic): void {
    const growth = this.growthBy(traffic.request);
    if (growth) this.probes.push({ traffic, growth, counted: 0 });
  }

  /** Answers requests of clients. */
  answer(growth: Growth, times: number): void {
    this.answered += times;
    this.count(growth, times);
  }

  count(growth: Growth, times: number): void {
    if (!growth || times === 0) return;
    this.own.forEach((series, index) => {
      const added = growth.adds[index] ?? 0;
      const value = growth.sets[index];
      if (added !== 0 || value !== undefined) this.show(series);
      series.counter.value = value ?? series.counter.value + added * times;
    });
  }

  /** Exports a series from now on. */
  private show(series: OwnSeries): void {
    if (series.shown) return;
    series.shown = true;
    this.exposition.add(series.counter);
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
    for (const sample of samples) {
      const key = seriesKey(sample);
      const own = this.own.find(({ model }) => seriesKey(model) === key);
      if (!own) this.observe(sample.name, sample.labels, key, sample.value * times);
      else {
        this.show(own);
        own.counter.value += sample.value * times;
      }
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
    this.cpu?.advance(nowMs - this.settledMs, this.answered);
    this.answered = 0;
    this.settledMs = nowMs;
  }

  /** Lets series grow with time, from the newest of their steps where one was taken since the last time. */
  private move(nowMs: number): void {
    for (const series of this.own) {
      const { model, counter } = series;
      const step = model.steps.findLast(({ atMs }) => atMs > this.settledMs && atMs <= nowMs);
      const seconds = (nowMs - (step?.atMs ?? this.settledMs)) / 1000;
      if (step || (model.perSecond !== 0 && seconds > 0)) this.show(series);
      counter.value = (step?.value ?? counter.value) + model.perSecond * seconds;
    }
  }
}

function seriesKey({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  return JSON.stringify([name, labels]);
}

/** A series as it is when its program starts. */
function firstValue({ name, labels, start, steps }: SeriesModel, startedMs: number): Counter {
  const step = steps.findLast(({ atMs }) => atMs <= startedMs);
  return { name, labels, value: step?.value ?? start };
}

function sentUntil({ firstMs, periodMs, untilMs }: ProbeTraffic, nowMs: number): number {
  const end = Math.min(nowMs, untilMs - 1);
  return end < firstMs ? 0 : Math.floor((end - firstMs) / periodMs) + 1;
}
