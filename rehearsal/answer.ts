import type { IncomingRequest } from '../core/workloads';
import type { Growth, ProgramRun } from './program-run';
import type { VirtualPod } from './virtual-pod';

/** What becomes of a request that reaches a pod. */
export interface Answer {
  /** The program that answers it. */
  readonly run: ProgramRun;
  readonly status: number;
  /** What it does to the program's series. */
  readonly growth: Growth;
}

/** @returns undefined if nothing in the pod answers on that port at that time */
export function answerOf(
  pod: VirtualPod,
  port: number,
  request: IncomingRequest,
  nowMs: number,
): Answer | undefined {
  const run = pod.answering(port, request, nowMs);
  const status = run?.program.status(port, request);
  return run && status !== undefined ? { run, status, growth: run.growthBy(request) } : undefined;
}
