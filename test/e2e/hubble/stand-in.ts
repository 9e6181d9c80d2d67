import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { Reflector } from '../../../apps/kube-api';
import type { KubeObject } from '../../../core/kube/object';
import type { FlowEnd } from '../../../core/workloads';
import type { KubeClient } from '../cluster/kube-client';
import { QUICK } from '../cluster/patience';
import type { NodeSpec } from '../contracts';
import type { SandboxedPod } from '../kubelet';
import { AgentMetrics } from './agent-metrics';
import { Interception, type SeenRequest } from './interception';

/** Where the chart's probes look for an agent. */
const HEALTH_PORT = 9879;
const METRICS_PORT = 9965;
/** How long an agent keeps the series of a pod that is gone (`pkg/hubble/metrics/metrics.go`). */
const FORGET_AFTER_MS = 60_000;
const OUTSIDE: FlowEnd = { ip: '', namespace: '', pod: '', workload: '', workloadKind: '', app: '' };
const APP_LABELS = ['app.kubernetes.io/name', 'k8s-app', 'app'];

const labels = z.record(z.string(), z.string());
const pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: labels.default({}),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).optional(),
  }),
  spec: z.object({ nodeName: z.string().optional(), hostNetwork: z.boolean().optional() }),
  status: z.object({ podIP: z.string().optional() }).optional(),
});
const layer7Policy = z.object({
  kind: z.literal('CiliumNetworkPolicy'),
  metadata: z.object({ namespace: z.string().optional() }),
  spec: z.object({
    endpointSelector: z.object({ matchLabels: labels.default({}) }),
    ingress: z.array(
      z.object({
        toPorts: z.array(
          z.object({
            ports: z.array(z.object({ port: z.string() })),
            rules: z.object({ http: z.array(z.object({ method: z.string() })) }),
          }),
        ),
      }),
    ),
  }),
});

type KnownPod = z.infer<typeof pod>;
type Policy = z.infer<typeof layer7Policy>;

export interface HubbleOptions {
  readonly client: KubeClient;
  readonly nodes: readonly NodeSpec[];
  /** `hubble-metrics` of ConfigMap cilium-config. */
  readonly setting: string;
  /** Those among them that have rules for HTTP decide where requests are looked into. */
  readonly policies: readonly KubeObject[];
}

/**
 * Stands in for Cilium's agents, which need eBPF programs in the kernel: looks into the real requests to every pod that an
 * L7 policy protects and counts them as Hubble does, one agent a node. Each request is reported by both sides, as with
 * such policies on both; rules that do not tell the reporters apart count double, as they would in a cluster.
 */
export class HubbleStandIn {
  private readonly stopping = new AbortController();
  private readonly interceptions: Interception[] = [];
  private readonly pods: Reflector<KnownPod>;
  /** When each workload got its first request. */
  private readonly firstSeen = new Map<string, number>();

  private constructor(
    private readonly options: HubbleOptions,
    private readonly agents: ReadonlyMap<string, AgentMetrics>,
    private readonly health: Server,
  ) {
    this.pods = new Reflector({
      client: options.client.api,
      path: '/api/v1/pods',
      read: (object) => pod.parse(object),
      ...QUICK,
      onHeard: () => this.noticeGone(),
    });
  }

  private known: readonly KnownPod[] = [];

  static async start(options: HubbleOptions): Promise<HubbleStandIn> {
    const agents = new Map<string, AgentMetrics>();
    for (const { name, address } of options.nodes) {
      agents.set(name, await AgentMetrics.start(options.setting, address, METRICS_PORT));
    }
    const health = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve, reject) => {
      health.once('error', reject);
      health.listen(HEALTH_PORT, '127.0.0.1', resolve);
    });
    const standIn = new HubbleStandIn(options, agents, health);
    void standIn.pods.run(standIn.stopping.signal);
    return standIn;
  }

  /** When the first request to a workload was seen, by `performance.now()`. @param workload `namespace/name` */
  firstSeenMs(workload: string): number | undefined {
    return this.firstSeen.get(workload);
  }

  /** To be called before the containers of a pod start. */
  async protect(starting: SandboxedPod): Promise<void> {
    const { namespace, network, podIP } = starting;
    if (network === undefined) return;
    for (const { port, methods } of this.rulesFor(namespace, starting.labels)) {
      const interception = await Interception.begin({
        ...{ network, podIP, port, methods },
        onRequest: (seen) => this.observe(starting, seen),
      });
      this.interceptions.push(interception);
    }
  }

  stop(): void {
    this.stopping.abort();
    this.interceptions.forEach((interception) => interception.end());
    this.agents.forEach((agent) => agent.stop());
    this.health.close();
  }

  private rulesFor(namespace: string, podLabels: Readonly<Record<string, string>>) {
    return this.options.policies
      .map((policy) => layer7Policy.safeParse(policy))
      .flatMap(({ data }) => (data && selects(data, namespace, podLabels) ? data.spec.ingress : []))
      .flatMap(({ toPorts }) => toPorts)
      .flatMap(({ ports, rules }) => {
        const methods = new Set(rules.http.map(({ method }) => method));
        return ports.map(({ port }) => ({ port: Number(port), methods }));
      });
  }

  private observe(target: SandboxedPod, { sourceIP, ...seen }: SeenRequest): void {
    const pods = this.pods.values ?? [];
    const sender = pods.find(({ status, spec }) => !spec.hostNetwork && status?.podIP === sourceIP);
    const receiver = pods.find(({ metadata }) => {
      return metadata.namespace === target.namespace && metadata.name === target.name;
    });
    const flow = {
      ...seen,
      source: sender ? flowEnd(sender) : { ...OUTSIDE, ip: sourceIP },
      destination: receiver ? flowEnd(receiver) : OUTSIDE,
    };
    const { namespace, workload } = flow.destination;
    const name = `${namespace}/${workload}`;
    if (!this.firstSeen.has(name)) this.firstSeen.set(name, performance.now());
    this.agentOf(receiver)?.observe({ ...flow, reporter: 'server' });
    this.agentOf(sender)?.observe({ ...flow, reporter: 'client' });
  }

  private agentOf(of: KnownPod | undefined): AgentMetrics | undefined {
    return this.agents.get(of?.spec.nodeName ?? '');
  }

  /** Series of pods that are no longer there go a while later. */
  private noticeGone(): void {
    const now = this.pods.values ?? [];
    const names = new Set(now.map(nameOf));
    for (const gone of this.known.filter((one) => !names.has(nameOf(one)))) {
      const { namespace, name } = gone.metadata;
      setTimeout(() => {
        this.agents.forEach((agent) => agent.forget(namespace, name));
      }, FORGET_AFTER_MS).unref();
    }
    this.known = now;
  }
}

function selects(policy: Policy, namespace: string, podLabels: Readonly<Record<string, string>>): boolean {
  const { matchLabels } = policy.spec.endpointSelector;
  if ((policy.metadata.namespace ?? 'default') !== namespace) return false;
  return Object.entries(matchLabels).every(([key, value]) => podLabels[key] === value);
}

function nameOf({ metadata }: KnownPod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function flowEnd({ metadata, status }: KnownPod): FlowEnd {
  const owner = metadata.ownerReferences?.[0];
  const isReplicaSet = owner?.kind === 'ReplicaSet';
  return {
    ip: status?.podIP ?? '',
    namespace: metadata.namespace,
    pod: metadata.name,
    workload: (isReplicaSet ? owner.name.replace(/-[^-]+$/, '') : owner?.name) ?? metadata.name,
    workloadKind: (isReplicaSet ? 'Deployment' : owner?.kind) ?? 'Pod',
    app: APP_LABELS.map((label) => metadata.labels[label]).find((value) => value !== undefined) ?? '',
  };
}
