import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_TAGS } from '../conformance/prometheus/module';

/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');
const BUILD_FOLDER = join(FOLDER, '../../build/control-plane');

const KUBERNETES = '1.36.4';
const PROMETHEUS_OPERATOR = '0.93.0';
const KEDA = '2.20.2';

interface Recipe {
  /** Folder of the module that pins the version, from `programs/`. */
  readonly module: string;
  readonly package: string;
  readonly tags?: string;
  /** Variables of Go that hold the version: some programs tell it to others, or act by it. */
  readonly stamped?: Readonly<Record<string, string>>;
}

/** Programs of clusters and their add-ons, by the names of their files. */
const RECIPES = {
  etcd: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  'kube-proxy': kubernetes('kube-proxy'),
  kubectl: kubernetes('kubectl'),
  prometheus: {
    module: '../../conformance/prometheus',
    package: 'github.com/prometheus/prometheus/cmd/prometheus',
    tags: SERVER_TAGS,
  },
  'prometheus-operator': prometheusOperator('operator'),
  'prometheus-config-reloader': prometheusOperator('prometheus-config-reloader'),
  'prometheus-adapter': {
    module: 'prometheus-adapter',
    package: 'sigs.k8s.io/prometheus-adapter/cmd/adapter',
  },
  'metrics-server': { module: 'metrics-server', package: 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
  'keda-operator': keda('operator'),
  'keda-adapter': keda('adapter'),
  'keda-webhooks': keda('webhooks'),
  podinfo: { module: 'podinfo', package: 'github.com/stefanprodan/podinfo/cmd/podinfo' },
  podcli: { module: 'podinfo', package: 'github.com/stefanprodan/podinfo/cmd/podcli' },
  vegeta: { module: 'vegeta', package: 'github.com/tsenart/vegeta/v12' },
} as const satisfies Readonly<Record<string, Recipe>>;

export type ProgramName = keyof typeof RECIPES;

/** In the order in which they are best built: what shares packages follows each other. */
export const PROGRAM_NAMES: readonly ProgramName[] = Object.keys(RECIPES).filter(isProgramName);

export function isProgramName(name: string): name is ProgramName {
  return Object.hasOwn(RECIPES, name);
}

/**
 * Path of a program, which is built from its Go module the first time: that takes minutes, and what is being built is
 * said on stderr. Later calls only look at the module's files.
 * @throws Error with what Go says if it cannot be built
 */
export function programPath(name: ProgramName): string {
  if (isBuilt(name)) return pathOf(name);
  process.stderr.write(`control plane: building ${name}\n`);
  const began = process.hrtime.bigint();
  const path = buildProgram(name);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  process.stderr.write(`control plane: built ${name} in ${seconds.toFixed(0)} s\n`);
  return path;
}

/** Path of the Prometheus server that all tests use. */
export function prometheusPath(): string {
  return programPath('prometheus');
}

/** Is there the program that the recipe and the module's files describe? */
export function isBuilt(name: ProgramName): boolean {
  const stampFile = `${pathOf(name)}.stamp`;
  return (
    existsSync(pathOf(name)) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === programStamp(name)
  );
}

/** What a program is built from, as a hash. */
export function programStamp(name: ProgramName): string {
  const recipe: Recipe = RECIPES[name];
  const folder = join(FOLDER, 'programs', recipe.module);
  return createHash('sha256')
    .update(JSON.stringify(recipe))
    .update(readFileSync(join(folder, 'go.mod')))
    .update(readFileSync(join(folder, 'go.sum')))
    .digest('hex');
}

/** Folder of the source of a program's module, in Go's module cache. */
export function programModuleFolder(name: ProgramName, modulePath: string): string {
  const folder = join(FOLDER, 'programs', RECIPES[name].module);
  go(name, folder, 'mod', 'download', modulePath);
  return go(name, folder, 'list', '-m', '-f', '{{.Dir}}', modulePath).trim();
}

/**
 * Builds a program, whatever there is; says nothing.
 * @throws Error with what Go says if it cannot be built
 */
export function buildProgram(name: ProgramName): string {
  const recipe: Recipe = RECIPES[name];
  const path = pathOf(name);
  mkdirSync(BUILD_FOLDER, { recursive: true });
  const variables = Object.entries(recipe.stamped ?? {}).map(
    ([variable, value]) => `-X ${variable}=${value}`,
  );
  const flags = [
    '-trimpath',
    ...(recipe.tags === undefined ? [] : ['-tags', recipe.tags]),
    `-ldflags=${['-s', '-w', ...variables].join(' ')}`,
  ];
  // Two test files may build the same at once.
  const mine = `${path}.${process.pid}`;
  try {
    go(name, join(FOLDER, 'programs', recipe.module), 'build', ...flags, '-o', mine, recipe.package);
    renameSync(mine, path);
  } finally {
    rmSync(mine, { force: true });
  }
  writeFileSync(`${path}.stamp`, programStamp(name));
  return path;
}

function go(name: ProgramName, folder: string, ...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('go', words, {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Error(`${name} cannot be built: go does not start: ${error.message}`);
  if (status !== 0) throw new Error(`${name} cannot be built: go ${words[0] ?? ''} says\n${stderr.trim()}`);
  return stdout;
}

function pathOf(name: ProgramName): string {
  return join(BUILD_FOLDER, name);
}

function kubernetes(command: string): Recipe {
  const [major = '', minor = ''] = KUBERNETES.split('.');
  const version = 'k8s.io/component-base/version';
  return {
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${command}`,
    stamped: {
      [`${version}.gitVersion`]: `v${KUBERNETES}`,
      [`${version}.gitMajor`]: major,
      [`${version}.gitMinor`]: minor,
    },
  };
}

/** The operator names the image of its reloader by its own version, unless it is told one. */
function prometheusOperator(command: string): Recipe {
  return {
    module: 'prometheus-operator',
    package: `github.com/prometheus-operator/prometheus-operator/cmd/${command}`,
    stamped: { 'github.com/prometheus/common/version.Version': PROMETHEUS_OPERATOR },
  };
}

function keda(command: string): Recipe {
  return {
    module: 'keda',
    package: `github.com/kedacore/keda/v2/cmd/${command}`,
    stamped: { 'github.com/kedacore/keda/v2/version.Version': KEDA },
  };
}
