import { dirname, join, relative, resolve } from 'node:path';
import { replaceStackFiles, stackFiles } from '../synth';
import type { StackSource } from './subject';

/** The folder that holds this project, with the build folders of its images. */
const PROJECT = dirname(dirname(require.resolve('plimsoll/package.json')));

/**
 * Writes every file of a stack below the output folder.
 * @returns their paths
 */
export function writeStack(output: string, { definition: stack, objects }: StackSource): string[] {
  const source = relative(resolve(output, stack.name), PROJECT);
  const files = stackFiles(stack, objects, { source });
  replaceStackFiles(output, stack.name, files);
  return [...files.keys()].map((path) => join(output, path));
}
