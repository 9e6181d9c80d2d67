import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { UsageError } from '../../core/errors';

const SIGNAL_BASE = 128;
const SIGNAL_NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};
/** `command not found`, as shells put it. */
const NOT_FOUND = 127;
/** These finish and report when they are interrupted; SIGTERM just ends them. */
const INTERRUPTED = ['vegeta', 'hey'];
/** If the report ends before the attack without saying why. */
const REPORT_ENDED = 1;

/** Programs that were started together. */
export interface LoadTest {
  /** Exit code of the load generator, or of its report if that failed. */
  readonly done: Promise<number>;
  /** Ends the load early; the report is still made. Twice: at once. */
  stop(): void;
}

/**
 * Starts what the words of a container's command line say: `attack …` is vegeta, followed by a report of what it
 * measured; everything else runs as it is.
 * @param environment of the programs, PATH among it
 * @throws UsageError without words
 */
export function startLoadTest(words: readonly string[], environment: NodeJS.ProcessEnv): LoadTest {
  const [program = '', ...rest] = words;
  if (program === '') {
    throw new UsageError('nothing to run: give "attack" and its options, or hey, curl or vegeta and theirs');
  }
  // Results that go to a file are reported from there, by whoever wanted the file.
  if (program === 'attack' && !rest.some((word) => /^--?output(=|$)/.test(word)))
    return attack(words, environment);
  const command = program === 'attack' ? 'vegeta' : program;
  const child = start(command, program === 'attack' ? words : rest, environment, 'inherit');
  return {
    done: exitOf(child),
    stop: () => void child.kill(INTERRUPTED.includes(command) ? 'SIGINT' : 'SIGTERM'),
  };
}

function attack(words: readonly string[], environment: NodeJS.ProcessEnv): LoadTest {
  const report = start('vegeta', ['report'], environment, ['pipe', 'inherit', 'inherit']);
  const attacker = start('vegeta', words, environment, ['inherit', 'pipe', 'inherit']);
  const results = attacker.stdout;
  if (report.stdin) results?.pipe(report.stdin);
  // What a report that ended early does not read any more is no news: the exit code tells.
  report.stdin?.on('error', () => undefined);
  const reported = exitOf(report).then((code) => {
    // Without a reader the attack would wait for ever.
    const early = results?.readableEnded === false;
    if (early) attacker.kill('SIGKILL');
    return { code, early };
  });
  return {
    done: Promise.all([exitOf(attacker), reported]).then(([attacked, { code, early }]) =>
      early ? code || REPORT_ENDED : attacked || code,
    ),
    // The first interrupt lets requests in flight finish, the second does not.
    stop: () => void attacker.kill('SIGINT'),
  };
}

function start(
  command: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  stdio: StdioOptions,
): ChildProcess {
  return spawn(command, words, { env: environment, stdio });
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') return reject(error);
      process.stderr.write(`load-test: ${child.spawnfile}: there is no such program\n`);
      resolve(NOT_FOUND);
    });
    child.once('close', (code, signal) =>
      resolve(code ?? SIGNAL_BASE + (signal ? (SIGNAL_NUMBERS[signal] ?? 0) : 0)),
    );
  });
}
