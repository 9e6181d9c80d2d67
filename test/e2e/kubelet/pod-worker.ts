import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';
import type { ClusterAccess, ImageStore, NodeSpec } from '../contracts';
import type { AddressPool } from './addresses';
import type { Cgroups } from './cgroups';
import type { ClusterApi } from './cluster-api';
import type { ClusterObjects, ConfigKind } from './cluster-objects';
import { ContainerUnit, type StartSetting } from './container-unit';
import { environment } from './environment';
import type { Texts } from './texts';
import type { Placement } from './fields';
import { nextSteps, type NextSteps } from './lifecycle';
import { allContainers, type Container, isSidecar, isTerminal, type Pod, podText } from './pod';
import { hostsFile, resolvFile } from './pod-files';
import { handle } from './prober';
import type { ContainerUsage } from './resource-metrics';
import type { Runc } from './runc';
import type { BoundMount } from './runtime-spec';
import { createSandbox, removeSandbox, type Sandbox } from './sandbox';
import { ServiceAccountTokens } from './service-account-tokens';
import { type Condition, podStatus, type StatusFacts } from './status';
import type { ContentSources } from './volume-content';
import { PodVolumes } from './volumes';

const RETRY_MS = 1000;
/** What a timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A pod whose network is there and whose containers are about to start. */
export interface SandboxedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly podIP: string;
  /** File of its network namespace; undefined for a pod of the node's network. */
  readonly network: string | undefined;
}

/** What all pods of a node share. */
export interface NodeParts {
  readonly api: ClusterApi;
  readonly objects: ClusterObjects;
  readonly access: ClusterAccess;
  readonly images: ImageStore;
  readonly runc: Runc;
  readonly cgroups: Cgroups;
  readonly onSandbox: (pod: SandboxedPod) => Promise<void>;
}

/** What others are told of a pod. */
export interface PodEvents {
  /** All its containers run for the first time. @param boundMs when it was bound, by `performance.now()` */
  readonly started: (boundMs: number) => void;
  /** The API server knows for the first time that it is ready. */
  readonly ready: (boundMs: number) => void;
  readonly gone: () => void;
}

/** One pod, from its binding to its end. */
export class PodWorker {
  private readonly units: readonly ContainerUnit[];
  private readonly volumes: PodVolumes;
  private readonly tokens: ServiceAccountTokens;
  private readonly folder: string;
  private readonly podIP: string | undefined;
  private readonly startTime = new Date().toISOString();
  private readonly beganMs = performance.now();
  private sandbox: Sandbox | undefined;
  private wake: NodeJS.Timeout | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private working = false;
  private again = false;
  private ending: Promise<void> | undefined;
  private outcome: NextSteps['outcome'] = 'running';
  private initialized = false;
  private hasStarted = false;
  private wasReady = false;
  private reason: string | undefined;
  private told = '';
  private readonly transitions = new Map<string, { readonly status: string; readonly at: string }>();

  constructor(
    private pod: Pod,
    private readonly node: NodeSpec,
    private readonly pool: AddressPool,
    private readonly parts: NodeParts,
    private readonly events: PodEvents,
  ) {
    const { access, api, runc, cgroups } = parts;
    const { namespace, name, uid } = pod.metadata;
    this.folder = join(access.folder, 'pods', uid);
    this.podIP = pod.spec.hostNetwork ? undefined : pool.take();
    this.tokens = new ServiceAccountTokens(api, pod);
    this.volumes = new PodVolumes(join(this.folder, 'volumes'), () => this.contentSources());
    this.units = allContainers(pod.spec).map((container) => {
      const log = join(access.folder, 'logs/pods', `${namespace}_${name}_${container.name}.log`);
      const folder = join(this.folder, 'containers', container.name);
      return new ContainerUnit(container, log, folder, runc, () => this.look(), cgroups);
    });
    this.look();
  }

  get nodeName(): string {
    return this.node.name;
  }

  /** Of its running containers. */
  usage(): readonly ContainerUsage[] {
    const { namespace, name: pod } = this.pod.metadata;
    return this.units.flatMap((unit) => {
      const usage = unit.usage();
      const { startedAt, container } = unit;
      return usage ? [{ namespace, pod, container: container.name, startedAt, usage }] : [];
    });
  }

  get logFiles(): readonly string[] {
    return this.units.map(({ logFile }) => logFile);
  }

  runningSince(image: string): readonly number[] {
    return this.units
      .filter(({ container, running }) => running && container.image === image)
      .map(({ startedAt }) => Date.parse(startedAt));
  }

  unit(container: string): ContainerUnit | undefined {
    return this.units.find((unit) => unit.container.name === container);
  }

  /** The pod is another than before: it is to be deleted, or its labels have changed. */
  update(pod: Pod): void {
    this.pod = pod;
    this.look();
  }

  objectChanged(kind: ConfigKind, name: string): void {
    void this.volumes.refresh({ kind, name }).catch(() => undefined);
  }

  /** Ends it without a word to the API server. */
  async abandon(): Promise<void> {
    clearTimeout(this.wake);
    clearTimeout(this.renewal);
    this.ending ??= Promise.resolve();
    await Promise.all(this.units.map((unit) => unit.stop(0)));
    await this.tearDown();
  }

  /** Looks at the pod again, now or after what is being done. */
  private look(): void {
    if (this.working) {
      this.again = true;
      return;
    }
    this.working = true;
    this.again = false;
    void this.work()
      .catch((error: unknown) => this.later(RETRY_MS, error))
      .finally(() => {
        this.working = false;
        if (this.again) this.look();
      });
  }

  private later(ms: number, error?: unknown): void {
    if (error !== undefined) {
      for (const unit of this.units.filter(({ starts }) => starts === 0)) {
        unit.waiting = { reason: 'ContainerCreating', message: messageOf(error) };
      }
    }
    clearTimeout(this.wake);
    this.wake = setTimeout(() => this.look(), Math.min(ms, LONGEST_TIMER_MS));
  }

  private async work(): Promise<void> {
    if (this.pod.metadata.deletionTimestamp !== undefined) {
      this.ending ??= this.end();
      return;
    }
    if (this.ending) return;
    if (!this.sandbox) await this.prepare();
    const steps = nextSteps(
      this.plan(),
      new Map(this.units.map((unit) => [unit.container.name, unit.view])),
      performance.now(),
    );
    this.initialized = steps.initialized;
    this.noteStart();
    if (this.outcome === 'running') this.outcome = steps.outcome;
    if (this.outcome === 'running' && performance.now() >= this.deadlineMs) {
      this.outcome = 'failed';
      this.reason = 'DeadlineExceeded';
    }
    if (this.outcome !== 'running') await this.finish();
    else for (const name of steps.start) void this.unit(name)?.start(() => this.startSetting(name));
    const wakeAtMs = Math.min(
      steps.wakeAtMs ?? Infinity,
      this.outcome === 'running' ? this.deadlineMs : Infinity,
    );
    if (wakeAtMs < Infinity) this.later(Math.max(0, wakeAtMs - performance.now()));
    await this.tell();
    this.renewTokens();
  }

  private noteStart(): void {
    const { containers } = this.pod.spec;
    if (this.hasStarted || containers.some(({ name }) => (this.unit(name)?.starts ?? 0) === 0)) return;
    this.hasStarted = true;
    this.events.started(this.beganMs);
  }

  /** When a pod that may run for so long only is ended. */
  private get deadlineMs(): number {
    return this.beganMs + (this.pod.spec.activeDeadlineSeconds ?? Infinity) * 1000;
  }

  private renewTokens(): void {
    const { renewAtMs } = this.tokens;
    if (renewAtMs === undefined) return;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(
      () => void this.volumes.refresh().catch(() => undefined),
      Math.max(RETRY_MS, renewAtMs - Date.now()),
    );
    this.renewal.unref();
  }

  private plan() {
    const { restartPolicy, initContainers, containers } = this.pod.spec;
    return {
      restartPolicy,
      init: initContainers.map((container) => ({ name: container.name, sidecar: isSidecar(container) })),
      main: containers.map(({ name }) => name),
    };
  }

  private async prepare(): Promise<void> {
    const { metadata } = this.pod;
    mkdirSync(this.folder, { recursive: true });
    const sandbox = await createSandbox({
      folder: join(this.folder, 'namespaces'),
      hostname: this.hostname,
      podIP: this.podIP,
      nodeAddress: this.node.address,
    });
    this.sandbox = sandbox;
    const { namespace, name, labels } = metadata;
    const network = sandbox.namespaces.find(({ type }) => type === 'network')?.path;
    await this.parts.onSandbox({ ...{ namespace, name, labels, network }, podIP: sandbox.podIP });
    await this.tell();
  }

  private get hostname(): string {
    const { spec, metadata } = this.pod;
    return (spec.hostNetwork ? this.node.name : spec.hostname || metadata.name).slice(0, 63);
  }

  private get placement(): Placement {
    return {
      podIP: this.podIP ?? this.node.address,
      hostIP: this.node.address,
      allocatable: this.node.capacity,
    };
  }

  private contentSources(): ContentSources {
    const { objects } = this.parts;
    return {
      pod: this.pod,
      placement: this.placement,
      texts: (kind, name) => objects.texts(kind, this.pod.metadata.namespace, name),
      token: (audience, seconds) => this.tokens.token(audience, seconds),
    };
  }

  private async startSetting(name: string): Promise<StartSetting> {
    const { parts, pod, sandbox } = this;
    const unit = this.unit(name);
    if (!unit || !sandbox) throw new Error(`${podText(pod)} has no container ${name} to start`);
    await this.volumes.setUp();
    const { container } = unit;
    const bundle = parts.images.bundle(container.image);
    const texts = await this.textsFor(container);
    const services = await parts.objects.services(pod.metadata.namespace);
    const { kubernetesServiceAddress: host } = parts.access;
    const variables = new Map([
      ['HOSTNAME', this.hostname],
      ['KUBERNETES_SERVICE_HOST', host],
      ['KUBERNETES_SERVICE_PORT', '443'],
      ['KUBERNETES_SERVICE_PORT_HTTPS', '443'],
      ...environment(container, {
        ...{ pod, placement: this.placement },
        image: bundle?.env ?? [],
        services: pod.spec.enableServiceLinks ? services : [],
        textsOf: (kind, object) => texts.get(`${kind} ${object}`),
      }),
    ]);
    return {
      ...{ pod, sandbox, bundle, variables },
      mounts: [...this.etcMounts(), ...this.volumes.mountsOf(container, variables)],
      cgroupsPath: parts.cgroups.parent,
      limits: parts.cgroups.usable,
      unifiedCgroups: parts.cgroups.unified,
    };
  }

  private async textsFor({ env, envFrom }: Container): Promise<ReadonlyMap<string, Texts>> {
    const refs = [
      ...env.flatMap(({ valueFrom }) => [
        ...(valueFrom?.configMapKeyRef ? [`ConfigMap ${valueFrom.configMapKeyRef.name}`] : []),
        ...(valueFrom?.secretKeyRef ? [`Secret ${valueFrom.secretKeyRef.name}`] : []),
      ]),
      ...envFrom.flatMap(({ configMapRef, secretRef }) => [
        ...(configMapRef ? [`ConfigMap ${configMapRef.name}`] : []),
        ...(secretRef ? [`Secret ${secretRef.name}`] : []),
      ]),
    ];
    const found = new Map<string, Texts>();
    for (const ref of new Set(refs)) {
      const [kind, name = ''] = ref.split(' ');
      const own = kind === 'Secret' ? 'Secret' : 'ConfigMap';
      const texts = await this.parts.objects.texts(own, this.pod.metadata.namespace, name);
      if (texts) found.set(ref, texts);
    }
    return found;
  }

  private etcMounts(): readonly BoundMount[] {
    const { access } = this.parts;
    const podIP = this.podIP ?? this.node.address;
    const files = {
      hosts: hostsFile(this.pod, this.hostname, podIP, access.dnsDomain),
      'resolv.conf': resolvFile(this.pod, access),
      hostname: `${this.hostname}\n`,
    };
    return Object.entries(files).map(([name, text]) => {
      const source = join(this.folder, name);
      writeFileSync(source, text, { mode: 0o644 });
      chownSync(source, 0, 0);
      return { source, destination: `/etc/${name}`, readOnly: true };
    });
  }

  /** Ends what is left: sidecars of a pod that has come to its end by itself, everything after a deadline. */
  private async finish(): Promise<void> {
    await Promise.all(
      this.units.map((unit) => unit.stop(this.pod.spec.terminationGracePeriodSeconds * 1000)),
    );
  }

  private async end(): Promise<void> {
    const { metadata, spec } = this.pod;
    clearTimeout(this.wake);
    clearTimeout(this.renewal);
    // Endpoints go before the programs do.
    await this.tell().catch(() => undefined);
    const graceMs = (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds) * 1000;
    await Promise.all(this.units.map((unit) => this.endUnit(unit, graceMs)));
    await this.tearDown();
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    const options = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } };
    for (let deleted = false; !deleted && !this.parts.api.stopped.aborted;) {
      deleted = await this.parts.api.remove(path, options).then(
        () => true,
        () => new Promise<boolean>((resolve) => setTimeout(() => resolve(false), RETRY_MS)),
      );
    }
    this.events.gone();
  }

  private async endUnit(unit: ContainerUnit, graceMs: number): Promise<void> {
    const { preStop } = unit.container.lifecycle;
    const { running, container } = unit;
    const beganMs = performance.now();
    if (preStop && running) {
      const target = { container, running, podIP: this.placement.podIP };
      await handle(preStop, target, graceMs).catch(() => false);
    }
    await unit.stop(Math.max(0, graceMs - (performance.now() - beganMs)));
  }

  private async tearDown(): Promise<void> {
    await this.volumes.tearDown();
    await removeSandbox({ folder: join(this.folder, 'namespaces'), podIP: this.podIP });
    if (this.podIP !== undefined) this.pool.release(this.podIP);
  }

  private get phase(): StatusFacts['phase'] {
    if (this.outcome === 'succeeded') return 'Succeeded';
    if (this.outcome === 'failed') return 'Failed';
    const ran = this.pod.spec.containers.some(({ name }) => (this.unit(name)?.starts ?? 0) > 0);
    return this.initialized && ran ? 'Running' : 'Pending';
  }

  /** Writes the status, if it is another than the last. */
  private async tell(): Promise<void> {
    const { pod, node, sandbox, units, initialized, reason, startTime } = this;
    if (isTerminal(pod.status.phase) && this.told !== '') return;
    const status = podStatus({
      ...{ pod, units, initialized, reason, startTime },
      hostIP: node.address,
      podIP: sandbox?.podIP,
      phase: this.phase,
      terminating: pod.metadata.deletionTimestamp !== undefined,
    });
    const text = JSON.stringify(status);
    if (text === this.told) return;
    const { namespace, name, uid } = pod.metadata;
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, uid },
      status: { ...status, conditions: status.conditions.map((condition) => this.timed(condition)) },
    };
    await this.parts.api.apply(`/api/v1/namespaces/${namespace}/pods/${name}/status`, body);
    this.told = text;
    this.noteReady(status.conditions);
  }

  private noteReady(conditions: readonly Condition[]): void {
    const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (this.wasReady || !isReady) return;
    this.wasReady = true;
    this.events.ready(this.beganMs);
  }

  private timed(condition: Condition): Condition & { readonly lastTransitionTime: string } {
    const known = this.transitions.get(condition.type);
    const at = known?.status === condition.status ? known.at : new Date().toISOString();
    this.transitions.set(condition.type, { status: condition.status, at });
    return { ...condition, lastTransitionTime: at.replace(/\.\d+Z$/, 'Z') };
  }
}
