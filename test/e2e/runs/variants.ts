/** What is not known of a real run to the last millisecond. */
export interface Variant {
  /** How much later than they were written down syncs and steps are taken to have been. */
  readonly syncMs: number;
  readonly stepMs: number;
  /** From the binding of a pod until its containers run. */
  readonly startMs: number;
}

/** A sync is heard of at its end, when its values are some milliseconds old; a step is over somewhat after its effect. */
const SYNC_ERRORS_MS = [0, -40, 40, -90, 90, -150];
const STEP_ERRORS_MS = [0, -60, 60, -120, 120];
/** Of the times that pods took to start: the middle first. */
const START_QUANTILES = [0.5, 0.25, 0.75];

/**
 * The runs that a real run may have been, the likeliest first.
 * @param startsMs how long each pod took from its binding until its containers ran
 */
export function variantsOf(startsMs: readonly number[]): readonly Variant[] {
  const sorted = startsMs.toSorted((a, b) => a - b);
  const starts = START_QUANTILES.map((share) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return [...new Set(starts)].flatMap((startMs) =>
    STEP_ERRORS_MS.flatMap((stepMs) => SYNC_ERRORS_MS.map((syncMs) => ({ syncMs, stepMs, startMs }))),
  );
}
