import type { RunPair } from '../contracts';

/** Two values are the same within this share: the tolerance of the controller itself, below which it does nothing. */
export const VALUE_TOLERANCE = 0.1;
/**
 * Differences below this share of the target are none. One request more or less within a window is a large part of a
 * value near zero, and decides nothing: the controller's tolerance is five times that.
 */
export const LEAST_SHARE_OF_TARGET = 0.02;
/** Timers of the controller and arrival of watches: rehearsed syncs are to the millisecond, real ones are not. */
const CLOCK_MS = 250;

/**
 * How far apart the same decision may be. The phases of syncs and of scrapes are arbitrary in both runs: a value that
 * changes just after a scrape is seen by the next one, and a value that comes just after a sync by the next one.
 */
export function momentTolerance({
  syncPeriodMs,
  scrapeIntervalMs,
}: Pick<RunPair, 'syncPeriodMs' | 'scrapeIntervalMs'>): number {
  return syncPeriodMs + scrapeIntervalMs + CLOCK_MS;
}
