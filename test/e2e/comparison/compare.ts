import { valueAt, type AutoscalerTimeline, type Timeline } from '../../../core/model';
import { sizeAfter } from '../../../report/timeline-text';
import type { RunPair } from '../contracts';
import { Alignment, firstKnownMs, type Anchor } from './alignment';
import { compareMetric } from './metric-check';
import { momentTolerance } from './tolerances';

/** One rule, held against an autoscaler of both runs. */
export interface Check {
  readonly name: string;
  readonly met: boolean;
  /** What proves it, or what differs. */
  readonly detail: string;
}

/** A change of size that a run had. */
export interface SizeStep {
  readonly from: number;
  readonly to: number;
  /** On the rehearsal's axis. */
  readonly atMs: number;
}

/** One autoscaler of both runs. */
export interface AutoscalerComparison {
  /** `backend/backend-1`. */
  readonly autoscaler: string;
  /** From which moments time is counted; how much later the real run had them is `realMs - rehearsedMs`. */
  readonly anchors: readonly Anchor[];
  readonly real: readonly SizeStep[];
  readonly rehearsed: readonly SizeStep[];
  readonly checks: readonly Check[];
}

/** What came of comparing a real run with its rehearsal. */
export interface Comparison {
  readonly run: string;
  readonly met: boolean;
  /** How far apart the same decision may be. */
  readonly toleranceMs: number;
  readonly autoscalers: readonly AutoscalerComparison[];
}

/**
 * Holds a real run against its rehearsal, per autoscaler: the same changes of size in the same order, each within a sync
 * and a scrape of the other's, the same end, and metrics within 10 %. Tolerances are the same for every run.
 * @param anchors moments that the run made itself; without them the first moment when the metrics are known
 */
export function compare(pair: RunPair, anchors: readonly Anchor[] = []): Comparison {
  const toleranceMs = momentTolerance(pair);
  const autoscalers = namesOf(pair).map((name) => compareAutoscaler(pair, name, anchors, toleranceMs));
  const met = autoscalers.length > 0 && autoscalers.every(({ checks }) => checks.every((check) => check.met));
  return { run: pair.run, met, toleranceMs, autoscalers };
}

/** How the moments of an autoscaler of both runs belong together. */
export function alignmentOf(
  real: AutoscalerTimeline,
  rehearsed: AutoscalerTimeline,
  anchors: readonly Anchor[],
): Alignment {
  if (anchors.length > 0) return new Alignment(anchors);
  const [realMs, rehearsedMs] = [firstKnownMs(real), firstKnownMs(rehearsed)];
  if (realMs === undefined || rehearsedMs === undefined) return new Alignment([]);
  return new Alignment([{ name: 'metrics known', realMs, rehearsedMs }]);
}

/** `namespace/name` of all autoscalers that either run has. */
export function namesOf({ real, rehearsed }: RunPair): readonly string[] {
  const names = [...rehearsed.autoscalers, ...real.autoscalers].map(nameOf);
  return [...new Set(names)];
}

/** The autoscaler of a name. */
export function autoscalerIn({ autoscalers }: Timeline, name: string): AutoscalerTimeline | undefined {
  return autoscalers.find((autoscaler) => nameOf(autoscaler) === name);
}

function nameOf({ namespace, name }: AutoscalerTimeline): string {
  return `${namespace}/${name}`;
}

function compareAutoscaler(
  pair: RunPair,
  name: string,
  given: readonly Anchor[],
  toleranceMs: number,
): AutoscalerComparison {
  const [real, rehearsed] = [autoscalerIn(pair.real, name), autoscalerIn(pair.rehearsed, name)];
  if (!real || !rehearsed) {
    const detail = `only the ${real ? 'real run' : 'rehearsal'} has it`;
    return {
      ...{ autoscaler: name, anchors: [], real: [], rehearsed: [] },
      checks: [{ name: 'both have the autoscaler', met: false, detail }],
    };
  }
  const alignment = alignmentOf(real, rehearsed, given);
  const steps = { real: stepsOf(real, (atMs) => alignment.rehearsed(atMs)), rehearsed: stepsOf(rehearsed) };
  const untilMs = Math.min(alignment.rehearsed(pair.real.durationMs), pair.rehearsed.durationMs);
  const metrics = rehearsed.metrics.flatMap((metric, index) => {
    if (pair.inputs?.includes(metric.name)) return [];
    const result = compareMetric({ real, rehearsed, index, alignment, toleranceMs, untilMs });
    const [first] = result.differences;
    const counted = `${result.steady} steady moments, ${result.transient} others`;
    return {
      name: `${metric.name} within 10 %`,
      met: first === undefined,
      detail: first === undefined ? counted : `${first}; ${result.differences.length} of ${counted}`,
    };
  });
  return {
    autoscaler: name,
    anchors: alignment.anchors,
    ...steps,
    checks: [sameOrder(steps), sameMoments(steps, toleranceMs), sameEnd(pair, real, rehearsed), ...metrics],
  };
}

interface Steps {
  readonly real: readonly SizeStep[];
  readonly rehearsed: readonly SizeStep[];
}

function stepsOf({ decisions }: AutoscalerTimeline, moment = (atMs: number) => atMs): readonly SizeStep[] {
  return decisions.flatMap(({ atMs, from, to }) =>
    to === undefined || to === from ? [] : [{ from, to, atMs: moment(atMs) }],
  );
}

function sameOrder({ real, rehearsed }: Steps): Check {
  const texts = [real, rehearsed].map(
    (steps) => steps.map(({ from, to }) => `${from}→${to}`).join(' ') || 'none',
  );
  const [realText = '', rehearsedText = ''] = texts;
  const met = realText === rehearsedText;
  const detail = met ? realText : `real ${realText}; rehearsed ${rehearsedText}`;
  return { name: 'same changes of size in the same order', met, detail };
}

function sameMoments({ real, rehearsed }: Steps, toleranceMs: number): Check {
  const differences = rehearsed.map(({ atMs }, index) => Math.abs((real[index]?.atMs ?? Infinity) - atMs));
  const largest = Math.max(0, ...differences);
  const within = `${(toleranceMs / 1000).toFixed(2)} s`;
  return {
    name: `each within a sync and a scrape (${within}) of the other's`,
    met: largest <= toleranceMs && real.length === rehearsed.length,
    detail: Number.isFinite(largest)
      ? `at most ${(largest / 1000).toFixed(2)} s apart`
      : 'not as many changes',
  };
}

/** What the controller wants at the end, and the pods that are ready. */
function sameEnd(pair: RunPair, real: AutoscalerTimeline, rehearsed: AutoscalerTimeline): Check {
  const [a, b] = [endOf(pair.real, real), endOf(pair.rehearsed, rehearsed)];
  return { name: 'same end', met: a === b, detail: a === b ? a : `real ${a}; rehearsed ${b}` };
}

function endOf(
  { durationMs, workloads }: Timeline,
  { syncs, namespace, target }: AutoscalerTimeline,
): string {
  const workload = workloads.find(
    ({ kind, namespace: other, name }) => kind === target.kind && other === namespace && name === target.name,
  );
  const ready = workload && valueAt(workload.atMs, workload.ready, durationMs);
  return `${sizeAfter(syncs, durationMs) ?? 'no'} replicas, ${ready ?? 'unknown'} ready`;
}
