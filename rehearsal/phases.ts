/**
 * Moments that nobody chooses: they come from when controllers start and from hashes over names that are drawn by lot.
 * A cluster that was watched has its own; where they are left out, the rehearsal has those of its own start and names.
 */
export interface Phases {
  /** The moments when an autoscaler, `namespace/name`, is synced, ascending; after the last one each period. Milliseconds. */
  readonly syncs?: Readonly<Record<string, readonly number[]>>;
  /** By the name of a scrape job, when its targets are scraped; targets beyond them go by their names. */
  readonly scrapes?: Readonly<Record<string, readonly ScrapePhase[]>>;
  /** By workload, `namespace/name`, how its pods began, in the order in which they are made; others as usual. */
  readonly pods?: Readonly<Record<string, readonly PodBeginning[]>>;
  /** How much later than whole intervals metrics-server asks kubelets, once it has begun with it. Milliseconds. */
  readonly resources?: number | undefined;
  /** How much later than whole intervals prometheus-adapter lists series, once it has begun with it. Milliseconds. */
  readonly listings?: number | undefined;
}

/** Where a pod came to be, and how long it took. */
export interface PodBeginning {
  readonly node: string;
  /** From being bound until its containers ran, if they ever did. Milliseconds. */
  readonly startMs?: number | undefined;
  /** From being bound until it was ready for the first time; without it, its probes say when. Milliseconds. */
  readonly readyMs?: number | undefined;
}

/** When a target is scraped. */
export interface ScrapePhase {
  /** Of the target's pod; without one any that is found next. */
  readonly node?: string | undefined;
  /** How much later than whole intervals. Milliseconds. */
  readonly phaseMs: number;
}

/** From a moment until the next one that is as much later than whole intervals; 0 if it is one. Milliseconds. */
export function untilPhase(nowMs: number, phaseMs: number, intervalMs: number): number {
  return (((phaseMs - nowMs) % intervalMs) + intervalMs) % intervalMs;
}
