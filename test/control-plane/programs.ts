import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildServer } from '../conformance/prometheus/module';

/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');
const BUILD_FOLDER = join(FOLDER, '../../build/control-plane');

const KUBERNETES = '1.36.4';
const VERSION_STAMP = [
  ['gitVersion', `v${KUBERNETES}`],
  ['gitMajor', '1'],
  ['gitMinor', '36'],
].map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);

interface Recipe {
  /** Folder of the module that pins the version, under `programs/`. */
  readonly module: string;
  readonly package: string;
  readonly linkerFlags: readonly string[];
}

/** Programs of a control plane, by the names of their files. */
const RECIPES = {
  etcd: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3', linkerFlags: [] },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  kubectl: kubernetes('kubectl'),
  'prometheus-adapter': {
    module: 'prometheus-adapter',
    package: 'sigs.k8s.io/prometheus-adapter/cmd/adapter',
    linkerFlags: [],
  },
} as const satisfies Readonly<Record<string, Recipe>>;

export type ProgramName = keyof typeof RECIPES;

/**
 * Path of a program, which is built from its Go module the first time: that takes minutes, and what is being built is
 * said on stderr. Later calls only look at the module's files.
 */
export function programPath(name: ProgramName): string {
  const recipe: Recipe = RECIPES[name];
  const folder = join(FOLDER, 'programs', recipe.module);
  return builtOnce(name, folder, recipe, (path) => {
    const flags = ['-trimpath', `-ldflags=${['-s', '-w', ...recipe.linkerFlags].join(' ')}`];
    execFileSync('go', ['build', ...flags, '-o', path, recipe.package], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
}

/** Path of the Prometheus server that all conformance tests use. */
export function prometheusPath(): string {
  const folder = join(FOLDER, '../conformance/prometheus');
  return builtOnce('prometheus', folder, {}, buildServer);
}

/** @param build writes the file that it is given */
function builtOnce(name: string, folder: string, recipe: object, build: (path: string) => void): string {
  const path = join(BUILD_FOLDER, name);
  const stampFile = `${path}.stamp`;
  const stamp = createHash('sha256')
    .update(JSON.stringify(recipe))
    .update(readFileSync(join(folder, 'go.mod')))
    .update(readFileSync(join(folder, 'go.sum')))
    .digest('hex');
  if (existsSync(path) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return path;
  mkdirSync(BUILD_FOLDER, { recursive: true });
  process.stderr.write(`control plane: building ${name}\n`);
  const began = process.hrtime.bigint();
  // Two test files may build the same at once.
  const mine = `${path}.${process.pid}`;
  build(mine);
  renameSync(mine, path);
  writeFileSync(stampFile, stamp);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  process.stderr.write(`control plane: built ${name} in ${seconds.toFixed(0)} s\n`);
  return path;
}

function kubernetes(command: string): Recipe {
  return {
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${command}`,
    linkerFlags: VERSION_STAMP,
  };
}
