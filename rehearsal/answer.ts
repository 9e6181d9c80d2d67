import { UsageError } from '../core/errors';
import type { IncomingRequest } from '../core/workloads';
import type { Growth, ProgramRun } from './program-run';
import type { VirtualPod } from './virtual-pod';

/** What a proxy answers when nothing listens behind it. */
const UNREACHABLE = 503;

/** A program that requests are counted by besides the one that they come to. */
export interface Passed {
  readonly agent: ProgramRun;
  observe(times: number): void;
}

/** What becomes of a request that reaches a pod. */
export interface Answer {
  /** The program that it comes to. */
  readonly run: ProgramRun;
  readonly status: number;
  /** What it does to the program's series. */
  readonly growth: Growth;
  /** What counts it on its way through a proxy: the proxy itself, and the program behind it. */
  readonly passed: readonly Passed[];
}

/** @returns undefined if nothing in the pod answers on that port at that time */
export function answerOf(
  pod: VirtualPod,
  port: number,
  request: Omit<IncomingRequest, 'port'>,
  nowMs: number,
): Answer | undefined {
  const arriving = { ...request, port };
  const run = pod.answering(port, arriving, nowMs);
  const status = run?.program.status(port, arriving);
  if (!run || status === undefined) return undefined;
  const growth = run.growthBy(arriving);
  return { run, growth, ...(throughProxy(pod, run, arriving, nowMs) ?? { status, passed: [] }) };
}

/**
 * What is answered behind a proxy, which may be one again; undefined where the program is none, or answers itself.
 * @throws UsageError if a proxy sends what it gets to itself
 */
function throughProxy(
  pod: VirtualPod,
  proxy: ProgramRun,
  request: IncomingRequest & { readonly port: number },
  nowMs: number,
  before: readonly number[] = [],
): Pick<Answer, 'status' | 'passed'> | undefined {
  const forward = proxy.program.forward?.(request.port, request);
  if (!forward) return undefined;
  const { port } = forward;
  const ports = [...before, request.port];
  if (ports.includes(port)) {
    throw new UsageError(
      `pod ${pod.namespace}/${pod.name}: requests to port ${ports[0] ?? port} never leave its proxy, which sends them ` +
        `on to ${[...ports.slice(1), port].join(', ')}; have its last cluster lead to another program`,
    );
  }
  const inner = { ...request, port };
  const behind = pod.answering(port, inner, nowMs);
  const beyond = behind && throughProxy(pod, behind, inner, nowMs, ports);
  const status = beyond?.status ?? behind?.program.status(port, inner) ?? UNREACHABLE;
  const counted = forward.counts(status);
  const growth = behind?.growthBy(inner);
  return {
    status,
    passed: [
      { agent: proxy, observe: (times) => proxy.pass(counted, times) },
      ...(behind ? [{ agent: behind, observe: (times: number) => behind.answer(growth, times) }] : []),
      ...(beyond?.passed ?? []),
    ],
  };
}
