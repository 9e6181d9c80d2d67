import { z } from 'zod';
import type { ApiResource } from '../../../core/kube/api-resources';
import type { Selector } from '../../../core/kube/selector';
import { listPages, type ApiClient } from '../../kube-api';
import { collectionPath, METADATA } from './collection-path';

const named = z.object({ metadata: z.object({ name: z.string() }) });

/**
 * Names of the objects that a selector selects, in the order in which the API server lists them, page by page.
 * @param timeoutMs for each page
 * @throws ApiError if the server refuses
 */
export async function listedNames(
  client: ApiClient,
  { resource, namespace, selector }: ListedObjects,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pages = listPages({
    ...{ client, path: collectionPath(resource, namespace), accept: METADATA.list, timeoutMs, signal },
    query: selector.empty ? {} : { labelSelector: selector.toString() },
  });
  const names: string[] = [];
  for await (const { items } of pages) {
    for (const item of items) names.push(named.parse(item).metadata.name);
  }
  return names;
}

/** Which objects are meant. */
export interface ListedObjects {
  readonly resource: ApiResource;
  /** Undefined for those of all namespaces, or of a cluster-scoped kind. */
  readonly namespace: string | undefined;
  readonly selector: Selector;
}
