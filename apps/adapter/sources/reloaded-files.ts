import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../../../core/errors';
import type { Logger } from '../../runtime';

/** How long files are taken to be as they were, in milliseconds. */
const CHECK_MS = 1_000;

/** Files that belong together. */
export interface ReloadedFilesProps<Value> {
  /** For messages: `bearer token of source main`. */
  readonly what: string;
  readonly paths: readonly string[];
  /** Their contents, in order of the paths. @throws if they are no good */
  readonly read: (texts: readonly string[]) => Value;
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * What files hold, as they are now. Before use, but at most once a second, it is looked whether they changed (device,
 * inode, size and times behind all symbolic links, so that the swaps of mounted Secrets are seen). Files that are
 * missing or no good change nothing while there was something good before; that is said once.
 */
export class ReloadedFiles<Value> {
  private good: { readonly value: Value; readonly texts: readonly string[] } | undefined;
  private seen = '';
  private checkedMs: number | undefined;
  private checking: Promise<void> | undefined;
  private complaint: string | undefined;

  constructor(private readonly props: ReloadedFilesProps<Value>) {}

  /** @throws Error if they never were any good */
  async current(): Promise<Value> {
    const now = this.props.now();
    // A clock that was set back would hide changes for long.
    if (this.checkedMs === undefined || Math.abs(now - this.checkedMs) >= CHECK_MS) await this.check();
    // Several may ask at the start, while the first look is under way.
    else if (!this.good) await this.checking;
    return this.kept();
  }

  /**
   * Told that something is no good any more: unless there is something else already, looks at once.
   * @param used what `current` gave
   * @returns whether there is something else
   */
  async renew(used: Value): Promise<boolean> {
    // A look that is under way may have begun before the change.
    await this.checking;
    if (this.good?.value === used) await this.check();
    return this.good !== undefined && this.good.value !== used;
  }

  private kept(): Value {
    if (this.good) return this.good.value;
    throw new Error(`${this.props.what}: ${this.complaint ?? 'not read yet'}`);
  }

  private check(): Promise<void> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async look(): Promise<void> {
    const { what, paths, read, now, logger } = this.props;
    this.checkedMs = now();
    try {
      // Before they are read: what changes meanwhile is seen the next time.
      const prints = (await Promise.all(paths.map(fingerprint))).join(' ');
      if (prints === this.seen && this.complaint === undefined) return;
      const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
      if (!this.good || this.good.texts.some((text, index) => text !== texts[index])) {
        this.good = { value: read(texts), texts };
        if (this.seen !== '') logger.info(`${what} changed`, { files: paths.join(', ') });
      }
      this.seen = prints;
      this.complaint = undefined;
    } catch (error) {
      const complaint = messageOf(error);
      if (complaint === this.complaint) return;
      this.complaint = complaint;
      const consequence = this.good ? 'what was good before stays in use' : 'nothing can be asked without it';
      logger.error(`${what} cannot be read: ${complaint}; ${consequence}`, { files: paths.join(', ') });
    }
  }
}

async function fingerprint(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
