import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstDifference, readRecording, replay } from '../../../core/hpa/recording';

const FOLDER = join(__dirname, 'recordings');

/** Recordings of real controllers, by file: `npm run oracle` made them. */
const FILES = readdirSync(FOLDER).map((file) => [file, linesOf(join(FOLDER, file))] as const);

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trim().split('\n');
}

describe.each(FILES)('what the real controller did: %s', (_file, lines) => {
  it.each(lines.map((line) => [/"id":"([^"]*)"/.exec(line)?.[1] ?? '', line] as const))('%s', (_id, line) => {
    const { recording, unknown } = readRecording(JSON.parse(line));
    expect(unknown).toEqual([]);
    expect(recording.counters).toBeDefined();
    expect(firstDifference(recording, replay(recording))).toBeUndefined();
  });
});
