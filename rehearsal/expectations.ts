import { UsageError } from '../core/errors';
import type { ScaledObject } from '../core/keda';
import { formatMoment, parseGoDuration } from '../core/kube/duration';
import { namespaceOf, type Inventory } from '../core/kube/inventory';
import {
  bounds,
  largest,
  smallest,
  valueAt,
  type AutoscalerTimeline,
  type Expectation,
  type ExpectationOutcome,
  type Scenario,
  type WorkloadTimeline,
} from '../core/model';

/** What is known about an autoscaler when its expectations are judged. */
interface Subject {
  readonly name: string;
  readonly autoscaler: AutoscalerTimeline;
  readonly workload: WorkloadTimeline | undefined;
}

/** What a judgement is called, whether it holds, and what was seen. */
type Judgement = readonly [what: string, met: boolean, actual: string];

/** The autoscalers that there are or will be, by the names that an expectation may use: `namespace/name`. */
export class ExpectedAutoscalers {
  /** What KEDA makes goes by its own name, and by that of its ScaledObject where that is free. */
  private readonly names = new Map<string, string>();

  constructor({ horizontalPodAutoscalers }: Inventory, scaledObjects: readonly ScaledObject[]) {
    for (const object of horizontalPodAutoscalers) this.add(namespaceOf(object), object.metadata.name);
    for (const { namespace, autoscaler } of scaledObjects) this.add(namespace, autoscaler);
    for (const { namespace, autoscaler, name } of scaledObjects) this.add(namespace, autoscaler, name);
  }

  /**
   * Checks that every expectation is about one of them.
   * @throws UsageError naming those that are known
   */
  check({ expect }: Scenario): void {
    const unknown = expect.find(({ autoscaler }) => !this.names.has(autoscaler));
    if (!unknown) return;
    const known = [...new Set(this.names.values())];
    throw new UsageError(
      `expectation of ${unknown.autoscaler}: there is no such HorizontalPodAutoscaler; ` +
        (known.length === 0 ? 'there is none at all' : `there are ${known.join(', ')}`),
    );
  }

  /** The full name of the autoscaler that an expectation is about. */
  nameOf({ autoscaler }: Expectation): string {
    return this.names.get(autoscaler) ?? autoscaler;
  }

  private add(namespace: string, autoscaler: string, alias = autoscaler): void {
    const key = `${namespace}/${alias}`;
    if (!this.names.has(key)) this.names.set(key, `${namespace}/${autoscaler}`);
  }
}

/** Holds the scenario's expectations against what happened. */
export function judge(
  scenario: Scenario,
  autoscalers: readonly AutoscalerTimeline[],
  workloads: readonly WorkloadTimeline[],
  expected: ExpectedAutoscalers,
): readonly ExpectationOutcome[] {
  return scenario.expect.flatMap((expectation) => {
    const wanted = expected.nameOf(expectation);
    const autoscaler = autoscalers.find(({ namespace, name }) => `${namespace}/${name}` === wanted);
    if (!autoscaler) {
      const what = `${expectation.autoscaler}: the autoscaler is made`;
      return [{ expectation: what, met: false, actual: 'nothing made it' }];
    }
    const { kind, name } = autoscaler.target;
    const workload = workloads.find(
      (candidate) =>
        candidate.kind === kind && candidate.name === name && candidate.namespace === autoscaler.namespace,
    );
    const subject = { name: expectation.autoscaler, autoscaler, workload };
    return [
      ...replicasAt(expectation, subject),
      ...limits(expectation, subject),
      ...movements(expectation, subject),
      ...metrics(expectation, subject),
      ...conditionAtEnd(expectation, subject),
    ].map(([what, met, actual]) => ({ expectation: `${subject.name}: ${what}`, met, actual }));
  });
}

function replicasAt({ replicasAt: wanted = {} }: Expectation, { workload }: Subject): Judgement[] {
  return Object.entries(wanted).map(([at, size]) => {
    const { least, most } = bounds(size);
    const actual = valueAt(workload?.atMs ?? [], workload?.pods ?? [], parseGoDuration(at)) ?? 0;
    const text =
      least === most
        ? replicas(least)
        : most === Number.POSITIVE_INFINITY
          ? `at least ${replicas(least)}`
          : least === 0
            ? `at most ${replicas(most)}`
            : `${least} to ${replicas(most)}`;
    return [`${text} at ${at}`, actual >= least && actual <= most, `${replicas(actual)}`];
  });
}

function limits({ neverAbove, neverBelow }: Expectation, { workload }: Subject): Judgement[] {
  const pods = workload?.pods ?? [];
  const judgements: Judgement[] = [];
  if (neverAbove !== undefined) {
    const most = largest(0, pods);
    judgements.push([`never above ${replicas(neverAbove)}`, most <= neverAbove, `at most ${replicas(most)}`]);
  }
  if (neverBelow !== undefined) {
    const least = smallest(pods);
    judgements.push([
      `never below ${replicas(neverBelow)}`,
      least >= neverBelow,
      `at least ${replicas(least)}`,
    ]);
  }
  return judgements;
}

function movements(expectation: Expectation, { autoscaler }: Subject): Judgement[] {
  const { noScaleDownBefore, noScaleUpAfter } = expectation;
  const steps = autoscaler.decisions.flatMap(({ atMs, from, to }) =>
    to === undefined || to === from ? [] : [{ atMs, from, to, up: to > from }],
  );
  const judgements: Judgement[] = [];
  if (noScaleDownBefore !== undefined) {
    const early = steps.find(({ atMs, up }) => !up && atMs < parseGoDuration(noScaleDownBefore));
    judgements.push([`no scale-down before ${noScaleDownBefore}`, !early, early ? stepText(early) : 'none']);
  }
  if (noScaleUpAfter !== undefined) {
    const late = steps.find(({ atMs, up }) => up && atMs > parseGoDuration(noScaleUpAfter));
    judgements.push([`no scale-up after ${noScaleUpAfter}`, !late, late ? stepText(late) : 'none']);
  }
  judgements.push(...turns(expectation, steps));
  return judgements;
}

function turns(
  { directionChangesAtLeast, directionChangesAtMost }: Expectation,
  steps: readonly { readonly up: boolean }[],
): Judgement[] {
  const changes = steps.filter(({ up }, index) => index > 0 && steps[index - 1]?.up !== up).length;
  const judgement = (limit: string, count: number, met: boolean): Judgement => [
    `${limit} ${count} changes of direction`,
    met,
    String(changes),
  ];
  return [
    ...(directionChangesAtLeast === undefined
      ? []
      : [judgement('at least', directionChangesAtLeast, changes >= directionChangesAtLeast)]),
    ...(directionChangesAtMost === undefined
      ? []
      : [judgement('at most', directionChangesAtMost, changes <= directionChangesAtMost)]),
  ];
}

function metrics(
  { metricKnownBetween, metricUnknownAt = [] }: Expectation,
  { autoscaler }: Subject,
): Judgement[] {
  const { atMs } = autoscaler.syncs;
  const judgements: Judgement[] = [];
  if (metricKnownBetween) {
    const [from, until] = metricKnownBetween;
    const firsts = autoscaler.metrics.map(({ values }) => atMs[values.findIndex((value) => value !== null)]);
    const known = firsts.reduce<number | undefined>(
      (latest, first) => (latest === undefined || first === undefined ? undefined : Math.max(latest, first)),
      0,
    );
    judgements.push([
      `every metric known for the first time between ${from} and ${until}`,
      known !== undefined && known >= parseGoDuration(from) && known <= parseGoDuration(until),
      known === undefined ? 'never' : `at ${formatMoment(known)}`,
    ]);
  }
  for (const at of metricUnknownAt) {
    const values = autoscaler.metrics.map(
      (metric) => valueAt(atMs, metric.values, parseGoDuration(at)) ?? null,
    );
    judgements.push([
      `metric unknown at ${at}`,
      values.includes(null),
      values.map((value) => value ?? '<unknown>').join(', '),
    ]);
  }
  return judgements;
}

function conditionAtEnd({ conditionAtEnd: wanted }: Expectation, { autoscaler }: Subject): Judgement[] {
  if (!wanted) return [];
  const { type, status, reason } = wanted;
  const actual = autoscaler.conditions.find((condition) => condition.type === type);
  const met = actual?.status === status && (reason === undefined || actual.reason === reason);
  const what = `condition ${type}=${status}${reason === undefined ? '' : ` (${reason})`} at the end`;
  return [[what, met, actual ? `${type}=${actual.status} (${actual.reason}): ${actual.message}` : 'not set']];
}

function replicas(count: number): string {
  return `${count} ${count === 1 ? 'replica' : 'replicas'}`;
}

function stepText({ atMs, from, to }: { atMs: number; from: number; to: number }): string {
  return `from ${from} to ${replicas(to)} at ${formatMoment(atMs)}`;
}
