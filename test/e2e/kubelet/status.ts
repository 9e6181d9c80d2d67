import type { ContainerUnit } from './container-unit';
import { isSidecar, type Pod } from './pod';

export interface StatusFacts {
  readonly pod: Pod;
  readonly hostIP: string;
  /** Undefined before the pod has its network. */
  readonly podIP: string | undefined;
  readonly units: readonly ContainerUnit[];
  readonly initialized: boolean;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** Of the pod as a whole, such as `DeadlineExceeded`. */
  readonly reason: string | undefined;
  readonly terminating: boolean;
  readonly startTime: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

/**
 * The status of a pod without the times of its conditions (`generateAPIPodStatus` of `pkg/kubelet/kubelet_pods.go` and
 * `pkg/kubelet/status/generate.go`).
 */
export function podStatus(facts: StatusFacts) {
  const { pod, units, phase, podIP, hostIP, startTime, reason } = facts;
  const initNames = new Set(pod.spec.initContainers.map(({ name }) => name));
  const statuses = (init: boolean) =>
    units
      .filter(({ container }) => initNames.has(container.name) === init)
      // An init container is ready once it has done its work.
      .map((unit) => containerStatus(unit, init && unit.last?.exitCode === 0));
  return {
    phase,
    ...(reason !== undefined && { reason }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    conditions: conditionsOf(facts),
    containerStatuses: statuses(false),
    ...(initNames.size > 0 && { initContainerStatuses: statuses(true) }),
  };
}

function conditionsOf({
  pod,
  podIP,
  units,
  phase,
  initialized,
  terminating,
}: StatusFacts): readonly Condition[] {
  const init = new Set(pod.spec.initContainers.map(({ name }) => name));
  const counted = units.filter(({ container }) => !init.has(container.name) || isSidecar(container));
  const unready = counted.filter(({ ready }) => !ready).map(({ container }) => container.name);
  const over = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const isReady = unready.length === 0 && !terminating && over === undefined && initialized;
  const why =
    over !== undefined
      ? { reason: over }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const condition = (type: string, holds: boolean): Condition => ({
    type,
    status: holds ? 'True' : 'False',
    ...(holds ? {} : why),
  });
  return [
    {
      type: 'PodReadyToStartContainers',
      status: podIP !== undefined && over === undefined ? 'True' : 'False',
    },
    { type: 'Initialized', status: initialized ? 'True' : 'False' },
    condition('ContainersReady', isReady),
    condition('Ready', isReady),
  ];
}

function containerStatus(unit: ContainerUnit, done: boolean) {
  const { container, running, startedAt, last, waiting, starts, ready, started } = unit;
  const terminated = last && { ...last };
  const restartable = waiting.reason === 'CrashLoopBackOff' && last;
  const state = running
    ? { running: { startedAt } }
    : terminated && !restartable
      ? { terminated }
      : { waiting: { ...waiting } };
  return {
    name: container.name,
    image: container.image,
    imageID: container.image,
    ready: ready || done,
    started,
    restartCount: Math.max(0, starts - 1),
    state,
    lastState: terminated && (running || restartable) ? { terminated } : {},
    ...(running && { containerID: `runc://${running.id}` }),
  };
}
