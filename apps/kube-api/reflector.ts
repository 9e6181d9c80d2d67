import { z } from 'zod';
import { messageOf } from '../../core/errors';
import type { ApiClient } from './api-client';
import { CollectionWatch, type Patience } from './collection-watch';

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

const named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });

/** A copy of a collection of the Kubernetes API, kept up to date by a list and the watch that follows it. */
export class Reflector<Value> {
  private kept: Map<string, Value> | undefined;
  private lastHeardMs: number | undefined;
  private readonly collection: CollectionWatch;

  constructor(private readonly props: ReflectorProps<Value>) {
    const { client, path, fieldSelector, patience, random, onProblem } = props;
    this.collection = new CollectionWatch({
      ...{ client, path, patience, random },
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      sink: {
        listing: () => {
          const listed = new Map<string, Value>();
          return {
            page: (objects) => objects.forEach((object) => this.keep(object, listed)),
            done: () => (this.kept = listed),
          };
        },
        changed: (object) => this.keep(object, (this.kept ??= new Map<string, Value>())),
        removed: (object) => this.kept?.delete(keyOf(object)),
      },
      onProblem: (error, retryInMs) => onProblem(messageOf(error), { path, retryInMs }),
      onHeard: () => {
        this.lastHeardMs = this.props.now();
        this.props.onHeard?.();
      },
    });
  }

  /** What the collection holds; undefined before it was listed. */
  get values(): readonly Value[] | undefined {
    return this.kept && [...this.kept.values()];
  }

  /** When the server last said something about the collection; undefined if it never did. */
  get heardMs(): number | undefined {
    return this.lastHeardMs;
  }

  /** Follows the collection until it is told to stop; whatever goes wrong is tried again. */
  run(stop: AbortSignal): Promise<void> {
    return this.collection.run(stop);
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
}

/** Names of a kind are unique in a namespace. */
function keyOf(object: unknown): string {
  const { name, namespace } = named.parse(object).metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
