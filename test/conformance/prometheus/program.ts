import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LineServer } from '../../oracle/program';
import { type DataSeries } from './data';

/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');
const BUILD_FOLDER = join(FOLDER, '../../../build/conformance');
const PIECE_LENGTH = 2 ** 18;

/** The program of this folder: Prometheus' own code behind lines of JSON. */
export class PrometheusProgram {
  private constructor(private readonly path: string) {}

  /** Builds it; a minute the first time, a second when Go has its build cache. */
  static build(): PrometheusProgram {
    mkdirSync(BUILD_FOLDER, { recursive: true });
    const path = join(BUILD_FOLDER, 'prometheus-code');
    execFileSync('go', ['build', '-trimpath', '-o', path, '.'], {
      cwd: FOLDER,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new PrometheusProgram(path);
  }

  /** Where the module cache has Prometheus' sources, test scripts and all. */
  static moduleFolder(): string {
    const words = ['list', '-m', '-f', '{{.Dir}}', 'github.com/prometheus/prometheus'];
    return execFileSync('go', words, { cwd: FOLDER, encoding: 'utf8' }).trim();
  }

  /**
   * Writes series into a database, which a server opens with the features that `data.ts` is for. They are never all in
   * memory.
   */
  async fill(folder: string, series: Iterable<DataSeries>): Promise<void> {
    const child = spawn(this.path, ['tsdb', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`tsdb ended with exit code ${code}`)),
      );
    });
    await Promise.all([pipeline(Readable.from(jsonLines(series)), child.stdin), ended]);
  }

  /** The answers of a command to questions, in their order. */
  async answers(
    command: string,
    questions: readonly unknown[],
    args: readonly string[] = [],
  ): Promise<unknown[]> {
    const server = new LineServer(spawn(this.path, [command, ...args]));
    const lines = await server.finish(questions.map((question) => JSON.stringify(question)));
    return lines.map((line): unknown => JSON.parse(line));
  }
}

/** Lines of JSON, many at a time. */
function* jsonLines(series: Iterable<DataSeries>): Generator<string> {
  let piece = '';
  for (const one of series) {
    piece += `${JSON.stringify(one)}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
