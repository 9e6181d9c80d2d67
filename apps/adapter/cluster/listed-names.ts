import { z } from 'zod';
import type { ApiResource } from '../../../core/kube/api-resources';
import type { Selector } from '../../../core/kube/selector';
import type { ApiClient } from '../../kube-api';
import { collectionPath, METADATA } from './collection-path';

const PAGE = 500;

const page = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })).nullish(),
});

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
  const names: string[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(selector.empty ? {} : { labelSelector: selector.toString() }),
      ...(next === '' ? {} : { continue: next }),
    });
    const path = `${collectionPath(resource, namespace)}?${query.toString()}`;
    const { metadata, items } = page.parse(await client.get(path, timeoutMs, signal, METADATA.list));
    for (const item of items ?? []) names.push(item.metadata.name);
    next = metadata.continue === '' ? undefined : metadata.continue;
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
