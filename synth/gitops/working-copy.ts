import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { messageOf, UsageError } from '../../core/errors';
import { textFile, type GeneratedFiles } from '../generated-file';
import { writeFiles } from '../writer';

/** Lists the files of the folder that are Plimsoll's. It is committed with them: whoever writes next has to know. */
const LIST_FILE = '.generated';
/** Its first line says whose they are. */
const STACK_LINE = 'stack: ';

/** Which part of a repository is a stack's own. */
interface Place {
  /** Name of the stack. */
  readonly stack: string;
  /** Path of its folder below the root. */
  readonly path: string;
  /** Whether the root has to be that of a Git working copy: paths of Flux begin there. */
  readonly git: boolean;
}

/** What was done with each file, by paths below the root. */
export interface Written {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
}

/**
 * The files of a stack in a working copy of a repository. Those in its list are its own: they are written anew where
 * they differ, and removed when they are no longer made. Files of others are never touched.
 */
export class WorkingCopy {
  private readonly folder: string;
  /** Own files, by their path in the folder. */
  private readonly own: readonly string[];

  /** @throws UsageError if the root is no working copy, or the folder another stack's */
  constructor(
    private readonly root: string,
    private readonly place: Place,
  ) {
    const { stack, path, git } = place;
    if (!isFolder(root))
      throw new UsageError(`--gitops ${root}: is no folder; name a working copy of the repository`);
    if (git && !existsSync(join(root, '.git'))) {
      throw new UsageError(
        `--gitops ${root}: has no .git: name the root of the working copy, where the paths that Flux reads begin`,
      );
    }
    this.folder = join(root, path);
    this.own = readList(join(this.folder, LIST_FILE), stack);
  }

  /** The own files that are there, by their path in the folder. @throws UsageError as {@link write} */
  read(): ReadonlyMap<string, string> {
    return new Map(
      this.own.flatMap((path): [string, string][] => {
        const content = this.contentOf(path);
        return content === undefined ? [] : [[path, content]];
      }),
    );
  }

  /**
   * Makes the own files those given. Everything that speaks against it is found before anything is written; the list
   * knows every file before it is there, so that a run which was interrupted can be run again.
   *
   * @throws UsageError naming a file of somebody else in the way, or one that lies outside because of a link
   */
  write(files: GeneratedFiles): Written {
    const current = new Map([...files.keys()].map((path) => [path, this.contentOf(path)]));
    for (const [path, content] of current) this.refuseForeign(path, content, files);
    const stale = this.own.filter((path) => !files.has(path) && this.contentOf(path) !== undefined);
    const changed = new Map([...files].filter(([path, { content }]) => content !== current.get(path)));
    if (changed.size > 0 || stale.length > 0) this.list([...new Set([...files.keys(), ...this.own])]);
    writeFiles(this.folder, changed);
    for (const path of stale) this.remove(path);
    this.list([...files.keys()]);
    const below = (paths: Iterable<string>): string[] =>
      [...paths].map((path) => `${this.place.path}/${path}`);
    return {
      written: below(changed.keys()),
      unchanged: below([...files.keys()].filter((path) => !changed.has(path))),
      removed: below(stale),
    };
  }

  private refuseForeign(path: string, content: string | undefined, files: GeneratedFiles): void {
    if (content === undefined || this.own.includes(path) || content === files.get(path)?.content) return;
    throw new UsageError(
      `${join(this.folder, path)} is not Plimsoll's and would be overwritten: move it, or choose another --gitops-path. ` +
        'Nothing was written',
    );
  }

  /** `undefined` if there is no such file. */
  private contentOf(path: string): string | undefined {
    const file = join(this.folder, path);
    this.refuseOutside(file);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (!found.isFile()) {
      throw new UsageError(
        `${file} is no file, and one is to be written there: move it. Nothing was written`,
      );
    }
    return readFileSync(file, 'utf8');
  }

  /** A link on the way to a file could lead anywhere. */
  private refuseOutside(file: string): void {
    let folder = dirname(file);
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    const way = relative(realpathSync(this.root), realpathSync(folder));
    const expected = relative(this.root, folder);
    if (way === expected) return;
    throw new UsageError(
      `${folder} is reached through a link; files are only written into the working copy itself`,
    );
  }

  private list(paths: readonly string[]): void {
    const lines = [`${STACK_LINE}${this.place.stack}`, ...[...paths].sort()];
    const content = lines.map((line) => `${line}\n`).join('');
    if (this.contentOf(LIST_FILE) !== content) {
      writeFiles(this.folder, new Map([[LIST_FILE, textFile(content)]]));
    }
  }

  /** A folder that nothing is in any more goes too. */
  private remove(path: string): void {
    const file = join(this.folder, path);
    try {
      rmSync(file, { force: true });
      for (let folder = dirname(file); folder !== this.folder; folder = dirname(folder)) {
        if (readdirSync(folder).length > 0) return;
        rmdirSync(folder);
      }
    } catch (error) {
      throw new UsageError(`cannot remove ${file}: ${messageOf(error)}`, { cause: error });
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** @throws UsageError if it is another stack's, or has a path that leads out of the folder */
function readList(file: string, stack: string): string[] {
  if (!existsSync(file)) return [];
  const [first = '', ...paths] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (first !== `${STACK_LINE}${stack}`) {
    throw new UsageError(
      `${file}: the folder is not that of stack ${stack} but begins with "${first}": choose another --gitops-path`,
    );
  }
  const odd = paths.find((path) => !/^[\w.-]+(\/[\w.-]+)*$/.test(path) || path.split('/').includes('..'));
  if (odd === undefined) return paths;
  throw new UsageError(`${file}: "${odd}" is no path that Plimsoll wrote; restore the file from Git`);
}
