import { posix } from 'node:path';
import { UsageError } from '../../core/errors';

/** Namespace of Flux' controllers, and of everything that tells them what to do. */
export const FLUX_NAMESPACE = 'flux-system';

/** Name of the folder that holds everything of a stack, below the path that Flux reads. */
const OWN_FOLDER = 'plimsoll';

/** Where Flux gets the tree from, other than the repository that `flux bootstrap` set up. */
export type SyncSource =
  | {
      readonly kind: 'GitRepository';
      /** `https://…` or `ssh://…` */
      readonly url: string;
      readonly branch: string;
      /** Secret with credentials, in the namespace of Flux. */
      readonly secret?: string | undefined;
    }
  | {
      readonly kind: 'OCIRepository';
      /** `oci://HOST/PATH` */
      readonly url: string;
      readonly tag: string;
      readonly secret?: string | undefined;
    };

/** How the tree of a stack is to look. */
export interface GitOpsOptions {
  /** Path below the root of the repository that Flux reads: `clusters/STACK` unless somebody says otherwise. */
  readonly path: string;
  /** Absent: the GitRepository `flux-system`, as `flux bootstrap` makes it. */
  readonly sync?: SyncSource | undefined;
  /** Stages that are not applied until somebody resumes them. */
  readonly suspend: readonly string[];
  /** Objects that Flux leaves alone: `KIND/NAMESPACE/NAME`, or `KIND/NAME` of a cluster-scoped kind. */
  readonly ignore: readonly string[];
  /** Helm releases that somebody else installed. */
  readonly existingReleases: readonly string[];
  /** Set if Flux looks for newer versions of the project's own images and commits them. */
  readonly images?: ImageOptions | undefined;
}

/** Which newer versions are wanted. */
export interface ImageOptions {
  /** Ranges of versions by the name of an image. Others take patches of the version that the stack names. */
  readonly ranges: ReadonlyMap<string, string>;
}

/** Path of the stack's own folder below the root of the repository. */
export function ownFolder({ path }: Pick<GitOpsOptions, 'path'>): string {
  return `${path}/${OWN_FOLDER}`;
}

/**
 * `clusters/kind` of `./clusters/kind/`.
 * @throws UsageError for a path that leads out of the repository, or that a shell or YAML could take for something else
 */
export function repositoryPath(path: string): string {
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(normal) && !normal.split('/').includes('..') && normal !== '.')
    return normal;
  throw new UsageError(
    `--gitops-path ${path}: must lead to a folder below the root of the repository, such as clusters/production`,
  );
}
