import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Line, linesOf } from '../../cli/lines';
import { modFile, ORACLE_FOLDER, type OracleVersion } from './versions';

/** What the generated recordings are like. */
export interface GenerateOptions {
  readonly seed: number;
  readonly count: number;
  /** Number of the first recording: each depends on the seed and its own number alone. */
  readonly first?: number;
  readonly syncs?: number;
  /** `A=true,B=false` */
  readonly featureGates?: string;
  /** Vary the flags of the controller too. */
  readonly controllerFlags?: boolean;
  /** Restart the controller now and then. */
  readonly restarts?: boolean;
}

const timingShape = z.object({ syncs: z.int(), seconds: z.number() });
/** Real time that many syncs took. */
export type Timing = z.infer<typeof timingShape>;

/** A built oracle: the real controller of one Kubernetes version. */
export class OracleProgram {
  private constructor(
    readonly kubernetes: string,
    private readonly path: string,
  ) {}

  /** Builds it; minutes the first time, seconds when Go has its build cache. */
  static build(version: OracleVersion): OracleProgram {
    const folder = join(ORACLE_FOLDER, '../../build/oracle');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `oracle-${version.kubernetes}`);
    const flags = [`-modfile=${modFile(version)}`, '-trimpath', '-ldflags=-s -w'];
    const tags = version.tags.length > 0 ? ['-tags', version.tags.join(',')] : [];
    execFileSync('go', ['build', ...flags, ...tags, '-o', path, '.'], {
      cwd: ORACLE_FOLDER,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new OracleProgram(version.kubernetes, path);
  }

  /** Random recordings, one a line. */
  generate(options: GenerateOptions): AsyncIterable<string> {
    const { seed, count, first = 0, syncs = 25, featureGates, controllerFlags, restarts } = options;
    return this.lines([
      'generate',
      ...['-kubernetes', this.kubernetes, '-seed', String(seed)],
      ...['-first', String(first), '-count', String(count), '-syncs', String(syncs)],
      ...(featureGates === undefined ? [] : ['-feature-gates', featureGates]),
      ...(controllerFlags ? ['-controller-flags'] : []),
      ...(restarts ? ['-restarts'] : []),
    ]);
  }

  /** How long the controller takes for these recordings, reading excluded. */
  async time(recordings: readonly string[]): Promise<Timing> {
    const server = new LineServer(this.spawn(['time']));
    const [timing] = await server.finish(recordings);
    return timingShape.parse(JSON.parse(timing ?? ''));
  }

  /** Starts a program that answers line by line. */
  answer(mode: 'play' | 'admit', featureGates?: string): LineServer {
    return new LineServer(this.spawn([mode, ...(featureGates ? ['-feature-gates', featureGates] : [])]));
  }

  private async *lines(words: readonly string[]): AsyncGenerator<string> {
    const child = this.spawn(words);
    const exit = exitOf(child);
    child.stdin.end();
    for await (const { text } of linesOf(child.stdout, 'oracle')) yield text;
    await exit;
  }

  /** One thread: virtual time moves on when all goroutines wait, and more threads only get in each other's way. */
  private spawn(words: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(this.path, words, { env: { ...process.env, GOMAXPROCS: '1', GOGC: '400' } });
  }
}

/** A program that answers each line with a line. */
export class LineServer {
  private readonly answers: AsyncGenerator<Line>;
  private readonly exit: Promise<void>;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.exit = exitOf(child);
    this.answers = linesOf(child.stdout, 'oracle');
  }

  async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`);
    const answer = await this.answers.next();
    if (!answer.done) return answer.value.text;
    await this.exit;
    throw new Error(`${this.child.spawnfile} ended before it answered`);
  }

  /** Sends the last lines, and takes whatever answers there still are. */
  async finish(lines: readonly string[] = []): Promise<string[]> {
    this.child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const answers: string[] = [];
    for await (const { text } of this.answers) answers.push(text);
    await this.exit;
    return answers;
  }
}

/** Settles when the process ends; rejects with what it said if that was not well. */
function exitOf(child: ChildProcessWithoutNullStreams): Promise<void> {
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const exit = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${child.spawnargs.join(' ')} ended with ${code ?? signal}: ${said.trim()}`));
    });
  });
  // A reader that stops early breaks the pipe; that is then no news to anybody.
  exit.catch(() => undefined);
  return exit;
}
