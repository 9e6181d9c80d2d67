import type { StackDefinition } from '../../../core/model';
import type { Scene } from './scene';

/** Something that the run does at a moment after the chain from metric to autoscaler is up. */
export interface RunStep {
  /** What happens, for the timeline: `POST /value 50`. */
  readonly name: string;
  /** Milliseconds after the first step, in the run's own, scaled time. */
  readonly afterMs: number;
  readonly act: (scene: Scene) => Promise<void>;
  /** Whether the moment of the step is the end of what it does, not the beginning. */
  readonly countsFromEnd?: true;
  /** How a scenario says the same. @param at a moment as scenarios write it */
  readonly rehearsed: (at: string) => {
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
  /** How much faster than by the clock periods are, unless the command line says otherwise. */
  readonly factor: number;
  /** Stages that are applied by a step, not before. */
  readonly later: readonly string[];
  steps(factor: number): readonly RunStep[];
  /** How long is watched after the first step, in scaled milliseconds. */
  lastsMs(factor: number): number;
}
