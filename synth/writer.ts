import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, UsageError } from '../core/errors';
import { textFile, type GeneratedFile, type GeneratedFiles } from './generated-file';

/** Lists what the last run generated for a stack, so that exactly that can be removed when it is no longer made. */
const LIST_FILE = '.generated';

/**
 * Writes files below a folder, each by writing a temporary neighbour and renaming it: a reader sees the old file or
 * the new one, never half of it. A file that already has the content is left alone.
 *
 * @throws UsageError naming the file that cannot be written
 */
export function writeFiles(root: string, files: GeneratedFiles): void {
  for (const [path, file] of files) writeAtomically(join(root, path), file);
}

/**
 * Makes a stack's files those given: writes them all, then removes what an earlier run generated and this one did
 * not. Whoever synthesizes first and writes afterwards therefore never loses the last good state.
 *
 * @throws UsageError naming the file that cannot be written
 */
export function replaceStackFiles(root: string, stackName: string, files: GeneratedFiles): void {
  const list = join(stackName, LIST_FILE);
  const before = readList(join(root, list));
  writeFiles(root, files);
  for (const path of before) if (!files.has(path)) rmSync(join(root, path), { force: true });
  writeAtomically(join(root, list), textFile([...files.keys()].map((path) => `${path}\n`).join('')));
}

function readList(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.split('/').includes('..') && !line.startsWith('/'));
}

function writeAtomically(path: string, { content, executable }: GeneratedFile): void {
  const mode = executable ? 0o755 : 0o644;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (isCurrent(path, content)) {
      chmodSync(path, mode);
      return;
    }
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw new UsageError(`cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Where a file could not be written, its temporary neighbour may be out of reach as well. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The reason why the file cannot be written says more.
  }
}

function isCurrent(path: string, content: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}
