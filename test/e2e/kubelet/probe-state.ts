/** What a probe has found so far. */
export interface ProbeState {
  readonly healthy: boolean;
  /** The last outcome, and how often in a row it came. */
  readonly last: boolean | undefined;
  readonly streak: number;
}

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export interface Thresholds {
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Before the first answer: alive, but neither started nor ready (`pkg/kubelet/prober/worker.go`). */
export function initialProbeState(kind: ProbeKind): ProbeState {
  return { healthy: kind === 'liveness', last: undefined, streak: 0 };
}

/** The state after another answer: it changes once an outcome came as often in a row as the probe says. */
export function probed(before: ProbeState, success: boolean, thresholds: Thresholds): ProbeState {
  const streak = before.last === success ? before.streak + 1 : 1;
  const wanted = success ? thresholds.successThreshold : thresholds.failureThreshold;
  return { healthy: streak >= wanted ? success : before.healthy, last: success, streak };
}

/** Whether the container has to be restarted: a startup or liveness probe that failed as often as it may. */
export function demandsRestart(
  kind: ProbeKind,
  state: ProbeState,
  { failureThreshold }: Thresholds,
): boolean {
  return kind !== 'readiness' && state.last === false && state.streak >= failureThreshold;
}
