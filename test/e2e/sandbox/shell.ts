import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MOST_OUTPUT = 64 * 1024 * 1024;

/** What a program prints on stdout. @throws Error with what it says on stderr, if it fails */
export function run(command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { encoding: 'utf8', maxBuffer: MOST_OUTPUT, stdio: 'pipe' }).trim();
}

/** As {@link run}, while other things go on. @param environment besides that of this process */
export async function runAsync(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await execute(command, words, {
    maxBuffer: MOST_OUTPUT,
    env: { ...process.env, ...environment },
  });
  return stdout.trim();
}
