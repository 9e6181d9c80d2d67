/** What a node knows of one container. */
export interface ContainerView {
  readonly state: 'waiting' | 'running' | 'exited';
  /** Of one that exited. */
  readonly exitCode: number;
  /** It is being started: nothing is to be done. */
  readonly busy: boolean;
  /** Runs and has passed its startup probe, if it has one. */
  readonly started: boolean;
  /** It is not started before that, for it has failed too often. */
  readonly notBeforeMs: number;
}

/** What of a pod decides in which order its containers run. */
export interface PodPlan {
  readonly restartPolicy: string;
  readonly init: readonly { readonly name: string; readonly sidecar: boolean }[];
  readonly main: readonly string[];
}

/** What is to be done next for a pod. */
export interface NextSteps {
  /** Containers to start now. */
  readonly start: readonly string[];
  /** When to ask again, if nothing happens before. */
  readonly wakeAtMs: number | undefined;
  readonly initialized: boolean;
  /** What remains to be done is to stop the sidecars, if the pod has ended. */
  readonly outcome: 'running' | 'succeeded' | 'failed';
}

const ABSENT: ContainerView = { state: 'waiting', exitCode: 0, busy: false, started: false, notBeforeMs: 0 };

/** Whether a container that ended with this code is started again. */
function restarts(restartPolicy: string, exitCode: number): boolean {
  return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

/**
 * The next steps of a pod (`computePodActions` and `computeInitContainerActions` of
 * `pkg/kubelet/kuberuntime/kuberuntime_manager.go`): init containers one after another, a sidecar until it has started,
 * then all others at once.
 */
export function nextSteps(
  plan: PodPlan,
  views: ReadonlyMap<string, ContainerView>,
  nowMs: number,
): NextSteps {
  const steps = new Collected(nowMs);
  const viewOf = (name: string): ContainerView => views.get(name) ?? ABSENT;
  // Init containers do not run a second time for a container that is restarted.
  const begun = plan.main.some((name) => viewOf(name).state !== 'waiting' || viewOf(name).busy);
  for (const { name, sidecar } of plan.init) {
    const view = viewOf(name);
    if (sidecar) {
      if (view.state !== 'running') steps.run(name, view);
      if (!begun && !view.started) return steps.result(false, 'running');
      continue;
    }
    if (begun || (view.state === 'exited' && view.exitCode === 0)) continue;
    if (view.state === 'exited' && plan.restartPolicy === 'Never') return steps.result(false, 'failed');
    if (view.state !== 'running') steps.run(name, view);
    return steps.result(false, 'running');
  }
  const main = plan.main.map((name) => ({ name, view: viewOf(name) }));
  const ended = main.filter(
    ({ view }) => view.state === 'exited' && !view.busy && !restarts(plan.restartPolicy, view.exitCode),
  );
  if (ended.length === main.length) {
    const failed = ended.some(({ view }) => view.exitCode !== 0);
    return { ...new Collected(nowMs).result(true, failed ? 'failed' : 'succeeded') };
  }
  for (const one of main) {
    if (one.view.state !== 'running' && !ended.includes(one)) steps.run(one.name, one.view);
  }
  return steps.result(true, 'running');
}

class Collected {
  private readonly start: string[] = [];
  private wakeAtMs: number | undefined;

  constructor(private readonly nowMs: number) {}

  run(name: string, { busy, notBeforeMs }: ContainerView): void {
    if (busy) return;
    if (notBeforeMs <= this.nowMs) this.start.push(name);
    else this.wakeAtMs = Math.min(this.wakeAtMs ?? Infinity, notBeforeMs);
  }

  result(initialized: boolean, outcome: NextSteps['outcome']): NextSteps {
    return { start: this.start, wakeAtMs: this.wakeAtMs, initialized, outcome };
  }
}
