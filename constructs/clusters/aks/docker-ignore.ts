/** What a .dockerignore leaves out. */
export interface Ignored {
  /** Whether a file is left out; paths are below the context, with slashes. */
  matches(path: string): boolean;
  /** Whether a folder may hold files that are not. */
  mayHold(folder: string): boolean;
}

interface Rule {
  readonly pattern: RegExp;
  /** Takes in again what an earlier one left out. */
  readonly exception: boolean;
  /** What comes before the first wildcard. */
  readonly literal: string;
  readonly hasWildcard: boolean;
}

/**
 * Reads a .dockerignore. The last pattern that matches a path, or a folder above it, decides.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function dockerIgnore(text: string): Ignored {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf);
  const matches = (path: string): boolean =>
    rules.findLast(({ pattern }) => pattern.test(path))?.exception === false;
  return {
    matches,
    mayHold: (folder) =>
      !matches(folder) || rules.some((rule) => rule.exception && reachesInto(folder, rule)),
  };
}

/** Whether a pattern may match something in a folder that it does not match itself. */
function reachesInto(folder: string, { literal, hasWildcard }: Rule): boolean {
  return literal.startsWith(`${folder}/`) || (hasWildcard && `${folder}/`.startsWith(literal));
}

function ruleOf(line: string): Rule {
  const exception = line.startsWith('!');
  const path = (exception ? line.slice(1) : line).trim().replace(/^\/+|\/+$/g, '');
  const literal = /^[^*?[\\]*/.exec(path)?.[0] ?? '';
  return {
    // A folder that matches takes everything in it along.
    pattern: new RegExp(`^${path.split('/').map(partPattern).join('')}(?:$|/)`),
    exception,
    literal,
    hasWildcard: literal !== path,
  };
}

/** One part of a path with the slash before the next; `**` is any number of parts. */
function partPattern(part: string, index: number, parts: readonly string[]): string {
  const last = index === parts.length - 1;
  if (part === '**') return last ? '.*' : '(?:.*/)?';
  const pattern = part.replace(/\\(.)|[.+^${}()|]|\*|\?/g, (sign, escaped?: string) => {
    if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`;
    if (sign === '*') return '[^/]*';
    return sign === '?' ? '[^/]' : `\\${sign}`;
  });
  return last ? pattern : `${pattern}/`;
}
