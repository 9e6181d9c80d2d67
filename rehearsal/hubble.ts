import { podLabels } from '../core/kube/endpoints';
import type { FlowEnd, HttpFlow } from '../core/workloads';
import { HUBBLE_METRICS } from '../core/workloads';
import type { ProgramRun } from './program-run';
import type { VirtualNode, VirtualPod } from './virtual-pod';
import type { World } from './world';

/** How long an agent keeps the series of a pod that is gone. */
const FORGET_AFTER_MS = 60_000;
const OUTSIDE: FlowEnd = { ip: '', namespace: '', pod: '', workload: '', workloadKind: '', app: '' };
const APP_LABELS = ['app.kubernetes.io/name', 'k8s-app', 'app'];

/** Where requests of one kind are reported. */
export interface HubbleReport {
  readonly agent: ProgramRun;
  observe(times: number): void;
}

/** The agents that report HTTP requests, one a node. */
export class HubbleAgents {
  private readonly byNode = new Map<VirtualNode, VirtualPod>();
  private changes = 0;

  constructor(private readonly world: World) {
    world.pods.onChange((pod) => {
      this.noticeAgent(pod);
      if (pod.gone) this.forgetLater(pod);
    });
  }

  /** Changes whenever an agent comes or goes. */
  get version(): number {
    return this.changes;
  }

  /** Where a request between two pods is reported on a node; undefined if no agent counts requests there. */
  report(node: VirtualNode | undefined, flow: HttpFlow): HubbleReport | undefined {
    const agent = node && this.agentOn(node);
    const labels = agent?.program.observes?.labelsOf(flow);
    if (!agent || !labels) return undefined;
    const key = JSON.stringify(labels);
    const { name } = HUBBLE_METRICS.series.requests;
    return { agent, observe: (times) => agent.observe(name, labels, key, times) };
  }

  private agentOn(node: VirtualNode): ProgramRun | undefined {
    return this.byNode.get(node)?.runs.find(({ program }) => program.observes);
  }

  private noticeAgent(pod: VirtualPod): void {
    const { node } = pod;
    if (!node) return;
    const known = this.byNode.get(node) === pod;
    const runs = pod.runs.some(({ program }) => program.observes);
    if (known === runs) return;
    if (runs) this.byNode.set(node, pod);
    else this.byNode.delete(node);
    this.changes++;
  }

  private forgetLater({ namespace, name }: VirtualPod): void {
    this.world.clock.after(FORGET_AFTER_MS, () => {
      for (const node of this.byNode.keys()) this.agentOn(node)?.forgetPod({ namespace, pod: name });
    });
  }
}

/** What an agent knows of one end of a request. */
export function flowEnd(pod: VirtualPod | undefined): FlowEnd {
  if (!pod) return OUTSIDE;
  const labels = podLabels(pod.workload);
  return {
    ip: pod.ip ?? '',
    namespace: pod.namespace,
    pod: pod.name,
    workload: pod.workload.metadata.name,
    workloadKind: pod.workload.kind,
    app: APP_LABELS.map((label) => labels[label]).find((value) => value !== undefined) ?? '',
  };
}
