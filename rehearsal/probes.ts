import type { Container, Probe } from '../core/kube/kinds/pod';
import { probePort, probeRequest, probeSucceeds, probeTarget } from '../core/workloads';
import type { ProbeTraffic, ProgramRun } from './program-run';

const DEFAULT_PERIOD_S = 10;
const DEFAULT_FAILURE_THRESHOLD = 3;
const SECOND_MS = 1000;

/** What the kubelet's probes make of a container that has just started. */
export interface ContainerLife {
  /** When it is ready; undefined if it never is. */
  readonly readyAtMs: number | undefined;
  /** When the kubelet kills it, if a startup or liveness probe fails for long enough. */
  readonly killedAtMs: number | undefined;
  /** Which probe that is, and what it asks for. */
  readonly failing?: string | undefined;
  /** Which probe keeps it from becoming ready. */
  readonly unready?: string | undefined;
  readonly traffic: readonly ProbeTraffic[];
}

/**
 * Works out the outcome of all probes of a container ahead: it depends on nothing but when the program begins to
 * answer. The first probe of a kind is sent `initialDelaySeconds` after the start and every `periodSeconds` from then
 * on; those of readiness and liveness wait for the startup probe. Commands that fetch nothing and gRPC probes succeed as
 * soon as the program answers; timeouts do not occur.
 */
export function containerLife(container: Container, run: ProgramRun): ContainerLife {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const startup = outcome(startupProbe, container, run, run.startedMs);
  if (startup.failsAtMs !== undefined || startup.succeedsAtMs === undefined) {
    return {
      readyAtMs: undefined,
      killedAtMs: startup.failsAtMs,
      failing: describe('startup', startupProbe),
      unready: describe('startup', startupProbe),
      traffic: traffic(startupProbe, container, run.startedMs, Number.POSITIVE_INFINITY, run),
    };
  }
  const started = startup.succeedsAtMs;
  const readiness = outcome(readinessProbe, container, run, started);
  const liveness = outcome(livenessProbe, container, run, started);
  return {
    readyAtMs: readiness.succeedsAtMs,
    killedAtMs: liveness.failsAtMs,
    failing: describe('liveness', livenessProbe),
    unready: describe('readiness', readinessProbe),
    traffic: [
      ...traffic(startupProbe, container, run.startedMs, started + 1, run),
      ...traffic(readinessProbe, container, started, Number.POSITIVE_INFINITY, run),
      ...traffic(livenessProbe, container, started, Number.POSITIVE_INFINITY, run),
    ],
  };
}

interface Outcome {
  /** When the success threshold is reached. */
  readonly succeedsAtMs: number | undefined;
  /** When the failure threshold is reached before that. */
  readonly failsAtMs: number | undefined;
}

/** @param fromMs when the kubelet begins to probe */
function outcome(probe: Probe | undefined, container: Container, run: ProgramRun, fromMs: number): Outcome {
  if (!probe) return { succeedsAtMs: fromMs, failsAtMs: undefined };
  const period = periodOf(probe);
  const first = firstTick(probe, run.startedMs, fromMs);
  const failureThreshold = probe.failureThreshold ?? DEFAULT_FAILURE_THRESHOLD;
  const failed = first + (failureThreshold - 1) * period;
  if (!probeSucceeds(probe, container, run.program)) return { succeedsAtMs: undefined, failsAtMs: failed };
  const failures = Math.max(0, Math.ceil((run.answersThisFromMs(probeRequest(probe)) - first) / period));
  const successes = probe.successThreshold ?? 1;
  return {
    succeedsAtMs: first + (failures + successes - 1) * period,
    failsAtMs: failures >= failureThreshold ? failed : undefined,
  };
}

/** The first moment of the probe's rhythm at or after `fromMs`. */
function firstTick(probe: Probe, startedMs: number, fromMs: number): number {
  const first = startedMs + (probe.initialDelaySeconds ?? 0) * SECOND_MS;
  const period = periodOf(probe);
  return first + Math.max(0, Math.ceil((fromMs - first) / period)) * period;
}

function periodOf(probe: Probe): number {
  return (probe.periodSeconds ?? DEFAULT_PERIOD_S) * SECOND_MS;
}

function traffic(
  probe: Probe | undefined,
  container: Container,
  fromMs: number,
  untilMs: number,
  run: ProgramRun,
): ProbeTraffic[] {
  const gets = probe && probeTarget(probe)?.path !== undefined;
  const port = gets ? probePort(probe, container) : undefined;
  if (!probe || port === undefined) return [];
  const request = { ...probeRequest(probe), port };
  if (run.program.status(port, request) === undefined) return [];
  const firstMs = firstTick(probe, run.startedMs, Math.max(fromMs, run.answersThisFromMs(request)));
  return [{ request, firstMs, periodMs: periodOf(probe), untilMs }];
}

function describe(kind: string, probe: Probe | undefined): string | undefined {
  if (!probe) return undefined;
  const target = probeTarget(probe);
  if (!target) return `${kind} probe`;
  const { port, path } = target;
  return path === undefined
    ? `${kind} probe of TCP port ${port}`
    : `${kind} probe GET ${path} on port ${port}`;
}
