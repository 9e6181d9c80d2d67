import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../core/errors';
import type { ControlPlane } from './control-plane';

const POLL_MS = 200;
const POD_CAPACITY = 10_000;

const podShape = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(z.object({ name: z.string(), image: z.string().default('none') })),
  }),
  status: z.object({ phase: z.string().optional() }).default({}),
});
const podListShape = z.object({ items: z.array(podShape) });
type Pod = z.infer<typeof podShape>;

/**
 * Stands in for the scheduler and the nodes' kubelets: binds every pod to its node, says that it runs and is ready, and
 * takes it away once it is being deleted. Nothing of the pods runs.
 */
export class FakeKubelet {
  private running = true;
  private pods = 0;
  private readonly loop: Promise<void>;
  private failure: string | undefined;

  private constructor(
    private readonly plane: ControlPlane,
    private readonly nodes: readonly string[],
  ) {
    this.loop = this.run();
  }

  /** @param nodes their names */
  static async start(plane: ControlPlane, nodes: readonly string[] = ['node-1']): Promise<FakeKubelet> {
    for (const name of nodes) {
      const capacity = { cpu: '1000', memory: '1000Gi', pods: String(POD_CAPACITY) };
      await plane.create('/api/v1/nodes', {
        metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      });
      await plane.request(`/api/v1/nodes/${name}/status`, {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body: {
          status: {
            capacity,
            allocatable: capacity,
            conditions: [
              {
                type: 'Ready',
                status: 'True',
                reason: 'Fake',
                lastHeartbeatTime: now(),
                lastTransitionTime: now(),
              },
            ],
          },
        },
      });
    }
    return new FakeKubelet(plane, nodes);
  }

  /** The last error that a round ended with; none after one that went well. */
  get lastError(): string | undefined {
    return this.failure;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.running) {
      try {
        const { status, text } = await this.plane.request('/api/v1/pods');
        if (status !== 200) throw new Error(`list of pods: ${status} ${text}`);
        const { items } = podListShape.parse(JSON.parse(text));
        await Promise.all(items.map((pod) => this.care(pod)));
        this.failure = undefined;
      } catch (error) {
        // kube-apiserver may be down for a while: that is what some tests are about.
        this.failure = messageOf(error);
      }
      await sleep(POLL_MS);
    }
  }

  private async care(pod: Pod): Promise<void> {
    const { name, namespace, deletionTimestamp } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    if (deletionTimestamp !== undefined) {
      await this.plane.request(path, { method: 'DELETE', body: { gracePeriodSeconds: 0 } });
      return;
    }
    const terminal = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    if (terminal || pod.status.phase === 'Running') return;
    const index = this.pods++;
    if (pod.spec.nodeName === undefined) {
      const node = this.nodes[index % this.nodes.length];
      await this.plane.request(`${path}/binding`, {
        method: 'POST',
        body: { metadata: { name, namespace }, target: { apiVersion: 'v1', kind: 'Node', name: node } },
      });
    }
    await this.plane.request(`${path}/status`, {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { status: runningStatus(pod, `10.244.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`) },
    });
  }
}

function runningStatus(pod: Pod, podIP: string): unknown {
  const conditions = ['Initialized', 'ContainersReady', 'Ready', 'PodScheduled'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now(),
  }));
  return {
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: now(),
    conditions,
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: image,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now() } },
    })),
  };
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
