import { join, relative, resolve } from 'node:path';
import { PROJECT, readImageLock, replaceStackFiles, stackFiles } from '../synth';
import { gitOpsTree, ownFolder, WorkingCopy, type GitOpsOptions, type Written } from '../synth/gitops';
import type { StackSource } from './subject';

/**
 * Writes every file of a stack below the output folder.
 * @returns their paths
 */
export function writeStack(output: string, { definition: stack, objects }: StackSource): string[] {
  const source = relative(resolve(output, stack.name), PROJECT);
  const files = stackFiles(stack, objects, { source, lock: readImageLock() });
  replaceStackFiles(output, stack.name, files);
  return [...files.keys()].map((path) => join(output, path));
}

/**
 * Writes a stack for Flux into a working copy of the repository that Flux reads.
 * @param root of the working copy
 * @returns what was done with which files
 */
export function writeGitOps(
  root: string,
  { definition: stack, objects }: StackSource,
  options: GitOpsOptions,
): Written {
  const copy = new WorkingCopy(root, {
    stack: stack.name,
    path: ownFolder(options),
    git: options.sync?.kind !== 'OCIRepository',
  });
  // Versions that Flux committed are kept.
  const current = copy.read();
  return copy.write(gitOpsTree(stack, objects, { options, lock: readImageLock(), current }));
}
