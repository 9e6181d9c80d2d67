import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors';
import { progressSchema, type Progress } from './progress';

const FILE = 'progress.json';

/** What was found where checkpoints are kept: one, none, or something that is no checkpoint of this program. */
export type Found = { readonly progress: Progress } | { readonly nothing: string };

/** Keeps the newest progress in a folder, always whole: a file is written beside the old one and takes its place. */
export class Checkpoints {
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** @throws UsageError if the folder can neither be written to nor made */
  async read(): Promise<Found> {
    try {
      await mkdir(this.folder, { recursive: true });
      await this.tryToWrite();
      return readProgress(await readFile(this.file, 'utf8'));
    } catch (error) {
      if (isMissing(error)) return { nothing: 'there is no checkpoint' };
      throw new UsageError(
        `CHECKPOINT_DIR=${this.folder}: ${messageOf(error)}; name a folder that it can write to`,
      );
    }
  }

  /**
   * One after the other: the last of a program may come while one is being written.
   * @throws if it cannot be written; the old one is still there then
   */
  write(progress: Progress): Promise<void> {
    const replaced = this.writing.then(() => this.replace(progress));
    this.writing = replaced.catch(() => undefined);
    return replaced;
  }

  private async replace(progress: Progress): Promise<void> {
    const file = await open(this.newFile, 'w');
    try {
      await file.writeFile(`${JSON.stringify(progress)}\n`);
      // Without it a crash of the node could leave an empty file under the new name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(this.newFile, this.file);
  }

  /** A volume that belongs to somebody else is found now, not when there is something to lose. */
  private async tryToWrite(): Promise<void> {
    await (await open(this.newFile, 'w')).close();
    await rm(this.newFile);
  }

  private get file(): string {
    return join(this.folder, FILE);
  }

  private get newFile(): string {
    return `${this.file}.new`;
  }
}

function readProgress(text: string): Found {
  try {
    return { progress: progressSchema.parse(JSON.parse(text)) };
  } catch {
    return { nothing: 'the checkpoint cannot be read' };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
