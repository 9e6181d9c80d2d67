import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client';
import { ApiError, statusError } from './api-error';

/** How patient a watch is, in milliseconds. */
export interface Patience {
  /** For one page of a list. */
  readonly listMs: number;
  /**
   * Longest silence of a watch. The API server sends a bookmark every minute (`defaultBookmarkFrequency` of
   * `k8s.io/apiserver`); a connection on which nothing comes for longer is dead, whatever TCP thinks.
   */
  readonly silenceMs: number;
  /** A watch ends after this to twice this, so that not all end together. */
  readonly watchMs: number;
  /** Before the first retry, and at most before any; it doubles, and half of it is left to chance. */
  readonly retryMs: { readonly first: number; readonly most: number };
}

/** As client-go has it (`tools/cache/reflector.go`), which knows no limit to silence. */
export const PATIENCE: Patience = {
  listMs: 30_000,
  silenceMs: 150_000,
  watchMs: 300_000,
  retryMs: { first: 800, most: 30_000 },
};

/** Takes what is heard of a collection. */
export interface CollectionSink {
  /** The whole of it, as it is at one moment. */
  replaced(objects: readonly unknown[]): void;
  changed(object: unknown): void;
  removed(object: unknown): void;
}

/** What a watch follows. */
export interface CollectionWatchProps {
  readonly client: ApiClient;
  /** Path of a collection: `/api/v1/pods`. */
  readonly path: string;
  /** Narrows the collection. */
  readonly fieldSelector?: string;
  /** Media types of a list and of a watch, unless objects are wanted as they are. */
  readonly accept?: { readonly list: string; readonly watch: string };
  readonly sink: CollectionSink;
  readonly patience: Patience;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Told what went wrong, and that it is tried again. */
  readonly onProblem: (error: unknown, retryInMs: number) => void;
  /** Told whenever something was heard, after the sink was. */
  readonly onHeard: () => void;
  /** Waits before a retry; ends early, without an error, when it is told to. */
  readonly sleep?: (ms: number, stop: AbortSignal) => Promise<void>;
}

const PAGE = 500;

const page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullish(),
});
const event = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * A list of a collection and the watch that follows it, for as long as it is told to.
 *
 * A list is read in pages, so that neither side holds tens of thousands of objects at once as text. A watch that ends
 * goes on at the last version that was heard of, of an object or a bookmark; only if the server no longer knows that
 * version the collection is listed again.
 */
export class CollectionWatch {
  /** Where the next watch begins; undefined if the collection has to be listed. */
  private version: string | undefined;
  private failures = 0;

  constructor(private readonly props: CollectionWatchProps) {}

  /** Follows the collection until it is told to stop; whatever goes wrong is tried again. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        this.version ??= await this.list(stop);
        await this.watch(this.version, stop);
      } catch (error) {
        if (!stop.aborted) await this.pause(error, stop);
      }
    }
  }

  private async pause(error: unknown, stop: AbortSignal): Promise<void> {
    const { patience, random, onProblem, sleep = pauseFor } = this.props;
    if (error instanceof ApiError && error.gone) this.version = undefined;
    const backoff = Math.min(patience.retryMs.first * 2 ** this.failures, patience.retryMs.most);
    const wanted = error instanceof ApiError ? error.retryAfterMs : 0;
    const retryInMs = Math.max(Math.round(backoff * (0.5 + random() / 2)), wanted);
    this.failures += 1;
    onProblem(error, retryInMs);
    await sleep(retryInMs, stop);
  }

  /** @returns the version of the collection that was read; all pages of a list are of one moment */
  private async list(stop: AbortSignal): Promise<string> {
    const { client, patience, accept, sink } = this.props;
    const listed: unknown[][] = [];
    let version = '';
    let next: string | undefined = '';
    while (next !== undefined) {
      const query: Readonly<Record<string, string>> = {
        limit: String(PAGE),
        ...(next && { continue: next }),
      };
      const answer = await client.get(this.url(query), patience.listMs, stop, accept?.list);
      const { metadata, items } = page.parse(answer);
      listed.push(items ?? []);
      version = metadata.resourceVersion;
      next = metadata.continue === '' ? undefined : metadata.continue;
    }
    sink.replaced(listed.flat());
    this.props.onHeard();
    return version;
  }

  private async watch(from: string, stop: AbortSignal): Promise<void> {
    const { client, patience, random, accept } = this.props;
    const url = this.url({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(Math.ceil((patience.watchMs * (1 + random())) / 1000)),
    });
    let silent = true;
    const take = (line: string) => {
      silent = false;
      this.take(line);
    };
    await client.lines(url, patience.silenceMs, stop, take, accept?.watch);
    // Without a pause, a proxy that ends every watch at once would be asked without end.
    if (silent) throw new Error('the watch ended without an event');
  }

  private take(line: string): void {
    const { sink } = this.props;
    const { type, object } = event.parse(JSON.parse(line));
    if (type === 'ERROR') {
      this.version = undefined;
      throw statusError(object, 500);
    }
    this.version = versioned.parse(object).metadata.resourceVersion;
    this.failures = 0;
    if (type === 'DELETED') sink.removed(object);
    else if (type !== 'BOOKMARK') sink.changed(object);
    this.props.onHeard();
  }

  private url(query: Readonly<Record<string, string>>): string {
    const { path, fieldSelector } = this.props;
    const all = { ...(fieldSelector === undefined ? {} : { fieldSelector }), ...query };
    return `${path}?${new URLSearchParams(all).toString()}`;
  }
}

async function pauseFor(ms: number, stop: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stop }).catch(() => undefined);
}
