import { formatDuration, parseGoDuration } from '../../../core/kube/duration';
import type { KubeObject } from '../../../core/kube/object';
import type { ClusterDescriptor, Scenario, Timeline } from '../../../core/model';
import { type Phases, type PodBeginning, rehearse, type ScrapePhase } from '../../../rehearsal';
import { type Anchor, compare, type Comparison } from '../comparison';
import { syncMoments } from '../recorder/sync-moments';
import type { RunStep } from './run';
import { type Variant, variantsOf } from './variants';

/** When the first step comes in the rehearsal, if the real run was not later: everything has long been up by then. */
const FIRST_STEP_MS = 150_000;
/** From the making of a pod until it is bound. */
const SCHEDULING_MS = 100;
const TERMINATION = '300ms';

export interface RehearsedRun {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly scenario: Scenario;
  readonly cluster: ClusterDescriptor;
  readonly namespaces: readonly string[];
  readonly lastsMs: number;
  /** Metrics whose values are inputs of the rehearsal, by their names. */
  readonly inputs: readonly string[];
}

/** A step, and when the real run took it, in milliseconds since the objects were applied. */
export interface TakenStep {
  readonly step: RunStep;
  /** Of each thing that it began. */
  readonly realMs: readonly number[];
}

/** What was heard of a real run. */
export interface RealRun {
  readonly timeline: Timeline;
  readonly taken: readonly TakenStep[];
  /**
   * How long each pod took from being bound until its containers ran. It is an input of the rehearsal, as the time to pull
   * an image is, and nothing that it could know.
   */
  readonly startsMs: readonly number[];
  /** By scrape job, where each target is, and how much later than whole intervals of the timeline it was scraped. */
  readonly scrapes: Readonly<Record<string, readonly ScrapePhase[]>>;
  /** By Deployment, where its pods were put and how long each took to start. */
  readonly pods: Readonly<Record<string, readonly PodBeginning[]>>;
  /** A moment of the timeline at which metrics-server asked kubelets. */
  readonly resourcesMs: number | undefined;
  /** A moment of the timeline at which prometheus-adapter listed series, where it runs. */
  readonly listingsMs: number | undefined;
  /** The longest between two scrapes. */
  readonly scrapeIntervalMs: number;
}

/** The rehearsal that is nearest to the real run. */
export interface BestRehearsal {
  readonly timeline: Timeline;
  readonly comparison: Comparison;
  /** Variants of what was measured that were rehearsed. */
  readonly played: number;
  /** Of all that were played, how many meet every check. */
  readonly agreeing: number;
}

/**
 * Plays the same objects and load through the rehearsal, with the moments of syncs and scrapes that the real run had, and
 * compares both. What is not known to the last millisecond is varied.
 */
export function rehearseLike(run: RehearsedRun, real: RealRun): BestRehearsal {
  const { taken, scrapes, timeline, scrapeIntervalMs, startsMs, resourcesMs, listingsMs } = real;
  const syncPeriodMs = parseGoDuration(run.cluster.autoscaling.syncPeriod);
  const first = taken[0]?.realMs[0] ?? 0;
  const laterMs = Math.max(0, FIRST_STEP_MS - Math.round(first));
  const syncs = timeline.autoscalers.map(
    ({ namespace, name, syncs: { atMs } }) =>
      [`${namespace}/${name}`, syncMoments(atMs, syncPeriodMs)] as const,
  );
  const variants = variantsOf(startsMs);
  let best: BestRehearsal | undefined;
  let agreeing = 0;
  for (const variant of variants) {
    const stepLaterMs = laterMs + variant.stepMs;
    const anchors: Anchor[] = taken.flatMap(({ step, realMs: [atMs = 0] }) =>
      step.rehearsed ? [{ name: step.name, realMs: atMs, rehearsedMs: atMs + stepLaterMs }] : [],
    );
    const rehearsed = rehearse({
      name: run.name,
      objects: run.objects,
      cluster: run.cluster,
      scenario: scenarioOf(run, taken, stepLaterMs, variant),
      namespaces: run.namespaces,
      phases: {
        syncs: Object.fromEntries(
          syncs.map(([name, moments]) => [name, moments.map((atMs) => atMs + laterMs + variant.syncMs)]),
        ),
        resources: resourcesMs === undefined ? undefined : Math.round(resourcesMs) + laterMs,
        listings: listingsMs === undefined ? undefined : Math.round(listingsMs) + laterMs,
        scrapes: later(scrapes, laterMs),
        pods: real.pods,
      },
    });
    const comparison = compare(
      { run: run.name, real: timeline, rehearsed, syncPeriodMs, scrapeIntervalMs, inputs: run.inputs },
      anchors,
    );
    if (comparison.met) agreeing++;
    if (!best || failures(comparison) < failures(best.comparison)) {
      best = { timeline: rehearsed, comparison, played: 0, agreeing: 0 };
    }
  }
  if (!best) throw new Error('nothing was rehearsed');
  return { ...best, played: variants.length, agreeing };
}

function later(scrapes: RealRun['scrapes'], byMs: number): NonNullable<Phases['scrapes']> {
  return Object.fromEntries(
    Object.entries(scrapes).map(([job, phases]) => [
      job,
      phases.map(({ node, phaseMs }) => ({ node, phaseMs: phaseMs + byMs })),
    ]),
  );
}

function scenarioOf(
  { scenario, lastsMs }: RehearsedRun,
  taken: readonly TakenStep[],
  laterMs: number,
  { startMs }: Variant,
): Scenario {
  const said = taken.flatMap(
    ({ step, realMs }) =>
      step.rehearsed?.(realMs.map((atMs) => formatDuration(Math.round(atMs + laterMs)))) ?? [],
  );
  const first = taken[0]?.realMs[0] ?? 0;
  return {
    ...scenario,
    duration: formatDuration(Math.round(first + laterMs + lastsMs)),
    pods: {
      scheduling: formatDuration(SCHEDULING_MS),
      start: formatDuration(Math.round(startMs)),
      termination: TERMINATION,
    },
    latencies: scenario.latencies.map((change) => {
      const atMs = parseGoDuration(change.at);
      return atMs === 0 ? change : { ...change, at: formatDuration(Math.round(atMs + laterMs)) };
    }),
    load: said.flatMap(({ load = [] }) => load),
    runs: said.flatMap(({ runs = [] }) => runs),
    expect: [],
  };
}

/** A sequence of sizes that differs weighs more than a value that does. */
function failures({ autoscalers }: Comparison): number {
  return autoscalers
    .flatMap(({ checks }) => checks)
    .reduce((sum, { met, name }) => sum + (met ? 0 : name.startsWith('same') ? 100 : 1), 0);
}
