import type { ApiResource } from '../../../core/kube/api-resources';
import type { Labels, Selector } from '../../../core/kube/selector';
import { LabelSets } from './label-sets';
import { listedNames } from './listed-names';
import { ListingError, resourceText } from './listing-error';
import type { ObjectRecord } from './namespace-index';
import { WatchedKind, type WatchDeps, type WatchState } from './watched-kind';

const PODS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  namespaced: true,
};
const NODES: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  namespaced: false,
};
/** The pods that `metrics.k8s.io` tells of; a pod's phase is not among its metadata, but the server selects by it. */
const RUNNING = 'status.phase=Running';

/** A watch that no rule wants from the start on goes on this long after it was last asked, in milliseconds. */
const UNUSED_MS = 600_000;

/** What the objects are found with. */
export interface ClusterObjectsDeps extends WatchDeps {
  /** Whether a kind has a verb of the API, `list` or `watch`. */
  readonly supports: (resource: ApiResource, verb: string) => boolean;
}

/** What is watched from the start on, before anybody asks. */
export interface Followed {
  readonly resources: readonly ApiResource[];
  /** Whether `metrics.k8s.io` is served, which tells of nodes and running pods. */
  readonly resourceMetrics: boolean;
}

/** The metadata of a pod or a node. */
export interface ObjectMetadata {
  readonly name: string;
  /** `''` for a node. */
  readonly namespace: string;
  readonly labels: Labels;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/**
 * The names of the cluster's objects, from watches of their metadata in all namespaces.
 *
 * A kind is watched from its first request on until nobody asks any more, or from the start on if rules name it. Whether
 * anything is exposed of a kind at all the caller has to know before: a watch of Secrets costs more than it looks. Upstream lists the objects of each
 * request anew, of every phase; so does this one, and pods that are being deleted count until they are gone.
 */
export class ClusterObjects {
  private readonly labelSets = new LabelSets();
  private readonly kinds = new Map<string, WatchedKind>();
  private readonly usedMs = new Map<WatchedKind, number>();
  private followed: ReadonlySet<WatchedKind> = new Set();
  private readonly stopping = new Set<Promise<void>>();

  constructor(private readonly deps: ClusterObjectsDeps) {}

  /** Watches these kinds from now on; others while they are asked for. */
  follow({ resources, resourceMetrics }: Followed): void {
    this.followed = new Set([
      ...resources.filter((resource) => this.watchable(resource)).map((resource) => this.watch(resource)),
      ...(resourceMetrics ? [this.watch(PODS, RUNNING), this.watch(NODES)] : []),
    ]);
    this.sweep();
  }

  /** Ends watches that nobody uses any more, and those of kinds that the cluster serves no longer. */
  sweep(): void {
    const sinceMs = this.deps.now() - UNUSED_MS;
    for (const [key, kind] of this.kinds) {
      if (this.followed.has(kind)) continue;
      const used = (this.usedMs.get(kind) ?? Number.NEGATIVE_INFINITY) > sinceMs;
      if (!used || !this.watchable(kind.resource)) this.end(key, kind);
    }
  }

  /**
   * Names of the objects that a selector selects, in the order in which the API server lists them.
   * @param namespace undefined for a cluster-scoped kind, or for objects of all namespaces
   * @param signal until when the caller waits for a first list
   * @throws ListingError if they cannot be told
   */
  async names(
    resource: ApiResource,
    namespace: string | undefined,
    selector: Selector,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!this.watchable(resource)) return this.list(resource, namespace, selector, signal);
    const kind = this.use(resource);
    await kind.ready(signal);
    return kind.index.names(namespace, selector);
  }

  /**
   * As {@link names}, if the kind is watched already and nothing has to be waited for: else undefined. The list is the
   * same one until it changes.
   */
  known(
    resource: ApiResource,
    namespace: string | undefined,
    selector: Selector,
  ): readonly string[] | undefined {
    const kind = this.kinds.get(keyOf(resource));
    if (!kind?.isReady) return undefined;
    this.usedMs.set(kind, this.deps.now());
    return kind.index.names(namespace, selector);
  }

  /**
   * The running pods that a selector selects, in the order of their namespaces and names; as {@link names}.
   * @param namespace undefined for those of all
   */
  async runningPods(
    namespace: string | undefined,
    selector: Selector,
    signal: AbortSignal,
  ): Promise<readonly ObjectMetadata[]> {
    const kind = this.use(PODS, RUNNING);
    await kind.ready(signal);
    return kind.index.records(namespace, selector).map(metadataOf);
  }

  /** The running pod of that name, if there is one; as {@link names}. */
  async runningPod(
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<ObjectMetadata | undefined> {
    return this.one(this.use(PODS, RUNNING), namespace, name, signal);
  }

  /** The nodes that a selector selects, in the order of their names; as {@link names}. */
  async nodes(selector: Selector, signal: AbortSignal): Promise<readonly ObjectMetadata[]> {
    const kind = this.use(NODES);
    await kind.ready(signal);
    return kind.index.records(undefined, selector).map(metadataOf);
  }

  /** The node of that name, if there is one; as {@link names}. */
  async node(name: string, signal: AbortSignal): Promise<ObjectMetadata | undefined> {
    return this.one(this.use(NODES), '', name, signal);
  }

  /** How the watches fare. */
  get states(): readonly WatchState[] {
    return [...this.kinds.values()].map(({ state }) => state);
  }

  /** Ends all watches. */
  async close(): Promise<void> {
    for (const [key, kind] of this.kinds) this.end(key, kind);
    await Promise.all(this.stopping);
  }

  private async one(kind: WatchedKind, namespace: string, name: string, signal: AbortSignal) {
    await kind.ready(signal);
    const record = kind.index.record(namespace, name);
    return record && metadataOf(record);
  }

  private watchable(resource: ApiResource): boolean {
    return this.deps.supports(resource, 'list') && this.deps.supports(resource, 'watch');
  }

  private use(resource: ApiResource, fieldSelector?: string): WatchedKind {
    const kind = this.watch(resource, fieldSelector);
    this.usedMs.set(kind, this.deps.now());
    return kind;
  }

  private watch(resource: ApiResource, fieldSelector?: string): WatchedKind {
    const key = keyOf(resource, fieldSelector);
    let kind = this.kinds.get(key);
    if (!kind) {
      kind = new WatchedKind(resource, fieldSelector, this.labelSets, this.deps);
      this.kinds.set(key, kind);
    }
    return kind;
  }

  private end(key: string, kind: WatchedKind): void {
    this.kinds.delete(key);
    this.usedMs.delete(kind);
    const stopped = kind.stop().finally(() => this.stopping.delete(stopped));
    this.stopping.add(stopped);
  }

  /** For a kind that has no watch, which few have. */
  private async list(
    resource: ApiResource,
    namespace: string | undefined,
    selector: Selector,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!this.deps.supports(resource, 'list')) {
      throw new ListingError(resource, 'the API server has no list of them');
    }
    const { client, patience } = this.deps;
    try {
      return await listedNames(client, { resource, namespace, selector }, patience.listMs, signal);
    } catch (error) {
      throw new ListingError(resource, error);
    }
  }
}

function keyOf(resource: ApiResource, fieldSelector = ''): string {
  return `${resourceText(resource)}/${resource.version}?${fieldSelector}`;
}

function metadataOf({ name, namespace, labels, createdMs }: ObjectRecord): ObjectMetadata {
  return { name, namespace, labels: labels.labels, createdMs };
}
