import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Prometheus' module at the version that all comparisons are with. */
const MODULE = 'github.com/prometheus/prometheus';
/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');
const BUILD_FOLDER = join(FOLDER, '../../../build/conformance');
/** Of the kinds of service discovery that want a client of some cloud, Kubernetes' alone: one binary for all suites. */
export const SERVER_TAGS = 'remove_all_sd,enable_kubernetes_sd';

/** The folder with Prometheus' test scripts; Go fetches the sources the first time. */
export function scriptsFolder(): string {
  go('mod', 'download', MODULE);
  return join(go('list', '-m', '-f', '{{.Dir}}', MODULE).trim(), 'promql/promqltest/testdata');
}

/** The version of Prometheus as people know it: the module `v0.314.0` is 3.14.0. */
export function prometheusVersion(): string {
  const version = go('list', '-m', '-f', '{{.Version}}', MODULE).trim();
  const [, major, minor, patch] = /^v0\.(\d)(\d+)\.(\d+)$/.exec(version) ?? [];
  if (major === undefined) throw new Error(`the module's version is ${version}`);
  return `${major}.${minor}.${patch}`;
}

/** Builds the server, without its user interface and most kinds of service discovery; minutes the first time. */
export function buildServer(path = join(BUILD_FOLDER, 'prometheus')): string {
  mkdirSync(dirname(path), { recursive: true });
  const flags = ['-trimpath', '-tags', SERVER_TAGS, '-ldflags=-s -w'];
  go('build', ...flags, '-o', path, `${MODULE}/cmd/prometheus`);
  return path;
}

function go(...words: readonly string[]): string {
  return execFileSync('go', words, {
    cwd: FOLDER,
    env: { ...process.env, CGO_ENABLED: '0' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
