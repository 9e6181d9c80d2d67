import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client';
import { ApiError, statusError } from './api-error';
import { listPages } from './list-pages';

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
  /** The whole of it is about to come, as it is at one moment: what was heard before counts until it has come. */
  listing(): CollectionListing;
  changed(object: unknown): void;
  removed(object: unknown): void;
}

/** Takes a list of a collection; forgotten without a word if the list breaks off. */
export interface CollectionListing {
  /** Some of the objects, of which only what is needed should be kept: with all that it says, a page takes megabytes. */
  page(objects: readonly unknown[]): void;
  /** Those were all. */
  done(): void;
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

/** As long as a server is left alone at most when it wants that. */
const LONGEST_REST_MS = 60_000;

const event = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/**
 * A list of a collection and the watch that follows it, for as long as it is told to.
 *
 * A list is read in pages. A watch that ends goes on at the last version that was heard of, of an object or a bookmark;
 * only if the server no longer knows that version the collection is listed again.
 */
export class CollectionWatch {
  /** Where the next watch begins; undefined if the collection has to be listed. */
  private version: string | undefined;
  private failures = 0;
  /** Whether the last version that the server no longer knew came from a list after which nothing was heard. */
  private outdated = false;

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
    if (error instanceof ApiError && error.gone) {
      this.version = undefined;
      // The server answers again: that it did not is no reason to wait any longer.
      if (!this.outdated) this.failures = 0;
      this.outdated = true;
    }
    const backoff = Math.min(patience.retryMs.first * 2 ** this.failures, patience.retryMs.most);
    // A server that wants a day, or more than Node's timers know, does not know what it asks for.
    const wanted = error instanceof ApiError ? Math.min(error.retryAfterMs, LONGEST_REST_MS) : 0;
    const retryInMs = Math.max(Math.round(backoff * (0.5 + random() / 2)), wanted);
    this.failures += 1;
    onProblem(error, retryInMs);
    await sleep(retryInMs, stop);
  }

  /** @returns the version of the collection that was read */
  private async list(stop: AbortSignal): Promise<string> {
    const { client, path, patience, accept, sink } = this.props;
    const listing = sink.listing();
    const pages = listPages({
      ...{ client, path, query: this.narrowing(), accept: accept?.list },
      ...{ timeoutMs: patience.listMs, signal: stop },
    });
    let read: string | undefined;
    for await (const { items, version } of pages) {
      listing.page(items);
      read = version;
    }
    if (read === undefined) throw new Error('the list has no resourceVersion, so that it cannot be followed');
    listing.done();
    this.props.onHeard();
    return read;
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
    this.outdated = false;
    if (type === 'DELETED') sink.removed(object);
    else if (type !== 'BOOKMARK') sink.changed(object);
    this.props.onHeard();
  }

  private url(query: Readonly<Record<string, string>>): string {
    const all = { ...this.narrowing(), ...query };
    return `${this.props.path}?${new URLSearchParams(all).toString()}`;
  }

  private narrowing(): Readonly<Record<string, string>> {
    const { fieldSelector } = this.props;
    return fieldSelector === undefined ? {} : { fieldSelector };
  }
}

async function pauseFor(ms: number, stop: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stop }).catch(() => undefined);
}
