import { UsageError } from '../../../core/errors';
import type { ConfigKind } from './cluster-objects';
import type { Texts } from './texts';
import { fieldValue, type Placement, resourceValue } from './fields';
import type { Payload, PayloadFile } from './payload';
import type { DownwardItem, Pod, Projection, Volume } from './pod';

/** What the files of volumes are taken from. */
export interface ContentSources {
  readonly pod: Pod;
  readonly placement: Placement;
  /** @returns undefined if there is no such object */
  texts(kind: ConfigKind, name: string): Promise<Texts | undefined>;
  token(audience: string | undefined, expirationSeconds: number): Promise<Buffer>;
}

interface ObjectItems {
  readonly name: string;
  readonly optional: boolean;
  readonly items?:
    | readonly { readonly key: string; readonly path: string; readonly mode?: number | undefined }[]
    | undefined;
}

/** The volume as a projected one would be written; undefined for one that has no files of the API. */
export function projectionsOf(
  volume: Volume,
): { readonly sources: readonly Projection[]; readonly mode: number } | undefined {
  const { configMap, secret, projected, downwardAPI } = volume;
  if (configMap) return { sources: [{ configMap }], mode: configMap.defaultMode };
  if (secret) {
    return { sources: [{ secret: { ...secret, name: secret.secretName } }], mode: secret.defaultMode };
  }
  if (downwardAPI) return { sources: [{ downwardAPI }], mode: downwardAPI.defaultMode };
  return projected && { sources: projected.sources, mode: projected.defaultMode };
}

/**
 * The files of a volume, as they are to be now.
 * @throws UsageError if something that is not optional is missing
 */
export async function payloadOf(
  { sources, mode }: { readonly sources: readonly Projection[]; readonly mode: number },
  from: ContentSources,
): Promise<Payload> {
  const files = new Map<string, PayloadFile>();
  for (const { configMap, secret, downwardAPI, serviceAccountToken } of sources) {
    if (configMap) await addObject(files, 'ConfigMap', configMap, mode, from);
    if (secret) await addObject(files, 'Secret', secret, mode, from);
    for (const item of downwardAPI?.items ?? []) {
      files.set(item.path, { content: Buffer.from(downwardText(item, from)), mode: item.mode ?? mode });
    }
    if (serviceAccountToken) {
      const { path, audience, expirationSeconds } = serviceAccountToken;
      files.set(path, { content: await from.token(audience, expirationSeconds), mode });
    }
  }
  return files;
}

/** Whether a volume shows something of an object. */
export function refersTo(volume: Volume, kind: ConfigKind, name: string): boolean {
  return (projectionsOf(volume)?.sources ?? []).some(
    ({ configMap, secret }) => (kind === 'ConfigMap' ? configMap : secret)?.name === name,
  );
}

async function addObject(
  files: Map<string, PayloadFile>,
  kind: ConfigKind,
  { name, optional, items }: ObjectItems,
  mode: number,
  from: ContentSources,
): Promise<void> {
  const texts = await from.texts(kind, name);
  if (!texts) {
    if (optional) return;
    throw new UsageError(`${kind.toLowerCase()} "${name}" not found`);
  }
  const wanted = items ?? [...texts.keys()].map((key) => ({ key, path: key, mode: undefined }));
  for (const { key, path, mode: own } of wanted) {
    const content = texts.get(key);
    if (content) files.set(path, { content, mode: own ?? mode });
    else if (!optional) throw new UsageError(`${kind.toLowerCase()} "${name}" has no key "${key}"`);
  }
}

function downwardText(
  { fieldRef, resourceFieldRef }: DownwardItem,
  { pod, placement }: ContentSources,
): string {
  if (fieldRef) return fieldValue(fieldRef.fieldPath, pod, placement);
  return resourceFieldRef ? resourceValue(resourceFieldRef, pod, undefined, placement) : '';
}
