import { z } from 'zod';
import type { Selector } from '../../../core/kube/selector';
import type { LabelSets } from './label-sets';
import { NamespaceIndex, selectorAnswers, type ObjectRecord } from './namespace-index';

/** `metav1.PartialObjectMetadata`, as far as anything of it is kept. */
const partial = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).nullish(),
    creationTimestamp: z.string().nullish(),
  }),
});

/** What is kept of an object. @throws if it is none */
export function metadataOf(object: unknown): unknown {
  return partial.parse(object);
}

const NONE: readonly string[] = [];

/** The objects of one kind, by namespace; those of a cluster-scoped kind are in the namespace `''`. */
export class ObjectIndex {
  private readonly namespaces = new Map<string, NamespaceIndex>();
  private readonly answers = selectorAnswers();
  private inOrder: readonly string[] | undefined;

  constructor(private readonly labelSets: LabelSets) {}

  get size(): number {
    let size = 0;
    for (const objects of this.namespaces.values()) size += objects.size;
    return size;
  }

  /**
   * Names in the order of the API server's lists, which is that of its keys: `namespace/name`.
   * @param namespace undefined for those of all
   */
  names(namespace: string | undefined, selector: Selector): readonly string[] {
    if (namespace !== undefined) return this.namespaces.get(namespace)?.names(selector) ?? NONE;
    const [only, ...others] = this.order();
    if (only !== undefined && others.length === 0) return this.names(only, selector);
    return this.order().flatMap((name) => this.names(name, selector));
  }

  /** As {@link names}, with what is kept of the objects. */
  records(namespace: string | undefined, selector: Selector): readonly ObjectRecord[] {
    const within = namespace === undefined ? this.order() : [namespace];
    return within.flatMap((name) => {
      const objects = this.namespaces.get(name);
      return (objects?.names(selector) ?? []).flatMap((found) => objects?.record(found) ?? []);
    });
  }

  record(namespace: string, name: string): ObjectRecord | undefined {
    return this.namespaces.get(namespace)?.record(name);
  }

  /** Takes an object in place of the one of its name. @throws if it is none */
  put(object: unknown): void {
    this.take(object);
  }

  /** @throws if it is none */
  remove(object: unknown): void {
    const { name, namespace = '' } = partial.parse(object).metadata;
    this.drop(namespace, name);
  }

  /** Takes the objects in place of all that were there. @throws if one is none */
  replace(objects: readonly unknown[]): void {
    const listed = new Set(objects.map((object) => this.take(object)));
    const gone = [...this.namespaces.values()].flatMap((kept) =>
      [...kept.all()].filter((record) => !listed.has(record)),
    );
    for (const { namespace, name } of gone) this.drop(namespace, name);
  }

  /** Forgets all. */
  clear(): void {
    this.replace([]);
    this.answers.clear();
  }

  private take(object: unknown): ObjectRecord {
    const { name, namespace = '', labels, creationTimestamp } = partial.parse(object).metadata;
    const objects = this.namespaceOf(namespace);
    const record: ObjectRecord = {
      name,
      namespace,
      labels: this.labelSets.acquire(labels ?? {}),
      createdMs: Date.parse(creationTimestamp ?? ''),
    };
    const before = objects.put(record);
    if (before) this.labelSets.release(before.labels);
    return record;
  }

  private drop(namespace: string, name: string): void {
    const objects = this.namespaces.get(namespace);
    const before = objects?.remove(name);
    if (before) this.labelSets.release(before.labels);
    if (objects?.size === 0) {
      this.namespaces.delete(namespace);
      this.inOrder = undefined;
    }
  }

  private namespaceOf(name: string): NamespaceIndex {
    let objects = this.namespaces.get(name);
    if (!objects) {
      objects = new NamespaceIndex(name, this.answers);
      this.namespaces.set(name, objects);
      this.inOrder = undefined;
    }
    return objects;
  }

  /** The slash counts: `a-b/x` comes before `a/x`. */
  private order(): readonly string[] {
    this.inOrder ??= [...this.namespaces.keys()]
      .map((name) => `${name}/`)
      .sort()
      .map((key) => key.slice(0, -1));
    return this.inOrder;
  }
}
