import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors';
import { guardProcess, releaseProcess } from './warden';

/** How long a program may take to end by itself. */
const GRACE_MS = 10_000;
const POLL_MS = 50;
const LAST_LINES = 30;

export interface ProgramOptions {
  /** How messages call it. */
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /** What it writes goes here. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that runs until it is stopped, or this process ends. */
export class Program {
  readonly pid: number;
  private readonly end: Promise<void>;
  private outcome: string | undefined;

  private constructor(
    private readonly options: ProgramOptions,
    private readonly child: ChildProcess,
  ) {
    this.pid = child.pid ?? 0;
    if (this.pid !== 0) guardProcess(this.pid);
    this.end = new Promise((resolve) => {
      const settle = (outcome: string): void => {
        this.outcome = outcome;
        if (this.pid !== 0) releaseProcess(this.pid);
        resolve();
      };
      child.once('error', (error) => settle(messageOf(error)));
      child.once('exit', (code, signal) => settle(`exit ${code ?? signal}`));
    });
  }

  static start(options: ProgramOptions): Program {
    const log = openSync(options.logFile, 'a');
    try {
      const child = spawn(options.path, options.args, {
        // Ctrl-C is for the caller, who stops what depends on each other in order.
        detached: true,
        env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...options.environment },
        stdio: ['ignore', log, log],
      });
      return new Program(options, child);
    } finally {
      closeSync(log);
    }
  }

  /** How it ended, if it has. */
  get ended(): string | undefined {
    return this.outcome;
  }

  /** What it has written so far. */
  log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /**
   * Waits until the program does what it is there for.
   * @param check true once it does; an error counts as not yet
   * @throws Error with the end of the log, if the program ends or the time passes
   */
  async until(check: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    let last = 'not ready';
    while (this.outcome === undefined && performance.now() < deadline) {
      try {
        if (await check()) return;
      } catch (error) {
        last = messageOf(error);
      }
      await sleep(POLL_MS);
    }
    const { name, logFile } = this.options;
    const lines = this.log().trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    throw new Error(`${name}: ${this.outcome ?? last}; the end of its log ${logFile}:\n${lines}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks it to end, and ends it if it does not. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.outcome !== undefined) return;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS);
    await this.end;
    clearTimeout(timer);
  }
}
