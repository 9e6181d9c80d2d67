import { spawn, type ChildProcess } from 'node:child_process';

/** A line of a program's log. */
type Line = Readonly<Record<string, unknown>>;

/** A program that runs as a process of its own. */
export interface Process {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** Exit code, or the signal that ended it. */
  readonly exit: Promise<unknown>;
  /** Resolves with the line of a message, once it is logged. */
  logged(this: void, msg: string): Promise<Line>;
}

const children = new Set<ChildProcess>();

/** @param file bundled program */
export function startProcess(file: string, environment: Readonly<Record<string, string>>): Process {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines: Line[] = [];
  let rest = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
    waiting.forEach((check) => check());
  });
  const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const logged = (msg: string) =>
    new Promise<Line>((resolve) => {
      const check = () => {
        const found = lines.find((line) => line['msg'] === msg);
        if (found) resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { child, lines, exit, logged };
}

/** For `afterEach`. */
export function killProcesses(): void {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
}
