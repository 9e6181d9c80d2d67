import type { ImageLock } from './image-lock';

/**
 * Build arguments that name the bases of a Dockerfile by digest: its `ARG NAME=REFERENCE` that a `FROM` mentions and the
 * lock has a digest for.
 */
export function lockedBases(dockerfile: string, lock: ImageLock): Readonly<Record<string, string>> {
  const declared = [...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)];
  return Object.fromEntries(
    declared.flatMap(([, argument = '', reference = '']) => {
      const digest = lock.get(reference);
      const isBase = new RegExp(`^FROM .*\\$\\{${argument}\\}`, 'm').test(dockerfile);
      if (digest === undefined || !isBase) return [];
      // Not every builder takes tag and digest together.
      return [[argument, `${reference.replace(/:[^/:]+$/, '')}@${digest}`]];
    }),
  );
}
