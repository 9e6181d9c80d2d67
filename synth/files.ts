import { stringify } from 'yaml';
import { formatScenarioFile, type Stack, type StackObjects } from '../core/model';
import { kindConfig, requireKind } from './cluster-config';
import { forwardScript, uninstallScript, watchScript } from './companion-scripts';
import { scriptFile, textFile, type GeneratedFile, type GeneratedFiles } from './generated-file';
import { installScript } from './install-script';
import { manifestFiles, manifestName, MANIFESTS_FOLDER, yamlOf } from './manifests';

/** Where the objects that the cluster and charts bring lie, below the stack's folder. */
const PROVIDED_FOLDER = 'provided';

type Files = (readonly [path: string, file: GeneratedFile])[];

/** What the files need to know besides the stack. */
export interface FileOptions {
  /** Path from the stack's folder to the folder that the images' build folders are relative to. */
  readonly source: string;
}

/**
 * Every file of a stack: its manifests at `manifests/STACK/`, everything else at `STACK/`.
 * @throws NotSupportedError if the stack's cluster is not one that the scripts can create
 */
export function stackFiles(stack: Stack, objects: StackObjects, { source }: FileOptions): GeneratedFiles {
  requireKind(stack.cluster);
  const files: Files = [
    ['kind.yaml', textFile(kindConfig(stack.cluster))],
    ...valuesFiles(stack),
    ...providedFiles(stack, objects),
    ['scenario.yaml', textFile(scenarioFile(stack, objects))],
    ['install.sh', scriptFile(installScript(stack, objects, source))],
    ['uninstall.sh', scriptFile(uninstallScript(stack))],
    ['watch.sh', scriptFile(watchScript(stack))],
    ...forwardFiles(stack),
  ];
  return new Map([
    ...below(MANIFESTS_FOLDER, [...manifestFiles(stack.name, objects)]),
    ...below(stack.name, files),
  ]);
}

function below(folder: string, files: Files): Files {
  return files.map(([path, file]) => [`${folder}/${path}`, file]);
}

function forwardFiles(stack: Stack): Files {
  return stack.forwards.length > 0 ? [['forward.sh', scriptFile(forwardScript(stack))]] : [];
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
