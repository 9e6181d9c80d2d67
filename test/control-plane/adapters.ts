import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AggregatedServer, type ServingFiles } from './aggregated-server';
import { ADAPTER_GROUPS, ADAPTER_USER, prepareAdapters } from './aggregation';
import type { ControlPlane } from './control-plane';
import { programPath } from './programs';

/** The root of the project, whether the code runs from its source or compiled. */
const ROOT = join(__dirname.replace(/([\\/])build\1test/, '$1test'), '../..');

export interface AdapterOptions {
  /** The adapter's configuration file, as YAML. */
  readonly config: string;
  /** Where to write it; in a folder that exists. */
  readonly configFile?: string;
  /** Port of what stands before kube-apiserver, if something does. */
  readonly apiServerPort?: number;
  /** Flags besides those that name files, addresses and Prometheus. */
  readonly flags?: readonly string[];
}

/** Where an adapter finds its Prometheus. */
interface Source {
  readonly url: string;
}

let configurations = 0;
/** Control planes that have what adapters need. */
const prepared = new WeakMap<ControlPlane, Promise<void>>();

/** prometheus-adapter, as it was released. */
export function startUpstream(
  plane: ControlPlane,
  prometheus: Source,
  options: AdapterOptions,
): Promise<AggregatedServer> {
  return startAdapter(plane, prometheus, options, {
    name: 'prometheus-adapter',
    path: programPath('prometheus-adapter'),
    words: [],
  });
}

/** The project's own adapter, bundled as for its image. */
export function startOurAdapter(
  plane: ControlPlane,
  prometheus: Source,
  options: AdapterOptions & { readonly nodeFlags?: readonly string[] },
): Promise<AggregatedServer> {
  return startAdapter(plane, prometheus, options, {
    name: 'adapter',
    path: process.execPath,
    words: [...(options.nodeFlags ?? []), adapterBundle()],
  });
}

/** Path of the project's own adapter as one file for Node. */
export function adapterBundle(): string {
  return bundleOnce(join(ROOT, 'apps/adapter/main.ts'), 'adapter.js');
}

/** A server of a constant: what any aggregated server in Node costs at the least. */
export function startNoop(plane: ControlPlane): Promise<AggregatedServer> {
  const file = bundleOnce(join(ROOT, 'test/control-plane/noop/main.ts'), 'noop.js');
  return AggregatedServer.start(plane, {
    name: 'noop',
    path: process.execPath,
    args: ({ port, certificateFile, keyFile }) => [file, String(port), certificateFile, keyFile],
  });
}

async function startAdapter(
  plane: ControlPlane,
  prometheus: Source,
  options: AdapterOptions,
  program: { readonly name: string; readonly path: string; readonly words: readonly string[] },
): Promise<AggregatedServer> {
  const preparation = prepared.get(plane) ?? prepareAdapters(plane);
  prepared.set(plane, preparation);
  await preparation;
  const kubeconfig = plane.kubeconfig(ADAPTER_USER, ADAPTER_GROUPS, options.apiServerPort);
  const { config, flags = [] } = options;
  const configFile = options.configFile ?? join(plane.folder, `adapter-config-${configurations++}.yaml`);
  writeFileSync(configFile, config);
  const args = ({ port, certificateFile, keyFile }: ServingFiles): readonly string[] => [
    ...program.words,
    `--config=${configFile}`,
    `--prometheus-url=${prometheus.url}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${certificateFile}`,
    `--tls-private-key-file=${keyFile}`,
    `--lister-kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    ...flags,
  ];
  return AggregatedServer.start(plane, {
    name: program.name,
    path: program.path,
    args,
  });
}

const bundled = new Set<string>();

/** @returns the path of the bundle, which is made anew by each run */
function bundleOnce(entry: string, name: string): string {
  const folder = join(ROOT, 'build/control-plane');
  const path = join(folder, name);
  if (bundled.has(path)) return path;
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['run', '--silent', '--workspace=apps', 'bundle', '--', entry, `--outfile=${path}`], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  bundled.add(path);
  return path;
}
