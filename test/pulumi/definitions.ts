import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseObject, type KubeObject } from '../../core/kube/object';
import { moduleFolder, SCHEMA_MODULES } from '../schemas/modules';

const FLUX = 'config/crd/bases';

/** Where the modules of a project have the CustomResourceDefinitions that its chart installs, by the release's name. */
const FOLDERS: Readonly<Record<string, readonly (readonly [module: string, folder: string])[]>> = {
  'prometheus-operator-crds': [[SCHEMA_MODULES.prometheusOperator, 'example/prometheus-operator-crd']],
  cilium: [[SCHEMA_MODULES.cilium, 'pkg/k8s/apis/cilium.io/client/crds/v2']],
  keda: [[SCHEMA_MODULES.keda, 'config/crd/bases']],
  flux: [
    [SCHEMA_MODULES.fluxSource, FLUX],
    [SCHEMA_MODULES.fluxKustomize, FLUX],
    [SCHEMA_MODULES.fluxHelm, FLUX],
    [SCHEMA_MODULES.fluxImageReflector, FLUX],
    [SCHEMA_MODULES.fluxImageAutomation, FLUX],
  ],
};

/**
 * The CustomResourceDefinitions that a release brings, from the modules of the project that makes them.
 * @throws Error for a release that is not known here
 */
export function definitionsOfRelease(release: string): KubeObject[] {
  const folders = FOLDERS[release];
  if (!folders) throw new Error(`no module is known for the release ${release}`);
  return folders.flatMap(([module, folder]) => {
    const path = join(moduleFolder(module), folder);
    return readdirSync(path)
      .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
      .flatMap((name) => documents(join(path, name)));
  });
}

function documents(file: string): KubeObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => z.unknown().parse(document.toJS()))
    .filter((value) => value !== null)
    .map((value) => parseObject(value, file))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}
