import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LineServer } from '../../oracle/program';

const FOLDER = __dirname;
const BUILD_FOLDER = join(FOLDER, '../../../build/conformance');

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
