import { messageOf } from '../../../core/errors';
import type { ApiClient } from '../../kube-api';
import {
  AGGREGATED,
  aggregatedVersions,
  coreVersions,
  groupVersions,
  isAggregated,
  legacyResources,
  type NamedVersion,
  type ServedResource,
  type ServedVersion,
} from './discovery-documents';

/** Requests at a time to servers that have no aggregated document. */
const AT_ONCE = 8;

/** What discovery reads with. */
export interface DiscoveryReaderProps {
  readonly client: ApiClient;
  /** For each answer. */
  readonly timeoutMs: number;
  /** Groups that do not count. */
  readonly ownGroups: readonly string[];
}

/** What the API server said about itself. */
export interface Served {
  /** Each once, of the first version that has it. */
  readonly resources: readonly ServedResource[];
  /** What could not be read of groups that are served, one line each. */
  readonly problems: readonly string[];
}

interface Root {
  readonly path: '/api' | '/apis';
  readonly named: (body: unknown) => NamedVersion[];
}

interface ReadRoot {
  readonly etag: string | undefined;
  readonly versions: readonly ServedVersion[];
  readonly problems: readonly string[];
}

const ROOTS: readonly Root[] = [
  { path: '/api', named: coreVersions },
  { path: '/apis', named: groupVersions },
];

/**
 * Reads the resources that the cluster serves: from one document each of `/api` and `/apis`, which are not sent again
 * while they are the same, or from older servers version by version. What cannot be read of one version stays as it
 * was.
 */
export class DiscoveryReader {
  private readonly roots = new Map<string, ReadRoot>();
  private known = new Map<string, readonly ServedResource[]>();

  constructor(private readonly props: DiscoveryReaderProps) {}

  /** @throws ApiError and the like if the server does not say which groups it serves */
  async read(signal: AbortSignal): Promise<Served> {
    const roots = await Promise.all(ROOTS.map((root) => this.readRoot(root, signal)));
    const versions = roots.flatMap((root) => root.versions);
    const known = new Map<string, readonly ServedResource[]>();
    for (const served of versions) {
      const key = keyOf(served);
      const resources = served.resources ?? this.known.get(key);
      if (resources) known.set(key, resources);
    }
    this.known = known;
    return {
      resources: firstOfEach(versions.flatMap((served) => known.get(keyOf(served)) ?? [])),
      problems: roots.flatMap((root) => root.problems),
    };
  }

  private async readRoot({ path, named }: Root, signal: AbortSignal): Promise<ReadRoot> {
    const { client, timeoutMs } = this.props;
    const before = this.roots.get(path);
    const answer = await client.getChanged(path, before?.etag, timeoutMs, signal, AGGREGATED);
    if (!answer && before) return before;
    if (!answer) throw new Error(`${path}: an answer that it is as before, at the first time`);
    const versions = isAggregated(answer)
      ? aggregatedVersions(answer.body).filter((served) => this.counts(served))
      : await this.readEach(
          named(answer.body).filter((served) => this.counts(served)),
          signal,
        );
    const read: ReadRoot = {
      etag: isAggregated(answer) ? answer.etag : undefined,
      versions,
      problems: versions.flatMap(problemOf),
    };
    this.roots.set(path, read);
    return read;
  }

  private async readEach(versions: readonly NamedVersion[], signal: AbortSignal): Promise<FailedVersion[]> {
    const read: FailedVersion[] = [];
    const left = versions.entries();
    const worker = async () => {
      for (const [index, version] of left) read[index] = await this.readVersion(version, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return read;
  }

  private async readVersion(version: NamedVersion, signal: AbortSignal): Promise<FailedVersion> {
    const { client, timeoutMs } = this.props;
    try {
      return { ...version, resources: await legacyResources(client, version, timeoutMs, signal) };
    } catch (error) {
      if (signal.aborted) throw error;
      return { ...version, resources: undefined, cause: messageOf(error) };
    }
  }

  private counts({ group }: NamedVersion): boolean {
    return !this.props.ownGroups.includes(group);
  }
}

type FailedVersion = ServedVersion & { readonly cause?: string };

function problemOf({ group, version, resources, cause = 'its server does not answer' }: FailedVersion) {
  return resources ? [] : [`resources of ${group}/${version} cannot be read: ${cause}`];
}

function keyOf({ group, version }: NamedVersion): string {
  return `${group}/${version}`;
}

/** A resource that several versions of a group have counts with the preferred one. */
function firstOfEach(resources: readonly ServedResource[]): readonly ServedResource[] {
  const first = new Map<string, ServedResource>();
  for (const resource of resources) {
    const key = `${resource.plural}.${resource.group}`;
    if (!first.has(key)) first.set(key, resource);
  }
  return [...first.values()];
}
