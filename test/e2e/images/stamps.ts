import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isProgramName, programStamp } from '../../control-plane/programs';
import { type ImageSource, PROGRAM_IMAGES } from './catalog';

/** The repository, whether the code runs from its source or compiled. */
export const REPOSITORY = join(__dirname.replace(/([\\/])build\1test/, '$1test'), '../../..');
/** Grows when images are put together in another way. */
const LAYOUT = '1';

/**
 * What an image is made from, as a hash of contents: the same in every copy of the repository, whatever the times of
 * its files. Bases are not part of it, as with every image that is built once.
 */
export function stampOf(source: ImageSource): string {
  const hash = createHash('sha256').update(LAYOUT).update(source.kind);
  if (source.kind === 'nginx') return hash.digest('hex');
  if (source.kind === 'program') {
    const image = PROGRAM_IMAGES[source.name];
    hash.update(JSON.stringify(image));
    for (const name of Object.keys(image.programs).filter(isProgramName)) hash.update(programStamp(name));
    return hash.digest('hex');
  }
  const dockerfile = `apps/${source.name}/Dockerfile`;
  const copied = copiedPaths(readFileSync(join(REPOSITORY, dockerfile), 'utf8'));
  for (const path of [dockerfile, ...copied].flatMap(filesBelow).sort()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(REPOSITORY, path)));
  }
  return hash.digest('hex');
}

/** What a Dockerfile copies of its context. */
export function copiedPaths(dockerfile: string): readonly string[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
  return [...new Set(lines.flatMap((line) => line.trim().split(/\s+/).slice(1, -1)))];
}

/** Files that builders see there: without Dockerfiles, README and installed packages, see .dockerignore. */
function filesBelow(path: string): readonly string[] {
  const whole = join(REPOSITORY, path);
  if (!statSync(whole).isDirectory()) return [path];
  return readdirSync(whole, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'Dockerfile', 'README.md'].includes(name))
    .flatMap(({ name }) => filesBelow(relative(REPOSITORY, join(whole, name))));
}
