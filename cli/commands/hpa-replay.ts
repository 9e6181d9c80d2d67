import { z } from 'zod';
import { outcomeOf } from '../../core/hpa/recording';
import { replayText } from '../../report';
import { styleOf, writeAll, type Io } from '../io';
import { recordingProgress } from '../recording-progress';
import { fieldsOf, replayLines, type Replayed } from '../read-recordings';
import { readOptions } from './read-options';

const replayOptions = z.object({ unproven: z.boolean().default(false), text: z.boolean().default(false) });

/** `plimsoll hpa replay FILE|-`: the same lines with the model's outcomes, or with `--text` what happens in words. */
export async function hpaReplay(path = '-', options: unknown, io: Io): Promise<number> {
  const { unproven, text } = readOptions(replayOptions, options);
  const style = styleOf(io.stdout, io);
  const progress = recordingProgress(path, io);
  try {
    await replayLines(path, unproven, io, async (replayed) => {
      const { recording, results, bytes } = replayed;
      await writeAll(io.stdout, text ? `${replayText(recording, results, style)}\n` : withOutcomes(replayed));
      progress.update(bytes);
    });
  } finally {
    progress.end();
  }
  return 0;
}

function withOutcomes({ written, results }: Replayed): string {
  const list: readonly unknown[] = Array.isArray(written['syncs']) ? written['syncs'] : [];
  const syncs = results.map((result, index) => ({ ...fieldsOf(list[index]), outcome: outcomeOf(result) }));
  return `${JSON.stringify({ ...written, syncs })}\n`;
}
