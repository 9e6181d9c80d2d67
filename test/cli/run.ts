import { main } from '../../cli/main';

/** What a command said and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function run(...words: readonly string[]): Promise<Ran> {
  return runWith({}, ...words);
}

/** The same with environment variables, and with a terminal if they say `TTY`. */
export async function runWith(
  env: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const output = (name: keyof typeof said) => ({
    write: (text: string) => (said[name] += text),
    isTTY: env['TTY'] !== undefined,
    columns: 100,
  });
  const exitCode = await main(words, { stdout: output('stdout'), stderr: output('stderr'), env });
  return { exitCode, ...said };
}
