import { join, relative, resolve } from 'node:path';
import { PROJECT, readImageLock, replaceStackFiles, stackFiles } from '../synth';
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
