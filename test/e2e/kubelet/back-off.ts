const FIRST_MS = 10_000;
const MOST_MS = 300_000;
/** After so long without an exit a container counts as healthy again. */
const FORGOTTEN_MS = 2 * MOST_MS;

/** How often a container has ended lately. */
export interface BackOff {
  /** Wait before the next start, counted from the end. */
  readonly waitMs: number;
  readonly endedAtMs: number;
}

/**
 * The wait after another exit: none after the first, then 10 s, doubling up to five minutes, and from the beginning again
 * after ten minutes without an exit (`backOffPeriod`, `MaxContainerBackOff` of `pkg/kubelet/kubelet.go`).
 */
export function nextBackOff(before: BackOff | undefined, endedAtMs: number): BackOff {
  if (!before || endedAtMs - before.endedAtMs > FORGOTTEN_MS) return { waitMs: 0, endedAtMs };
  const waitMs = before.waitMs === 0 ? FIRST_MS : Math.min(before.waitMs * 2, MOST_MS);
  return { waitMs, endedAtMs };
}
