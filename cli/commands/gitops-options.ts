import { z } from 'zod';
import { UsageError } from '../../core/errors';
import { repositoryPath, type GitOpsOptions, type SyncSource } from '../../synth/gitops';
import { repeatable } from './read-options';

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'write the name of a Kubernetes object');

/** Options of `plimsoll synth` that only count with `--gitops`, as commander gives them. */
export const gitOpsFields = {
  gitopsPath: z.string().min(1, 'name a folder').optional(),
  suspend: repeatable,
  ignore: repeatable,
  existingRelease: repeatable,
  gitUrl: z
    .string()
    .regex(
      /^(https?|ssh):\/\/\S+$/,
      'write https://HOST/PATH or ssh://git@HOST/PATH; Flux does not read git@HOST:PATH',
    )
    .optional(),
  gitBranch: z
    .string()
    .regex(/^[\w./-]+$/, 'write the name of a branch')
    .optional(),
  ociUrl: z
    .string()
    .regex(/^oci:\/\/[^\s:/]+(:\d+)?(\/[\w.-]+)+$/, 'write oci://HOST[:PORT]/PATH without a tag')
    .optional(),
  ociTag: z
    .string()
    .regex(/^\w[\w.-]*$/, 'write a tag')
    .optional(),
  sourceSecret: name.optional(),
  imagePolicies: z.boolean().default(false),
  imageRange: repeatable,
};

/** What was chosen of {@link gitOpsFields}. */
type Chosen = z.infer<z.ZodObject<typeof gitOpsFields>>;

/** How each is written on the command line. */
const FLAGS: Readonly<Record<keyof Chosen, string>> = {
  gitopsPath: '--gitops-path',
  suspend: '--suspend',
  ignore: '--ignore',
  existingRelease: '--existing-release',
  gitUrl: '--git-url',
  gitBranch: '--git-branch',
  ociUrl: '--oci-url',
  ociTag: '--oci-tag',
  sourceSecret: '--source-secret',
  imagePolicies: '--image-policies',
  imageRange: '--image-range',
};

/** The options that somebody gave. */
export function gitOpsFlags(chosen: Chosen): string[] {
  return Object.entries(FLAGS).flatMap(([key, flag]) => (isGiven(chosen, key) ? [flag] : []));
}

function isGiven(chosen: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = chosen[key];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

/** @throws UsageError for options that contradict each other or need another */
export function gitOpsOf(stack: string, chosen: Chosen): GitOpsOptions {
  if (chosen.imageRange.length > 0 && !chosen.imagePolicies) {
    throw new UsageError('--image-range says which versions --image-policies takes: name that too');
  }
  return {
    path: repositoryPath(chosen.gitopsPath ?? `clusters/${stack}`),
    sync: syncOf(chosen),
    suspend: chosen.suspend,
    ignore: chosen.ignore,
    existingReleases: chosen.existingRelease,
    images: chosen.imagePolicies ? { ranges: rangesOf(chosen.imageRange) } : undefined,
  };
}

function syncOf({ gitUrl, gitBranch, ociUrl, ociTag, sourceSecret: secret }: Chosen): SyncSource | undefined {
  if (gitUrl !== undefined && ociUrl !== undefined) {
    throw new UsageError('name --git-url or --oci-url, not both: Flux reads the tree from one of them');
  }
  if (gitBranch !== undefined && gitUrl === undefined) throw new UsageError('--git-branch needs --git-url');
  if (ociTag !== undefined && ociUrl === undefined) throw new UsageError('--oci-tag needs --oci-url');
  if (ociUrl !== undefined) return { kind: 'OCIRepository', url: ociUrl, tag: ociTag ?? 'latest', secret };
  if (gitUrl === undefined) {
    if (secret !== undefined) throw new UsageError('--source-secret needs --git-url or --oci-url');
    return undefined;
  }
  if (gitUrl.startsWith('ssh://') && secret === undefined) {
    throw new UsageError(
      '--git-url ssh://…: Flux needs a key: name the Secret that holds it with --source-secret',
    );
  }
  return { kind: 'GitRepository', url: gitUrl, branch: gitBranch ?? 'main', secret };
}

function rangesOf(assignments: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    assignments.map((assignment) => {
      const [, image, range] = /^([\w-]+)=(.*\S.*)$/.exec(assignment) ?? [];
      if (image === undefined || range === undefined) {
        throw new UsageError(`--image-range ${assignment}: write IMAGE=RANGE, such as adapter=1.x`);
      }
      return [image, range.trim()];
    }),
  );
}
