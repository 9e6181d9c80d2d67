import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../core/errors';
import { ApiError, statusError, type ApiClient } from './api-client';

/** How patient a reflector is, in milliseconds. */
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

/** What a reflector follows. */
export interface ReflectorProps<Value> {
  readonly client: ApiClient;
  /** Path of a collection: `/api/v1/pods`. */
  readonly path: string;
  /** Narrows the collection. */
  readonly fieldSelector?: string;
  /** What is kept of an object. @throws for one that cannot be read, which then does not count */
  readonly read: (object: unknown) => Value;
  readonly patience: Patience;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Told what went wrong, and whether it is tried again. */
  readonly onProblem: (
    message: string,
    details: { readonly path: string; readonly retryInMs?: number },
  ) => void;
  /** Told whenever something was heard. */
  readonly onHeard?: () => void;
}

const PAGE = 500;

const page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullish(),
});
const event = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });

/** A copy of a collection of the Kubernetes API, kept up to date by a list and the watch that follows it. */
export class Reflector<Value> {
  private kept: Map<string, Value> | undefined;
  /** Where the next watch begins; undefined if the collection has to be listed. */
  private version: string | undefined;
  private failures = 0;
  private lastHeardMs: number | undefined;

  constructor(private readonly props: ReflectorProps<Value>) {}

  /** What the collection holds; undefined before it was listed. */
  get values(): readonly Value[] | undefined {
    return this.kept && [...this.kept.values()];
  }

  /** When the server last said something about the collection; undefined if it never did. */
  get heardMs(): number | undefined {
    return this.lastHeardMs;
  }

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
    const { path, patience, random, onProblem } = this.props;
    if (error instanceof ApiError && error.gone) this.version = undefined;
    const backoff = Math.min(patience.retryMs.first * 2 ** this.failures, patience.retryMs.most);
    const wanted = error instanceof ApiError ? error.retryAfterMs : 0;
    const retryInMs = Math.max(Math.round(backoff * (0.5 + random() / 2)), wanted);
    this.failures += 1;
    onProblem(messageOf(error), { path, retryInMs });
    await delay(retryInMs, undefined, { signal: stop }).catch(() => undefined);
  }

  /** @returns the version of the collection that was read; all pages of a list are of one moment */
  private async list(stop: AbortSignal): Promise<string> {
    const { client, patience } = this.props;
    const listed = new Map<string, Value>();
    let version = '';
    let next: string | undefined = '';
    while (next !== undefined) {
      const query: Readonly<Record<string, string>> = {
        limit: String(PAGE),
        ...(next && { continue: next }),
      };
      const { metadata, items } = page.parse(await client.get(this.url(query), patience.listMs, stop));
      for (const item of items ?? []) this.keep(item, listed);
      version = metadata.resourceVersion;
      next = metadata.continue === '' ? undefined : metadata.continue;
    }
    this.kept = listed;
    this.hear();
    return version;
  }

  private async watch(from: string, stop: AbortSignal): Promise<void> {
    const { client, patience, random } = this.props;
    const url = this.url({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(Math.ceil((patience.watchMs * (1 + random())) / 1000)),
    });
    let silent = true;
    await client.lines(url, patience.silenceMs, stop, (line) => {
      silent = false;
      this.take(line);
    });
    // Without a pause, a proxy that ends every watch at once would be asked without end.
    if (silent) throw new Error('the watch ended without an event');
  }

  private take(line: string): void {
    const { type, object } = event.parse(JSON.parse(line));
    if (type === 'ERROR') {
      this.version = undefined;
      throw statusError(object, 500);
    }
    this.version = versioned.parse(object).metadata.resourceVersion;
    this.failures = 0;
    const kept = (this.kept ??= new Map<string, Value>());
    if (type === 'DELETED') kept.delete(keyOf(object));
    else if (type !== 'BOOKMARK') this.keep(object, kept);
    this.hear();
  }

  private keep(object: unknown, kept: Map<string, Value>): void {
    const key = keyOf(object);
    try {
      kept.set(key, this.props.read(object));
    } catch (error) {
      kept.delete(key);
      this.props.onProblem(`${key} cannot be read and does not count: ${messageOf(error)}`, {
        path: this.props.path,
      });
    }
  }

  private hear(): void {
    this.lastHeardMs = this.props.now();
    this.props.onHeard?.();
  }

  private url(query: Readonly<Record<string, string>>): string {
    const { path, fieldSelector } = this.props;
    const all = { ...(fieldSelector === undefined ? {} : { fieldSelector }), ...query };
    return `${path}?${new URLSearchParams(all).toString()}`;
  }
}

/** Names of a kind are unique in a namespace. */
function keyOf(object: unknown): string {
  const { name, namespace } = named.parse(object).metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
