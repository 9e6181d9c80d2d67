import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../core/errors';
import { attempt, type Ended, run } from './commands';

/** How long runc may take until the process runs. */
const START_MS = 60_000;
const POLL_MS = 10;

export interface RuncProps {
  readonly id: string;
  /** Everything about this container; a new one for each start. */
  readonly folder: string;
  /** The image's files. */
  readonly imageFolder: string;
  readonly logFile: string;
  /** The specification, once it is known where the root is. */
  readonly spec: (root: string) => unknown;
}

/** Starts containers with runc. */
export class Runc {
  /**
   * @param stateFolder where runc keeps what it knows
   * @param limits whether control groups can be used
   */
  constructor(
    private readonly stateFolder: string,
    private readonly limits: boolean,
  ) {
    mkdirSync(stateFolder, { recursive: true });
  }

  /**
   * Starts a container on a writable layer of its own.
   * @returns once its first process runs, or has ended
   * @throws Error with what runc says if it cannot be started
   */
  async start(props: RuncProps): Promise<RunningContainer> {
    const { id, folder, imageFolder, logFile, spec } = props;
    const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name));
    for (const path of [upper, work, root]) mkdirSync(path ?? '', { recursive: true });
    const layers = `lowerdir=${imageFolder},upperdir=${upper},workdir=${work},volatile`;
    await run('mount', ['-t', 'overlay', '-o', layers, 'overlay', root ?? '']);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(spec(root ?? '')));
    const pidFile = join(folder, 'pid');
    const problems = join(folder, 'runc.log');
    const log = openSync(logFile, 'a');
    const words = [...this.words, '--log', problems, 'run', '--keep', '--bundle', folder];
    const child = spawn('runc', [...words, '--pid-file', pidFile, id], { stdio: ['ignore', log, log] });
    closeSync(log);
    const container = new RunningContainer(this, props, child);
    const deadline = performance.now() + START_MS;
    while (!existsSync(pidFile) && !container.ended && performance.now() < deadline) await sleep(POLL_MS);
    if (existsSync(pidFile)) {
      container.pid = Number(readFileSync(pidFile, 'utf8'));
      return container;
    }
    child.kill('SIGKILL');
    await container.remove();
    throw new Error(startProblem(problems));
  }

  exec(id: string, command: readonly string[], timeoutMs: number): Promise<Ended> {
    return attempt('runc', [...this.words, 'exec', id, ...command], { timeoutMs });
  }

  async delete(id: string): Promise<void> {
    await attempt('runc', [...this.words, 'delete', '--force', id]);
  }

  private get words(): readonly string[] {
    return ['--root', this.stateFolder, ...(this.limits ? [] : ['--rootless', 'true'])];
  }
}

/** A container whose first process was started. */
export class RunningContainer {
  pid = 0;
  ended = false;
  /** Exit code of its first process: 128 and the signal if it was killed. */
  readonly exit: Promise<number>;

  constructor(
    private readonly runc: Runc,
    private readonly props: Pick<RuncProps, 'id' | 'folder'>,
    child: ChildProcess,
  ) {
    this.exit = new Promise((resolve) => {
      const settle = (code: number): void => {
        this.ended = true;
        resolve(code);
      };
      child.once('error', () => settle(127));
      child.once('exit', (code, signal) => settle(code ?? (signal === 'SIGKILL' ? 137 : 143)));
    });
  }

  get id(): string {
    return this.props.id;
  }

  exec(command: readonly string[], timeoutMs: number): Promise<Ended> {
    return this.runc.exec(this.id, command, timeoutMs);
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.ended || this.pid === 0) return;
    try {
      process.kill(this.pid, signal);
    } catch {
      // It has just ended.
    }
  }

  /** Ends what is left of it, and removes what it wrote. */
  async remove(): Promise<void> {
    await this.runc.delete(this.id);
    const { folder } = this.props;
    await attempt('umount', ['-l', join(folder, 'root')]);
    for (const name of ['upper', 'work', 'root'])
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The last error of runc's own log. */
function startProblem(logFile: string): string {
  try {
    const messages = [...readFileSync(logFile, 'utf8').matchAll(/msg="((?:[^"\\]|\\.)*)"/g)];
    return messages.at(-1)?.[1]?.replaceAll('\\"', '"') ?? 'runc did not say why';
  } catch (error) {
    return messageOf(error);
  }
}
