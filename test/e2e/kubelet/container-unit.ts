import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';
import type { ImageBundle } from '../contracts';
import { type BackOff, nextBackOff } from './back-off';
import type { Cgroups, Usage } from './cgroups';
import { expand } from './expansion';
import type { ContainerView } from './lifecycle';
import type { Container, Pod, Probe } from './pod';
import { Prober } from './prober';
import type { ProbeKind } from './probe-state';
import type { Runc, RunningContainer } from './runc';
import { type BoundMount, runtimeSpec } from './runtime-spec';
import type { Sandbox } from './sandbox';
import { processUser } from './users';

/** What one start of a container needs, as it is at that moment. */
export interface StartSetting {
  readonly pod: Pod;
  readonly sandbox: Sandbox;
  readonly bundle: ImageBundle | undefined;
  readonly variables: ReadonlyMap<string, string>;
  readonly mounts: readonly BoundMount[];
  /** `/group/name`. */
  readonly cgroupsPath: string;
  readonly limits: boolean;
  readonly unifiedCgroups: boolean;
}

/** How a container ended. */
export interface Ending {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly containerID: string;
}

/** Why a container does not run yet. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

const IMAGE_RETRY_MS = 10_000;

/** One container of a pod, from its first start to its last end. */
export class ContainerUnit {
  running: RunningContainer | undefined;
  startedAt = '';
  last: Ending | undefined;
  waiting: Waiting = { reason: 'ContainerCreating', message: '' };
  starts = 0;
  ready = false;
  started = false;
  private busy = false;
  private notBeforeMs = 0;
  private backOff: BackOff | undefined;
  private probers: Prober[] = [];
  private cgroupsPath = '';

  /** @param onChange told whenever the pod has to be looked at again */
  constructor(
    readonly container: Container,
    readonly logFile: string,
    private readonly folder: string,
    private readonly runc: Runc,
    private readonly onChange: () => void,
    private readonly cgroups: Pick<Cgroups, 'outOfMemory' | 'usage'>,
  ) {}

  get view(): ContainerView {
    const state = this.running ? 'running' : this.last && this.starts > 0 ? 'exited' : 'waiting';
    return {
      state,
      exitCode: this.last?.exitCode ?? 0,
      busy: this.busy,
      started: this.started,
      notBeforeMs: this.notBeforeMs,
    };
  }

  /** @param setting asked for when it starts: objects may be missing until then */
  async start(setting: () => Promise<StartSetting>): Promise<void> {
    this.busy = true;
    try {
      const now = await setting();
      if (!now.bundle) {
        this.delay(this.waiting.reason === 'ErrImagePull' ? 'ImagePullBackOff' : 'ErrImagePull', [
          `image ${this.container.image} is not on this machine`,
        ]);
        return;
      }
      await this.run(now, now.bundle);
    } catch (error) {
      this.delay('CreateContainerConfigError', [messageOf(error)]);
    } finally {
      this.busy = false;
      this.onChange();
    }
  }

  /** Asks it to end, and ends it when the time is over. */
  async stop(graceMs: number): Promise<void> {
    const { running } = this;
    this.endProbes();
    if (!running) return;
    running.signal('SIGTERM');
    const timer = setTimeout(() => running.signal('SIGKILL'), graceMs);
    await running.exit;
    clearTimeout(timer);
  }

  /** What it has used since its start; undefined if it does not run. */
  usage(): Usage | undefined {
    return this.running && this.cgroups.usage(this.cgroupsPath, this.running.pid);
  }

  kill(): void {
    this.running?.signal('SIGKILL');
  }

  private delay(reason: string, [message = '']: readonly string[]): void {
    this.waiting = { reason, message };
    this.notBeforeMs = performance.now() + IMAGE_RETRY_MS;
  }

  private async run(setting: StartSetting, bundle: ImageBundle): Promise<void> {
    const { container } = this;
    const { pod, variables, sandbox } = setting;
    const folder = join(this.folder, String(this.starts));
    mkdirSync(folder, { recursive: true });
    const messageFile = join(folder, 'termination-log');
    writeFileSync(messageFile, '', { mode: 0o666 });
    const id = `${pod.metadata.uid}-${container.name}-${this.starts}`;
    const expanded = (words: readonly string[]) => words.map((word) => expand(word, variables));
    const command = container.command.length > 0 ? expanded(container.command) : bundle.entrypoint;
    const given = container.args.length > 0 || container.command.length > 0;
    const args = given ? expanded(container.args) : bundle.command;
    const cgroupsPath = `${setting.cgroupsPath}/${id}`;
    const running = await this.runc.start({
      ...{ id, folder, imageFolder: bundle.rootFolder, logFile: this.logFile },
      spec: (root) =>
        runtimeSpec({
          ...{ container, root, sandbox, cgroupsPath },
          args: [...command, ...args],
          env: [...variables].map(([name, value]) => `${name}=${value}`),
          cwd: container.workingDir || bundle.workingDir || '/',
          user: processUser(container, pod.spec, bundle),
          hostPID: pod.spec.hostPID,
          mounts: [
            ...setting.mounts,
            { source: messageFile, destination: container.terminationMessagePath, readOnly: false },
          ],
          limits: setting.limits,
          unifiedCgroups: setting.unifiedCgroups,
        }),
    });
    this.running = running;
    this.cgroupsPath = cgroupsPath;
    this.starts++;
    this.startedAt = new Date().toISOString();
    this.started = container.startupProbe === undefined;
    this.ready = container.readinessProbe === undefined && this.started;
    this.beginProbes(running, sandbox.podIP);
    void running.exit.then((code) => this.ended(running, code, messageFile, cgroupsPath));
  }

  private async ended(
    running: RunningContainer,
    exitCode: number,
    messageFile: string,
    cgroupsPath: string,
  ): Promise<void> {
    this.endProbes();
    const killed = exitCode === 137 && this.cgroups.outOfMemory(cgroupsPath);
    const reason = killed ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error';
    this.last = {
      ...{ exitCode, reason, startedAt: this.startedAt, containerID: `runc://${running.id}` },
      message: existsSync(messageFile) ? readFileSync(messageFile, 'utf8').slice(0, 4096) : '',
      finishedAt: new Date().toISOString(),
    };
    this.backOff = nextBackOff(this.backOff, performance.now());
    this.notBeforeMs = performance.now() + this.backOff.waitMs;
    if (this.backOff.waitMs > 0) {
      const seconds = this.backOff.waitMs / 1000;
      this.waiting = {
        reason: 'CrashLoopBackOff',
        message: `back-off ${seconds}s restarting failed container`,
      };
    }
    await running.remove();
    this.running = undefined;
    this.ready = false;
    this.started = false;
    this.onChange();
  }

  private beginProbes(running: RunningContainer, podIP: string): void {
    const { container } = this;
    const begin = (kind: ProbeKind, probe: Probe | undefined, told: (healthy: boolean) => void): void => {
      if (!probe) return;
      const target = { container, running, podIP };
      const prober = new Prober(kind, probe, target, (healthy, restart) => {
        if (restart) void this.stop((probe.terminationGracePeriodSeconds ?? 30) * 1000);
        else told(healthy);
      });
      this.probers.push(prober);
    };
    const afterStart = (): void => {
      begin('readiness', container.readinessProbe, (healthy) => {
        this.ready = healthy;
        this.onChange();
      });
      begin('liveness', container.livenessProbe, () => undefined);
    };
    if (!container.startupProbe) return afterStart();
    begin('startup', container.startupProbe, (healthy) => {
      if (!healthy || this.started) return;
      this.endProbes();
      this.started = true;
      this.ready = container.readinessProbe === undefined;
      afterStart();
      this.onChange();
    });
  }

  private endProbes(): void {
    this.probers.forEach((prober) => prober.stop());
    this.probers = [];
  }
}
