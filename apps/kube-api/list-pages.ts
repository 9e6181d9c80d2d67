import { z } from 'zod';
import type { ApiClient } from './api-client';

/** Objects of a page. */
const PAGE = 500;

const page = z.object({
  metadata: z.object({ resourceVersion: z.string().optional(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullish(),
});

/** What is listed, and how patient one is. */
export interface ListProps {
  readonly client: ApiClient;
  /** Path of a collection: `/api/v1/pods`. */
  readonly path: string;
  /** Parameters that narrow the collection. */
  readonly query: Readonly<Record<string, string>>;
  /** Media types, unless objects are wanted as they are. */
  readonly accept?: string | undefined;
  /** For one page. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Some objects of a collection. */
export interface ListPage {
  readonly items: readonly unknown[];
  /** Of the whole collection: all pages of a list are of one moment. */
  readonly version: string | undefined;
}

/**
 * A collection in pages, so that neither side holds tens of thousands of objects at once as text; the next page is asked
 * for when what came is done with.
 * @throws ApiError if the server refuses, ZodError if an answer is not a list
 */
export async function* listPages(props: ListProps): AsyncGenerator<ListPage, void> {
  const { client, path, query, accept, timeoutMs, signal } = props;
  let next: string | undefined = '';
  while (next !== undefined) {
    const parameters = new URLSearchParams({
      ...query,
      limit: String(PAGE),
      ...(next === '' ? {} : { continue: next }),
    });
    const answer = await client.get(`${path}?${parameters.toString()}`, timeoutMs, signal, accept);
    const { metadata, items } = page.parse(answer);
    yield { items: items ?? [], version: metadata.resourceVersion };
    next = metadata.continue === '' ? undefined : metadata.continue;
  }
}
