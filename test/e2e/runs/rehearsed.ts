import { formatDuration, parseGoDuration } from '../../../core/kube/duration';
import type { KubeObject } from '../../../core/kube/object';
import type { ClusterDescriptor, Scenario, Timeline } from '../../../core/model';
import { rehearse } from '../../../rehearsal';
import { type Anchor, compare, type Comparison } from '../comparison';
import type { RunStep } from './run';

/** When the first step comes in the rehearsal: everything has long been up, as it is in the real run by then. */
const FIRST_STEP_MS = 90_000;
/**
 * Syncs and scrapes have phases that nobody chooses: they come from the moments at which controllers start and from the
 * names of pods. The rehearsal is played with this many phases of the syncs, and of the scrapes with each of them.
 */
const SYNC_PHASES = 10;
const SEEDS = 16;

/** Of a pod's start, what the scheduler takes of it. */
const SCHEDULING_MS = 100;
const TERMINATION = '300ms';

export interface RehearsedRun {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly scenario: Scenario;
  readonly cluster: ClusterDescriptor;
  readonly namespaces: readonly string[];
  readonly lastsMs: number;
}

/** A step, and when the real run took it, in milliseconds since the objects were applied. */
export interface TakenStep {
  readonly step: RunStep;
  readonly realMs: number;
}

/** The rehearsal whose phases are nearest to those of the real run. */
export interface BestRehearsal {
  readonly timeline: Timeline;
  readonly comparison: Comparison;
  readonly played: number;
  /** Of all that were played, how many meet every check. */
  readonly agreeing: number;
}

/**
 * Plays the same objects and load through the rehearsal, over the phases that a real run may have, and compares each with
 * the real run.
 */
export function rehearseLike(
  run: RehearsedRun,
  real: Timeline,
  taken: readonly TakenStep[],
  scrapeIntervalMs: number,
): BestRehearsal {
  const syncPeriodMs = parseGoDuration(run.cluster.autoscaling.syncPeriod);
  const first = taken[0]?.realMs ?? 0;
  const pods = {
    scheduling: formatDuration(SCHEDULING_MS),
    start: formatDuration(Math.max(0, startOf(real) - SCHEDULING_MS)),
    termination: TERMINATION,
  };
  let best: BestRehearsal | undefined;
  let agreeing = 0;
  for (let phase = 0; phase < SYNC_PHASES; phase++) {
    const beginsMs = FIRST_STEP_MS + Math.round((phase * syncPeriodMs) / SYNC_PHASES);
    const anchors: Anchor[] = taken.map(({ step, realMs }) => ({
      name: step.name,
      realMs,
      rehearsedMs: beginsMs + realMs - first,
    }));
    for (let seed = 1; seed <= SEEDS; seed++) {
      const timeline = rehearse({
        name: run.name,
        objects: run.objects,
        cluster: run.cluster,
        scenario: scenarioOf(run, anchors, taken, beginsMs + run.lastsMs, seed, pods),
        namespaces: run.namespaces,
      });
      const comparison = compare(
        { run: run.name, real, rehearsed: timeline, syncPeriodMs, scrapeIntervalMs },
        anchors,
      );
      if (comparison.met) agreeing++;
      if (!best || failures(comparison) < failures(best.comparison)) {
        best = { timeline, comparison, played: 0, agreeing: 0 };
      }
    }
  }
  if (!best) throw new Error('nothing was rehearsed');
  return { ...best, played: SYNC_PHASES * SEEDS, agreeing };
}

function scenarioOf(
  { scenario }: RehearsedRun,
  anchors: readonly Anchor[],
  taken: readonly TakenStep[],
  durationMs: number,
  seed: number,
  pods: Scenario['pods'],
): Scenario {
  const said = taken.flatMap(({ step }, index) => {
    const atMs = anchors[index]?.rehearsedMs;
    return atMs === undefined ? [] : [step.rehearsed(formatDuration(Math.round(atMs)))];
  });
  return {
    ...scenario,
    duration: formatDuration(Math.round(durationMs)),
    seed,
    pods,
    load: said.flatMap(({ load = [] }) => load),
    runs: said.flatMap(({ runs = [] }) => runs),
    expect: [],
  };
}

/**
 * How long a pod of the autoscaled workloads took from its making until it was ready, in milliseconds: the median. It is
 * an input of the rehearsal, as the time to pull an image is, and nothing that it could know.
 */
function startOf({ workloads }: Timeline): number {
  const times = workloads.flatMap(({ atMs, pods, ready }) =>
    atMs.flatMap((madeMs, index) => {
      const wanted = pods[index] ?? 0;
      if (wanted <= (pods[index - 1] ?? 0)) return [];
      const done = atMs.findIndex((_, later) => later > index && (ready[later] ?? 0) >= wanted);
      const doneMs = atMs[done];
      return doneMs === undefined ? [] : [doneMs - madeMs];
    }),
  );
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** A sequence of sizes that differs weighs more than a value that does. */
function failures({ autoscalers }: Comparison): number {
  return autoscalers
    .flatMap(({ checks }) => checks)
    .reduce((sum, { met, name }) => sum + (met ? 0 : name.startsWith('same') ? 100 : 1), 0);
}
