import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors';
import { progressSchema, type Progress } from './progress';

const FILE = 'progress.json';

/** What was found where checkpoints are kept: one, none, or something that is no checkpoint of this program. */
export type Found = { readonly progress: Progress } | { readonly nothing: string };

/** Keeps the newest progress in a folder, always whole: a file is written beside the old one and takes its place. */
export class Checkpoints {
  constructor(private readonly folder: string) {}

  /** @throws UsageError if the folder can neither be used nor made */
  async read(): Promise<Found> {
    try {
      await mkdir(this.folder, { recursive: true });
      return readProgress(await readFile(join(this.folder, FILE), 'utf8'));
    } catch (error) {
      if (isMissing(error)) return { nothing: 'there is no checkpoint' };
      throw new UsageError(`CHECKPOINT_DIR=${this.folder}: ${messageOf(error)}`);
    }
  }

  /** @throws if it cannot be written; the old one is still there then */
  async write(progress: Progress): Promise<void> {
    const path = join(this.folder, FILE);
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(`${JSON.stringify(progress)}\n`);
      // Without it a crash of the node could leave an empty file under the new name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
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
