import { main } from '../../cli/main';

/** What a command said and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command finds around it. */
interface Surroundings {
  /** With `TTY` both outputs are terminals. */
  readonly env?: Readonly<Record<string, string>>;
  /** The standard input, piece by piece. */
  readonly stdin?: readonly (string | Uint8Array)[];
}

/** Runs the command line in this process. */
export async function run(...words: readonly string[]): Promise<Ran> {
  return runIn({}, ...words);
}

/** The same with environment variables, and with a terminal if they say `TTY`. */
export async function runWith(
  env: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<Ran> {
  return runIn({ env }, ...words);
}

/** The same with all that surrounds a command. */
export async function runIn(
  { env = {}, stdin = [] }: Surroundings,
  ...words: readonly string[]
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const output = (name: keyof typeof said) => ({
    write: (text: string) => (said[name] += text),
    isTTY: env['TTY'] !== undefined,
    columns: 100,
  });
  const exitCode = await main(words, {
    stdin: piecesOf(stdin),
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
  });
  return { exitCode, ...said };
}

async function* piecesOf(pieces: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
