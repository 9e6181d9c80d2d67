import { createHash, type Hash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { dockerIgnore, type Ignored } from './docker-ignore';

/**
 * A digest of what an image is built from: names, content and execute permission of the files in its context that
 * .dockerignore leaves in, and the Dockerfile.
 * @param context absolute path
 * @param dockerfile path below the context
 * @throws Error of the file system where one of them is missing
 */
export function contextDigest(context: string, dockerfile: string): string {
  const ignoreFile = join(context, '.dockerignore');
  const ignored = dockerIgnore(existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '');
  const hash = createHash('sha256');
  addFile(hash, context, dockerfile);
  addFolder(hash, context, '', ignored);
  return hash.digest('hex');
}

function addFolder(hash: Hash, context: string, folder: string, ignored: Ignored): void {
  const names = readdirSync(join(context, folder)).sort();
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (lstatSync(join(context, path)).isDirectory()) {
      if (ignored.mayHold(path)) addFolder(hash, context, path, ignored);
    } else if (!ignored.matches(path)) {
      addFile(hash, context, path);
    }
  }
}

function addFile(hash: Hash, context: string, path: string): void {
  const full = join(context, path);
  const stats = lstatSync(full);
  const link = stats.isSymbolicLink();
  const content = link ? Buffer.from(readlinkSync(full)) : readFileSync(full);
  const kind = link ? 'link' : (stats.mode & 0o111) === 0 ? 'file' : 'program';
  // Lengths keep the end of one file from being taken for the beginning of the next.
  hash.update(`${path.length} ${path} ${kind} ${content.length}\n`).update(content);
}
