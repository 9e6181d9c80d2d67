import { createHash } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UsageError } from '../../../core/errors';
import type { Timers } from '../timers';

/** After a notice, so that what is written piece by piece is read when it is whole. */
const SETTLE_MS = 200;
/** Until a file that cannot be read is looked for once more, before that is said: editors rename and replace. */
const MISSING_MS = 1000;

/** What files are watched with. */
export interface WatchedFilesProps {
  readonly paths: readonly string[];
  /** Between two looks without a notice: some file systems give none. */
  readonly pollMs: number;
  readonly timers: Timers;
  /** Given all the texts, in the order of the paths, when one is not what it was, and after a problem. */
  readonly onChange: (texts: readonly string[]) => void;
  /** Told why a file cannot be read, once; what was read before stays. */
  readonly onProblem: (message: string) => void;
}

interface WatchedFolder {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/**
 * Files that are read again when they change, however that is done: written in place, replaced by another of the same
 * name, or behind a symbolic link that is replaced, as in the volume of a ConfigMap or a Secret. Their folders are
 * watched, as a watch of a file ends with the file; and they are looked at now and then.
 */
export class WatchedFiles {
  private readonly folders = new Map<string, WatchedFolder>();
  private digest = '';
  private problem: string | undefined;
  private suspected = false;
  private closed = false;
  private work: Promise<void> | undefined;
  private again = false;
  private cancelSettle: (() => void) | undefined;
  private cancelPoll: () => void = () => undefined;

  constructor(private readonly props: WatchedFilesProps) {}

  /**
   * Reads the files, and watches them from then on.
   * @throws UsageError if one cannot be read
   */
  async start(): Promise<readonly string[]> {
    const texts = await Promise.all(this.props.paths.map(textOf));
    this.digest = digestOf(texts);
    await this.watchFolders();
    // What changed before the watch began is seen by this look.
    this.look();
    return texts;
  }

  /** Ends all watches; nothing is called any more. */
  close(): void {
    this.closed = true;
    this.cancelSettle?.();
    this.cancelPoll();
    for (const { watcher } of this.folders.values()) watcher.close();
    this.folders.clear();
  }

  private look(): void {
    if (this.closed) return;
    this.cancelPoll();
    if (this.work) {
      this.again = true;
      return;
    }
    this.again = false;
    this.work = this.lookOnce().finally(() => {
      this.work = undefined;
      if (this.closed) return;
      if (this.again) return this.look();
      const { timers, pollMs } = this.props;
      this.cancelPoll = timers.after(this.suspected ? MISSING_MS : pollMs, () => this.look());
    });
  }

  private async lookOnce(): Promise<void> {
    await this.watchFolders();
    let texts: readonly string[];
    try {
      texts = await Promise.all(this.props.paths.map(textOf));
    } catch (error) {
      this.fail(messageOf(error));
      return;
    }
    if (this.closed) return;
    const recovered = this.problem !== undefined;
    this.suspected = false;
    this.problem = undefined;
    const digest = digestOf(texts);
    if (digest === this.digest && !recovered) return;
    this.digest = digest;
    this.props.onChange(texts);
  }

  private fail(message: string): void {
    if (this.closed || message === this.problem) return;
    if (!this.suspected) {
      this.suspected = true;
      return;
    }
    this.suspected = false;
    this.problem = message;
    this.props.onProblem(message);
  }

  /** Watches each folder, and anew one that is another under the same name. */
  private async watchFolders(): Promise<void> {
    const paths = new Set(this.props.paths.map((path) => dirname(path)));
    for (const path of paths) {
      const inode = await stat(path).then(
        ({ ino }) => ino,
        () => undefined,
      );
      if (this.closed) return;
      const known = this.folders.get(path);
      if (known && known.inode === inode) continue;
      known?.watcher.close();
      this.folders.delete(path);
      if (inode !== undefined) this.watchFolder(path, inode);
    }
  }

  private watchFolder(path: string, inode: number): void {
    try {
      const watcher = watch(path, { persistent: false }, () => this.notice());
      this.folders.set(path, { inode, watcher });
      watcher.once('error', () => {
        watcher.close();
        this.folders.delete(path);
      });
    } catch {
      // Too many watches on the machine, or a file system that has none: looking now and then has to do.
    }
  }

  private notice(): void {
    if (this.closed) return;
    this.cancelSettle?.();
    this.cancelSettle = this.props.timers.after(SETTLE_MS, () => this.look());
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}

/** Keys need not stay in memory to see that they changed. */
function digestOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex');
}
