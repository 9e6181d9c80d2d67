import { UsageError } from '../errors';
import { namespaceOf, type Inventory } from './inventory';
import type { ConfigMap } from './kinds/core';
import type { Container, Volume, Workload } from './kinds/pod';
import { refOf, refText } from './object';

/** A file that a container reads from a ConfigMap. */
export interface MountedText {
  readonly configMap: ConfigMap;
  readonly key: string;
  readonly text: string;
}

interface Projection {
  readonly configMap: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[] | undefined;
}

/**
 * The text behind a path of a container, where a ConfigMap is mounted there: as a volume, projected, with `items`,
 * or as a single file by `subPath`.
 * @throws UsageError, with the reason, if no mount covers the path or it does not lead to a ConfigMap's key
 */
export function mountedText(
  workload: Workload,
  container: Container,
  path: string,
  inventory: Inventory,
): MountedText {
  if (!path.startsWith('/')) throw new UsageError(`"${path}" is not an absolute path`);
  const mount = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => path === trimmed(mountPath) || path.startsWith(`${trimmed(mountPath)}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  if (!mount) throw new UsageError(`nothing is mounted at ${path}`);
  const inside = [mount.subPath ?? '', path.slice(trimmed(mount.mountPath).length)]
    .join('/')
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  const volume = workload.spec.template.spec.volumes?.find(({ name }) => name === mount.name);
  if (!volume) throw new UsageError(`${path} is on volume "${mount.name}", which the pod does not have`);
  return readProjected(projections(volume), inside, path, namespaceOf(workload), inventory);
}

function readProjected(
  sources: readonly Projection[],
  inside: string,
  path: string,
  namespace: string,
  inventory: Inventory,
): MountedText {
  const reasons: string[] = [];
  for (const { configMap: name, items } of sources) {
    const configMap = inventory.configMaps.find(
      (candidate) => candidate.metadata.name === name && namespaceOf(candidate) === namespace,
    );
    const key = items ? items.find((item) => item.path === inside)?.key : inside;
    const text = key === undefined ? undefined : configMap?.data?.[key];
    if (configMap && key !== undefined && text !== undefined) return { configMap, key, text };
    reasons.push(
      configMap
        ? `${refText(refOf(configMap))} has no key "${key ?? inside}"`
        : `ConfigMap ${namespace}/${name} does not exist`,
    );
  }
  throw new UsageError(`${path} cannot be read: ${reasons.join('; ') || 'its volume holds no ConfigMap'}`);
}

function projections(volume: Volume): readonly Projection[] {
  const sources = [volume, ...(volume.projected?.sources ?? [])];
  return sources.flatMap(({ configMap }) =>
    configMap?.name === undefined ? [] : [{ configMap: configMap.name, items: configMap.items }],
  );
}

function trimmed(mountPath: string): string {
  return mountPath.replace(/\/+$/, '');
}
