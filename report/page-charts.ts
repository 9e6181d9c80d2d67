import {
  valueAt,
  type AutoscalerMetric,
  type AutoscalerTimeline,
  type LoadTimeline,
  type Timeline,
  type WorkloadTimeline,
} from '../core/model';
import { formatNumber } from './series';
import { sizeAfter } from './timeline-text';

/** Role of a line; the page gives it colour and dash. */
type Line = 'value' | 'target' | 'desired' | 'pods' | 'ready' | 'sent' | 'served';

/** One chart of the page, as its script reads it: columns over a common time axis in seconds. */
export interface PageChart {
  readonly title: string;
  /** The same as a sentence, for those who do not see the chart. */
  readonly summary: string;
  readonly endSeconds: number;
  /** Whether only whole numbers make sense on the axis of values. */
  readonly whole: boolean;
  readonly seconds: readonly number[];
  readonly lines: readonly {
    readonly label: string;
    readonly line: Line;
    /** Whether a value holds until the next one. */
    readonly step: boolean;
    readonly values: readonly (number | null)[];
  }[];
}

/** What the values of a metric are, by the type of its target. */
const METRIC_UNITS: Readonly<Record<string, string>> = {
  averageValue: 'average per pod',
  value: 'value',
  averageUtilization: '% of the requests',
};

/** Requests a second that one generator sends, and how many are answered. */
export function loadChart(
  { durationMs }: Timeline,
  { name, target, atMs, sent, served }: LoadTimeline,
): PageChart {
  const last = (values: readonly number[]): string => formatNumber(values.at(-1) ?? 0);
  return {
    title: `${name} → ${target}, requests/s`,
    summary: `At the end ${last(sent)} requests a second are sent and ${last(served)} are answered.`,
    endSeconds: durationMs / 1000,
    whole: false,
    seconds: inSeconds([...atMs, durationMs]),
    lines: [
      { label: 'sent', line: 'sent', step: true, values: [...sent, sent.at(-1) ?? null] },
      { label: 'answered', line: 'served', step: true, values: [...served, served.at(-1) ?? null] },
    ],
  };
}

/** A metric against its target, per sync of the controller. */
export function metricChart(
  { durationMs }: Timeline,
  { syncs }: AutoscalerTimeline,
  { name, targetType, target, values }: AutoscalerMetric,
): PageChart {
  const last = values.at(-1);
  const known = last === undefined || last === null ? 'is unknown' : `is ${formatNumber(last)}`;
  return {
    title: `${name}, ${METRIC_UNITS[targetType] ?? targetType}`,
    summary: `At the end the metric ${known}; its target is ${formatNumber(target)}.`,
    endSeconds: durationMs / 1000,
    whole: false,
    seconds: inSeconds(syncs.atMs),
    lines: [
      { label: 'metric', line: 'value', step: false, values },
      { label: 'target', line: 'target', step: false, values: syncs.atMs.map(() => target) },
    ],
  };
}

/** What an autoscaler desires, the pods there are and those that are ready. */
export function replicaChart({ durationMs, workloads }: Timeline, autoscaler: AutoscalerTimeline): PageChart {
  const { syncs } = autoscaler;
  const pods = workloads.find((workload) => isTarget(workload, autoscaler));
  const times = [...new Set([0, ...syncs.atMs, ...(pods?.atMs ?? []), durationMs])].sort((a, b) => a - b);
  const sampled = (values: readonly number[] | undefined): (number | null)[] =>
    times.map((at) => valueAt(pods?.atMs ?? [], values ?? [], at) ?? null);
  const desired = times.map((at) => sizeAfter(syncs, at) ?? null);
  return {
    title: 'replicas',
    summary: `At the end ${desired.at(-1) ?? 'an unknown number of'} replicas are desired.`,
    endSeconds: durationMs / 1000,
    whole: true,
    seconds: inSeconds(times),
    lines: [
      { label: 'desired', line: 'desired', step: true, values: desired },
      { label: 'pods', line: 'pods', step: true, values: sampled(pods?.pods) },
      { label: 'ready', line: 'ready', step: true, values: sampled(pods?.ready) },
    ],
  };
}

function isTarget(workload: WorkloadTimeline, { namespace, target }: AutoscalerTimeline): boolean {
  return workload.kind === target.kind && workload.namespace === namespace && workload.name === target.name;
}

function inSeconds(times: readonly number[]): number[] {
  return times.map((atMs) => atMs / 1000);
}
