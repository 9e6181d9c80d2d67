import type { Scenario, StackDefinition } from '../../../core/model';
import type { Adaptation } from '../overlay';
import type { Outcome, Scene } from './scene';

/** Something that the run does at a moment after the chain from metric to autoscaler is up. */
export interface RunStep {
  /** What happens, for the timeline: `POST /value 50`. */
  readonly name: string;
  /** Milliseconds after the first step, in the run's own, scaled time. */
  readonly afterMs: number;
  /** @returns the moments of the recorder at which what it began took effect, if not when it was called */
  readonly act: (scene: Scene) => Promise<readonly number[] | undefined>;
  /** How a scenario says the same; nothing if it is about what the run measures. @param at these moments */
  readonly rehearsed?: (at: readonly string[]) => {
    readonly load?: readonly { readonly generator: string; readonly at: string; readonly rate: number }[];
    readonly runs?: readonly { readonly cronJob: string; readonly at: string }[];
  };
}

/** One stack on the real cluster. */
export interface RunDefinition {
  readonly name: string;
  readonly summary: string;
  readonly stack: StackDefinition;
  /** `KEY=VALUE`, as `--set` takes them. */
  readonly set: readonly string[];
  /** What is otherwise than in the stack, besides times. */
  readonly adapted?: Adaptation;
  /** Namespaces with objects that the cluster brings along and that have to be there. */
  readonly providedBy?: readonly string[];
  /** Images that this brings. */
  readonly images?: readonly string[];
  /** How much faster than by the clock periods are, unless the command line says otherwise. */
  readonly factor: number;
  /** Stages that are applied by a step, not before. */
  readonly later: readonly string[];
  /** Autoscalers, `namespace/name`, that know their metrics before the first step. */
  readonly known: readonly string[];
  steps(factor: number): readonly RunStep[];
  /** From the metrics being known until the first step, in milliseconds; otherwise a few seconds. */
  readonly settleMs?: number;
  /** The scenario with what only the real run can know. Moments of latencies, after the beginning, are the recorder's. */
  readonly measured?: (scene: Scene, scenario: Scenario) => Promise<Scenario>;
  /** Metrics, by their names, whose values are measured for the rehearsal and so are no result of it. */
  readonly inputs?: readonly string[];
  /** What is tried once both runs were compared. @param syncPeriodMs of the autoscaler's controller */
  readonly afterwards?: (scene: Scene, syncPeriodMs: number) => Promise<readonly Outcome[]>;
  /** Sizes of autoscalers, `namespace/name`, at the end. */
  readonly ends: Readonly<Record<string, number>>;
  /** How long is watched after the first step, in scaled milliseconds. */
  lastsMs(factor: number): number;
}
