import { z } from 'zod';
import { firstDifference } from '../../core/hpa/recording';
import { differenceText } from '../../report';
import { styleOf, writeAll, type Io } from '../io';
import { recordingProgress } from '../recording-progress';
import { replayLines } from '../read-recordings';
import { jsonOption, readOptions } from './read-options';

const compareOptions = z.object({ unproven: z.boolean().default(false), ...jsonOption });

/**
 * `plimsoll hpa compare FILE|-`: holds the outcomes that recordings have against the model's own; exit code 1 if any
 * differ.
 */
export async function hpaCompare(path = '-', options: unknown, io: Io): Promise<number> {
  const { unproven, json } = readOptions(compareOptions, options);
  const style = styleOf(io.stdout, io);
  const progress = recordingProgress(path, io);
  let [recordings, syncs, differing] = [0, 0, 0];
  try {
    await replayLines(path, unproven, io, async ({ recording, results, bytes }) => {
      recordings += 1;
      syncs += results.length;
      const difference = firstDifference(recording, results);
      if (difference) {
        differing += 1;
        progress.end();
        const text = json
          ? JSON.stringify({ id: recording.id, ...difference })
          : differenceText(recording, results, difference, style);
        await writeAll(io.stdout, `${text}\n`);
      }
      progress.update(bytes);
    });
  } finally {
    progress.end();
  }
  const summary = `${recordings} recordings, ${syncs} syncs: ${differing} differ`;
  await writeAll(io.stdout, `${json ? JSON.stringify({ recordings, syncs, differing }) : summary}\n`);
  return differing === 0 ? 0 : 1;
}
