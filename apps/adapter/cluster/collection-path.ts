import type { ApiResource } from '../../../core/kube/api-resources';

/**
 * Media types for no more than the metadata of objects; the second is for servers that cannot reduce them, whose
 * objects are read just the same.
 */
export const METADATA = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
} as const;

/** Path of the collection of a kind, in one namespace or in all. */
export function collectionPath({ group, version, plural }: ApiResource, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined
    ? `${root}/${plural}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}
