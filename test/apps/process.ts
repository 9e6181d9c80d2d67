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

const processes = new Set<Pick<Process, 'child' | 'exit'>>();

/** @param file bundled program */
export function startProcess(file: string, environment: Readonly<Record<string, string>>): Process {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
  processes.add({ child, exit });
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

/** For `afterEach`: until they have ended, they may write to folders that are about to be removed. */
export async function killProcesses(): Promise<void> {
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all([...processes].map(({ exit }) => exit));
  processes.clear();
}
