import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import type { ApiResource } from '../../../core/kube/api-resources';
import { CollectionWatch, type ApiClient, type Patience } from '../../kube-api';
import type { Logger } from '../../runtime';
import type { Timers } from '../timers';
import { METADATA } from './collection-path';
import type { ServedResource } from './discovery-documents';
import { DiscoveryReader } from './discovery-reader';
import { resourceText } from './listing-error';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Its name is that of the resource: `widgets.example.org`. */
const definition = z.object({ metadata: z.object({ name: z.string() }) });
/** A new definition is served a moment after it appears, and its group may be listed some seconds later. */
const AFTER_CHANGE_MS = [500, 3000, 15_000] as const;
/** Between attempts while the server does not answer. */
const RETRY_MS = { first: 500, most: 60_000 } as const;
/** Between attempts to watch the definitions, which not everybody may. */
const WATCH_RETRY_MS = { first: 800, most: 600_000 } as const;

/** What discovery is made with. */
export interface ResourceDiscoveryProps {
  readonly client: ApiClient;
  readonly patience: Patience;
  /** Until the resources are read anew without a reason, in milliseconds; a tenth more or less by chance. */
  readonly intervalMs: number;
  /** Groups that do not count, as they are served from here. */
  readonly ownGroups: readonly string[];
  readonly logger: Logger;
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * The resources that the cluster serves, read anew when the definition of a custom resource comes, changes or goes, on
 * demand, and now and then, which costs next to nothing while they are the same: that is how the groups of other
 * servers are found.
 *
 * Upstream reads them once, at its start.
 */
export class ResourceDiscovery {
  private readonly reader: DiscoveryReader;
  private readonly listeners = new Set<() => void>();
  private readonly end = new AbortController();
  private readonly alarms = new Map<number, () => void>();
  private watching: Promise<void> = Promise.resolve();
  private reading: Promise<void> | undefined;
  private cancelNext: () => void = () => undefined;
  private found: readonly ServedResource[] = [];
  private byName = new Map<string, ServedResource>();
  private failures = 0;
  private known = false;
  private told = '';

  constructor(private readonly props: ResourceDiscoveryProps) {
    const { client, patience, ownGroups } = props;
    this.reader = new DiscoveryReader({ client, timeoutMs: patience.listMs, ownGroups });
  }

  /** What is served, groups in the order of the API server, each resource with the version that the group prefers. */
  get resources(): readonly ApiResource[] {
    return this.found;
  }

  /** Whether the resources were read once. */
  get ready(): boolean {
    return this.known;
  }

  /** Whether a resource has a verb of the API; of one that is not known, whatever it is. */
  supports(resource: ApiResource, verb: string): boolean {
    const served = this.byName.get(resourceText(resource));
    return served === undefined || served.verbs.includes(verb);
  }

  /** Calls whenever other resources are served than before, the first time included. @returns what ends that */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Begins to read, and goes on until it is closed. */
  start(): void {
    this.watching = this.watchDefinitions();
    void this.refresh();
  }

  /** Reads now; resolves when that is done, whatever came of it. Who asks meanwhile waits for the same. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  async close(): Promise<void> {
    this.end.abort(new Error('stopping'));
    this.cancelNext();
    for (const cancel of this.alarms.values()) cancel();
    this.alarms.clear();
    await Promise.all([this.watching, this.reading]);
  }

  /** Reads after a change: what is being read may have begun before it. */
  private async readAgain(): Promise<void> {
    await this.reading;
    if (!this.end.signal.aborted) await this.refresh();
  }

  private async read(): Promise<void> {
    this.cancelNext();
    try {
      const { resources, problems } = await this.reader.read(this.end.signal);
      this.failures = 0;
      this.complain(problems.join('; '));
      this.take(resources);
    } catch (error) {
      if (this.end.signal.aborted) return;
      this.failures += 1;
      this.complain(`the API server does not say what it serves: ${messageOf(error)}`);
    }
    if (this.end.signal.aborted) return;
    this.cancelNext = this.props.timers.after(this.pauseMs(), () => void this.refresh());
  }

  private pauseMs(): number {
    const { intervalMs, random } = this.props;
    if (this.failures === 0) return intervalMs * (0.9 + random() / 5);
    const backoff = Math.min(RETRY_MS.first * 2 ** (this.failures - 1), RETRY_MS.most);
    return Math.min(backoff * (0.5 + random() / 2), intervalMs);
  }

  private take(resources: readonly ServedResource[]): void {
    const changed = !this.known || JSON.stringify(resources) !== JSON.stringify(this.found);
    this.known = true;
    if (!changed) return;
    this.found = resources;
    this.byName = new Map(resources.map((resource) => [resourceText(resource), resource]));
    for (const listener of this.listeners) listener();
  }

  private watchDefinitions(): Promise<void> {
    const { client, patience, random, logger } = this.props;
    let listed = false;
    const definitions = new CollectionWatch({
      ...{ client, random, path: DEFINITIONS, accept: METADATA },
      patience: { ...patience, retryMs: WATCH_RETRY_MS },
      sink: {
        listing: () => {
          const names: string[] = [];
          return {
            page: (objects) =>
              void names.push(...objects.map((each) => definition.parse(each).metadata.name)),
            done: () => {
              if (listed) this.expectChange();
              else void this.expectMissing(names);
              listed = true;
            },
          };
        },
        changed: () => this.expectChange(),
        removed: () => this.expectChange(),
      },
      onHeard: () => undefined,
      onProblem: (error, retryInMs) =>
        logger.debug('custom resource definitions are not watched; they are looked for now and then', {
          cause: messageOf(error),
          retryInMs,
        }),
    });
    return definitions.run(this.end.signal);
  }

  /** Of the definitions that were there before they were watched, some may have come after the resources were read. */
  private async expectMissing(names: readonly string[]): Promise<void> {
    await this.reading;
    const missing = names.some((name) => !this.byName.has(name));
    if (missing && !this.end.signal.aborted) this.expectChange();
  }

  /** The first alarm stays where it is, so that a stream of changes does not put it off; the others go after the last. */
  private expectChange(): void {
    const [first] = AFTER_CHANGE_MS;
    for (const ms of AFTER_CHANGE_MS) {
      const pending = this.alarms.get(ms);
      if (pending && ms === first) continue;
      pending?.();
      const cancel = this.props.timers.after(ms, () => {
        this.alarms.delete(ms);
        void this.readAgain();
      });
      this.alarms.set(ms, cancel);
    }
  }

  /** Says what is wrong once, and once that it is over. */
  private complain(problem: string): void {
    if (problem === this.told) return;
    if (problem === '') this.props.logger.info('all groups of the cluster can be read again');
    else this.props.logger.warn(problem);
    this.told = problem;
  }
}
