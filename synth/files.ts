import { stringify } from 'yaml';
import { formatScenarioFile, type Stack, type StackObjects } from '../core/model';
import { forwardScript, watchScript } from './companion-scripts';
import { scriptFile, textFile, type GeneratedFile, type GeneratedFiles } from './generated-file';
import type { ImageLock } from './image-lock';
import { installScript } from './install-script';
import { loadScript, loadsOf } from './load-script';
import { manifestFiles, manifestName, MANIFESTS_FOLDER, yamlOf } from './manifests';
import { providerOf, type Provider } from './providers';

/** Where the objects that the cluster and charts bring lie, below the stack's folder. */
const PROVIDED_FOLDER = 'provided';

type Files = (readonly [path: string, file: GeneratedFile])[];

/** What the files need to know besides the stack. */
export interface FileOptions {
  /** Path from the stack's folder to the folder that the images' build folders are relative to. */
  readonly source: string;
  /** Digests of images that manifests name. Default: none. */
  readonly lock?: ImageLock;
}

/**
 * Every file of a stack: its manifests at `manifests/STACK/`, everything else at `STACK/`.
 * @throws UsageError if the stack's cluster is described as one that its provider does not make
 */
export function stackFiles(
  stack: Stack,
  objects: StackObjects,
  { source, lock }: FileOptions,
): GeneratedFiles {
  const provider = providerOf({ stack, objects });
  const files: Files = [
    ...provider.files,
    ...valuesFiles(stack),
    ...providedFiles(stack, objects),
    ['scenario.yaml', textFile(scenarioFile(stack, objects))],
    ['install.sh', scriptFile(installScript({ stack, objects, provider, source }))],
    ['uninstall.sh', scriptFile(provider.uninstall)],
    ['watch.sh', scriptFile(watchScript(stack, provider))],
    ...loadFiles(stack, objects, provider),
    ...forwardFiles(stack, provider),
  ];
  return new Map([
    ...below(MANIFESTS_FOLDER, [...manifestFiles(stack.name, objects, lock)]),
    ...below(stack.name, files),
  ]);
}

function below(folder: string, files: Files): Files {
  return files.map(([path, file]) => [`${folder}/${path}`, file]);
}

function loadFiles(stack: Stack, objects: StackObjects, provider: Provider): Files {
  const loads = loadsOf(objects);
  return loads.length > 0 ? [['load.sh', scriptFile(loadScript(stack, loads, provider))]] : [];
}

function forwardFiles(stack: Stack, provider: Provider): Files {
  return stack.forwards.length > 0 ? [['forward.sh', scriptFile(forwardScript(stack, provider))]] : [];
}

function valuesFiles({ releases }: Stack): Files {
  return releases.map(({ name, values }) => [
    `values/${name}.yaml`,
    textFile(stringify(values, { version: '1.1' })),
  ]);
}

/**
 * One file for the cluster and each release that provides something; numbered, so that sorting by name keeps the
 * stack's order.
 */
function providedFiles({ releases }: Stack, { provided }: StackObjects): Files {
  const providers = [
    { title: 'cluster', release: undefined },
    ...releases.map(({ name }) => ({ title: name, release: name })),
  ];
  return providers.flatMap(({ title, release }, index): Files => {
    const objects = provided.filter(({ origin }) => origin.release === release);
    return objects.length > 0
      ? [[`${PROVIDED_FOLDER}/${manifestName(index, title)}`, textFile(yamlOf(objects))]]
      : [];
  });
}

function scenarioFile({ scenario, cluster }: Stack, { provided }: StackObjects): string {
  return formatScenarioFile({ ...scenario, cluster, provided: provided.length > 0 ? [PROVIDED_FOLDER] : [] });
}
