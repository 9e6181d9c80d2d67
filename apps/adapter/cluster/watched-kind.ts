import type { ApiResource } from '../../../core/kube/api-resources';
import { CollectionWatch, type ApiClient, type Patience } from '../../kube-api';
import type { Logger } from '../../runtime';
import { QuietLog } from '../quiet-log';
import { collectionPath, METADATA } from './collection-path';
import type { LabelSets } from './label-sets';
import { ListingError, resourceText } from './listing-error';
import { metadataOf, ObjectIndex } from './object-index';

/** What watches are made with. */
export interface WatchDeps {
  readonly client: ApiClient;
  readonly patience: Patience;
  readonly logger: Logger;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How a watch fares. */
export interface WatchState {
  /** `pods`, or `deployments.apps` outside the core group. */
  readonly resource: string;
  readonly fieldSelector: string | undefined;
  /** Whether it was listed once. */
  readonly synced: boolean;
  readonly objects: number;
  /** When the server last said something about it. */
  readonly heardMs: number | undefined;
  /** What is wrong now. */
  readonly problem: string | undefined;
}

/** A copy of the metadata of one kind's objects, that a watch keeps up to date. */
export class WatchedKind {
  readonly index: ObjectIndex;
  private readonly end = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly running: Promise<void>;
  private synced = false;
  private heardMs: number | undefined;
  private problem: ListingError | undefined;
  private readonly quiet: QuietLog;

  constructor(
    readonly resource: ApiResource,
    private readonly fieldSelector: string | undefined,
    labelSets: LabelSets,
    private readonly deps: WatchDeps,
  ) {
    this.index = new ObjectIndex(labelSets);
    this.quiet = new QuietLog(deps.logger, deps.now);
    const { client, patience, random } = deps;
    const collection = new CollectionWatch({
      ...{ client, patience, random, accept: METADATA, path: collectionPath(resource) },
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      sink: {
        listing: () => {
          const listed: unknown[] = [];
          return {
            page: (objects) => void listed.push(...objects.map(metadataOf)),
            done: () => this.index.replace(listed),
          };
        },
        changed: (object) => this.index.put(object),
        removed: (object) => this.index.remove(object),
      },
      onHeard: () => this.hear(),
      onProblem: (error, retryInMs) => this.fail(error, retryInMs),
    });
    this.running = collection.run(this.end.signal);
  }

  get state(): WatchState {
    return {
      resource: resourceText(this.resource),
      fieldSelector: this.fieldSelector,
      synced: this.synced,
      objects: this.index.size,
      heardMs: this.heardMs,
      problem: this.problem?.message,
    };
  }

  /** Whether the copy is there. */
  get isReady(): boolean {
    return this.synced;
  }

  /**
   * Resolves when the copy is there; at once if it is. What is there stays good while the server cannot be reached.
   * @throws ListingError if there is none: as soon as a list failed, or when the caller gives up
   */
  async ready(signal: AbortSignal): Promise<void> {
    if (!this.synced && !this.problem) await this.outcome(signal);
    if (!this.synced) {
      throw this.problem ?? new ListingError(this.resource, signal.reason ?? this.end.signal.reason);
    }
  }

  async stop(): Promise<void> {
    this.end.abort(new Error('no longer watched'));
    this.settle();
    await this.running;
    this.index.clear();
  }

  private async outcome(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        this.waiting.delete(settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      this.waiting.add(settle);
      signal.addEventListener('abort', settle);
    });
  }

  private settle(): void {
    for (const settle of [...this.waiting]) settle();
  }

  private hear(): void {
    this.heardMs = this.deps.now();
    this.synced = true;
    this.problem = undefined;
    this.settle();
  }

  private fail(error: unknown, retryInMs: number): void {
    this.problem = new ListingError(this.resource, error);
    this.settle();
    const { message } = this.problem;
    this.quiet.warn(message, message, { resource: resourceText(this.resource), retryInMs });
  }
}
