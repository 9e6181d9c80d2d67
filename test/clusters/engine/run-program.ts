import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { StackName } from './urn';

const MODULES = join(__dirname, '../../../node_modules');
/** A program that takes longer than this hangs. */
const LONGEST_MS = 240_000;
const PARALLEL = 16;

/** A program as the language host of Node.js starts it. */
export interface ProgramRun {
  readonly stack: StackName;
  /** Absolute path of the folder with its `index.ts` and `tsconfig.json`. */
  readonly folder: string;
  /** `HOST:PORT` of the engine. */
  readonly address: string;
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
  /** Keys of the configuration that are encrypted. */
  readonly secretKeys: readonly string[];
  /** Stops it. */
  readonly signal: AbortSignal;
  /** File that gets the paths of all modules that it loaded, one a line; empty for none. */
  readonly modulesFile: string;
}

/** How a program ended. */
export interface ProgramEnd {
  /** 0, or 32 where the program has said what is wrong, or another; 1 where it was stopped. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript program with the program runner of the SDK, to its end. */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const child = spawn(process.execPath, commandLine(run), {
    env: { ...process.env, ...environment(run) },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([run.signal, AbortSignal.timeout(LONGEST_MS)]),
  });
  const ended = once(child, 'close').then(
    ([code]: unknown[]) => (typeof code === 'number' ? code : 1),
    () => 1,
  );
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

function commandLine(run: ProgramRun): string[] {
  return [
    ...(run.modulesFile === '' ? [] : ['--require', join(__dirname, 'report-modules.js')]),
    join(MODULES, '@pulumi/pulumi/cmd/run'),
    ...['--monitor', run.address, '--engine', run.address],
    ...['--project', run.stack.project, '--stack', run.stack.stack],
    ...['--pwd', run.folder, '--parallel', String(PARALLEL)],
    ...(run.preview ? ['--dry-run'] : []),
    '.',
  ];
}

function environment(run: ProgramRun): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(run.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: 'true',
    PLIMSOLL_TEST_MODULES_FILE: run.modulesFile,
  };
}
