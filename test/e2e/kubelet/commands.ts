import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** What it wrote, stdout and stderr, as far as that is kept. */
  readonly output: string;
}

const KEPT = 64 * 1024;

/**
 * Runs a command to its end, whatever that is.
 * @param timeoutMs it is killed then, and counts as failed
 */
export function attempt(
  command: string,
  args: readonly string[],
  { input, timeoutMs }: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      if (output.length < KEPT) output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', (error) => resolve({ code: -1, output: error.message }));
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, output });
    });
  });
}

/** @throws Error with what it wrote, unless it ends well */
export async function run(command: string, args: readonly string[], input?: string): Promise<string> {
  const { code, output } = await attempt(command, args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${code}: ${output.trim()}`);
  return output;
}
