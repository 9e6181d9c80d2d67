import { UsageError } from '../../errors';
import { type Annotations } from '../annotations';
import { type EngineOptions } from '../options';
import { type SeriesStore } from '../storage/store';

/** One evaluation: over which series, and at which times. An instant query has one step. */
export interface Run {
  readonly store: SeriesStore;
  readonly startMs: number;
  /** As asked for; the last step may be before it. */
  readonly endMs: number;
  readonly stepMs: number;
  readonly steps: number;
  /**
   * Added to the times of `@`. Not 0 only in a subquery with an offset that happens to start when the query around it
   * does: Prometheus counts the offset twice then.
   */
  readonly atShiftMs: number;
  readonly annotations: Annotations;
}

/** The engine's options with their defaults. */
export type Settings = { readonly [K in keyof EngineOptions]-?: NonNullable<EngineOptions[K]> };

/** The time of a step. */
export function timeOf(run: Run, step: number): number {
  return run.startMs + step * run.stepMs;
}

/** The same evaluation at its first time only. */
export function firstStep(run: Run): Run {
  return { ...run, endMs: run.startMs, steps: 1 };
}

/** Whether it is for a single time. A range can have one step too. */
export function isInstant({ startMs, endMs }: Run): boolean {
  return startMs === endMs;
}

/** `--query.max-samples` of a server. Here steps alone are counted, before there is anything in memory. */
const MOST_STEPS = 50_000_000;

/**
 * How many steps there are from a time to another.
 * @throws UsageError if they are more than Prometheus would keep samples of one series for
 */
export function stepCount(startMs: number, endMs: number, stepMs: number): number {
  const steps = Math.floor((endMs - startMs) / stepMs) + 1;
  if (steps <= MOST_STEPS) return steps;
  throw new UsageError('query processing would load too many samples into memory in query execution');
}
