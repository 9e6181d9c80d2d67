import { UsageError } from '../core/errors';
import { formatMoment, parseGoDuration } from '../core/kube/duration';
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

/**
 * Checks that every expectation is about an autoscaler there is.
 * @throws UsageError naming those that are known
 */
export function checkExpectations(scenario: Scenario, known: readonly string[]): void {
  const unknown = scenario.expect.find(({ autoscaler }) => !known.includes(autoscaler));
  if (!unknown) return;
  throw new UsageError(
    `expectation of ${unknown.autoscaler}: there is no such HorizontalPodAutoscaler; ` +
      (known.length === 0 ? 'there is none at all' : `there are ${known.join(', ')}`),
  );
}

/** Holds the scenario's expectations against what happened. */
export function judge(
  scenario: Scenario,
  autoscalers: readonly AutoscalerTimeline[],
  workloads: readonly WorkloadTimeline[],
): readonly ExpectationOutcome[] {
  return scenario.expect.flatMap((expectation) => {
    const autoscaler = autoscalers.find(
      ({ namespace, name }) => `${namespace}/${name}` === expectation.autoscaler,
    );
    if (!autoscaler) return [];
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
  const { noScaleDownBefore, noScaleUpAfter, directionChangesAtMost } = expectation;
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
  if (directionChangesAtMost !== undefined) {
    const changes = steps.filter(({ up }, index) => index > 0 && steps[index - 1]?.up !== up).length;
    judgements.push([
      `at most ${directionChangesAtMost} changes of direction`,
      changes <= directionChangesAtMost,
      String(changes),
    ]);
  }
  return judgements;
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
