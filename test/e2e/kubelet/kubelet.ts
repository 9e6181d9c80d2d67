import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CollectionWatch } from '../../../apps/kube-api';
import type { PodBeginning } from '../../../rehearsal';
import type { ClusterAccess, ImageStore, NodeAgent, NodeSpec } from '../contracts';
import { cgroupName } from '../sandbox/enter';
import { AddressPool } from './addresses';
import { Cgroups } from './cgroups';
import { ClusterApi } from './cluster-api';
import { ClusterObjects, NODE_PATIENCE } from './cluster-objects';
import { announceNode } from './node';
import { isTerminal, type Pod, readPod } from './pod';
import { type NodeParts, PodWorker, type SandboxedPod } from './pod-worker';
import type { ContainerUsage } from './resource-metrics';
import { Runc } from './runc';
import { KubeletServer, type ServingIdentity } from './server';

/** How a pod begins, filled in while it does. */
type Beginning = { -readonly [Key in keyof PodBeginning]: PodBeginning[Key] };

export interface KubeletOptions {
  readonly access: ClusterAccess;
  readonly nodes: readonly NodeSpec[];
  readonly images: ImageStore;
  /** What a node shows to those who ask it. */
  readonly servingIdentity: (node: NodeSpec) => ServingIdentity;
  /** Called with each pod before its containers start, as a CNI plugin is. */
  readonly onSandbox: (pod: SandboxedPod) => Promise<void>;
}

/** Announces the nodes and runs the pods that are bound to them, as processes in containers of runc. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const kubelet = new Kubelet(options);
  await kubelet.announce();
  return kubelet;
}

/** The kubelets of all nodes of a run. */
export class Kubelet implements NodeAgent {
  private readonly api: ClusterApi;
  private readonly parts: NodeParts;
  private readonly pools = new Map<string, AddressPool>();
  private readonly workers = new Map<string, PodWorker>();
  private readonly servers: KubeletServer[] = [];
  private readonly starts: { readonly boundMs: number; readonly tookMs: number }[] = [];
  private lastAskedMs: number | undefined;
  private readonly begun: Record<string, PodBeginning[]> = {};
  private readonly names = new Map<string, { readonly namespace: string; readonly name: string }>();

  constructor(private readonly options: KubeletOptions) {
    const { access, images, nodes, onSandbox } = options;
    mkdirSync(join(access.folder, 'logs/pods'), { recursive: true });
    this.api = new ClusterApi(access);
    const cgroups = Cgroups.find(cgroupName(access.folder));
    const objects = new ClusterObjects(
      this.api,
      (kind, namespace, name) => this.objectChanged(kind, namespace, name),
      () => undefined,
    );
    const runc = new Runc(join(access.folder, 'runc'), cgroups.usable);
    this.parts = { api: this.api, objects, access, images, runc, cgroups, onSandbox };
    for (const { name, podCidr } of nodes) this.pools.set(name, new AddressPool(podCidr));
  }

  async announce(): Promise<void> {
    for (const node of this.options.nodes) {
      this.servers.push(await this.serve(node));
      await announceNode(this.api, node);
    }
    void this.parts.objects.watch();
    void this.watchPods();
  }

  /**
   * Ends the processes of a container, as a crash does.
   * @throws Error if it does not run
   */
  killContainer(namespace: string, pod: string, container: string): void {
    const unit = this.workerOf(namespace, pod)?.unit(container);
    if (!unit?.running) throw new Error(`container ${container} of pod ${namespace}/${pod} does not run`);
    unit.kill();
  }

  /** When somebody asked what pods use for the last time, by `performance.now()`; undefined if nobody did. */
  get askedMs(): number | undefined {
    return this.lastAskedMs;
  }

  /**
   * By Deployment, `namespace/name`, where its pods were bound, in this order, and how long they took to start and to be
   * ready.
   */
  get beginnings(): Readonly<Record<string, readonly PodBeginning[]>> {
    return this.begun;
  }

  /** Files that the containers of pods write to whose names begin like this. */
  logFiles(namespace: string, beginning: string): readonly string[] {
    return [...this.names]
      .filter(([, pod]) => pod.namespace === namespace && pod.name.startsWith(beginning))
      .flatMap(([uid]) => this.workers.get(uid)?.logFiles ?? []);
  }

  /** When the containers that run an image were started, by the machine's clock. */
  runningSince(image: string): readonly number[] {
    return [...this.workers.values()].flatMap((worker) => worker.runningSince(image));
  }

  /** What running containers have used since they started. */
  usage(of: (worker: PodWorker) => boolean = () => true): readonly ContainerUsage[] {
    return [...this.workers.values()].filter(of).flatMap((worker) => worker.usage());
  }

  /**
   * How long pods took from being bound until their containers ran, in milliseconds.
   * @param sinceMs by `performance.now()`; those that were bound before are left out
   */
  startTimes(sinceMs: number): readonly number[] {
    return this.starts.filter(({ boundMs }) => boundMs >= sinceMs).map(({ tookMs }) => tookMs);
  }

  /** How often a container was started until now. */
  startsOf(namespace: string, pod: string, container: string): number {
    return this.workerOf(namespace, pod)?.unit(container)?.starts ?? 0;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.abandon()));
    this.servers.forEach((server) => server.stop());
    this.api.close();
    this.parts.cgroups.remove();
  }

  private serve(node: NodeSpec): Promise<KubeletServer> {
    const { access, servingIdentity } = this.options;
    return KubeletServer.start({
      ...{ node, api: this.api, caCertificate: access.caCertificate, identity: servingIdentity(node) },
      usage: () => {
        this.lastAskedMs = performance.now();
        return this.usage((worker) => worker.nodeName === node.name);
      },
      logFile: (namespace, pod, container) => this.workerOf(namespace, pod)?.unit(container)?.logFile,
    });
  }

  private workerOf(namespace: string, name: string): PodWorker | undefined {
    const found = [...this.names].find(([, one]) => one.namespace === namespace && one.name === name);
    return found && this.workers.get(found[0]);
  }

  private objectChanged(kind: 'ConfigMap' | 'Secret', namespace: string, name: string): void {
    for (const [uid, worker] of this.workers) {
      if (this.names.get(uid)?.namespace === namespace) worker.objectChanged(kind, name);
    }
  }

  private watchPods(): Promise<void> {
    const watch = new CollectionWatch({
      client: this.api.client,
      path: '/api/v1/pods',
      sink: {
        listing: () => {
          const listed = new Set<string>();
          return {
            page: (objects) => objects.forEach((object) => listed.add(this.noticed(object))),
            done: () => this.forgetAllBut(listed),
          };
        },
        changed: (object) => void this.noticed(object),
        removed: (object) => this.removed(readPod(object).metadata.uid),
      },
      patience: NODE_PATIENCE,
      random: Math.random,
      onProblem: () => undefined,
      onHeard: () => undefined,
    });
    return watch.run(this.api.stopped);
  }

  /** @returns the pod's uid */
  private noticed(object: unknown): string {
    const pod = readPod(object);
    const { uid, namespace, name } = pod.metadata;
    const worker = this.workers.get(uid);
    if (worker) worker.update(pod);
    else if (!isTerminal(pod.status.phase) || pod.metadata.deletionTimestamp !== undefined) this.begin(pod);
    this.names.set(uid, { namespace, name });
    return uid;
  }

  private begin(pod: Pod): void {
    const { nodeName = '' } = pod.spec;
    const node = this.options.nodes.find(({ name }) => name === nodeName);
    const pool = this.pools.get(nodeName);
    if (!node || !pool) return;
    const beginning = this.noteBeginning(pod, nodeName);
    const { uid } = pod.metadata;
    const events = {
      started: (boundMs: number) => {
        const tookMs = performance.now() - boundMs;
        beginning.startMs = Math.round(tookMs);
        this.starts.push({ boundMs, tookMs });
      },
      ready: (boundMs: number) => {
        beginning.readyMs = Math.round(performance.now() - boundMs);
      },
      gone: () => this.workers.delete(uid),
    };
    this.workers.set(uid, new PodWorker(pod, node, pool, this.parts, events));
  }

  private noteBeginning({ metadata }: Pod, node: string): Beginning {
    const beginning: Beginning = { node };
    const owner = metadata.ownerReferences.find(({ kind }) => kind === 'ReplicaSet');
    if (owner) {
      const name = `${metadata.namespace}/${owner.name.replace(/-[^-]+$/, '')}`;
      (this.begun[name] ??= []).push(beginning);
    }
    return beginning;
  }

  private forgetAllBut(listed: ReadonlySet<string>): void {
    for (const uid of [...this.names.keys()]) if (!listed.has(uid)) this.removed(uid);
  }

  /** Somebody took it out of the API without waiting for its end. */
  private removed(uid: string): void {
    this.names.delete(uid);
    const worker = this.workers.get(uid);
    this.workers.delete(uid);
    void worker?.abandon();
  }
}
