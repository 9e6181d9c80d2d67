import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '../../../apps/worker/checkpoints';
import { beginning } from '../../../apps/worker/progress';

describe('checkpoints', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that are written while another one still is come after it, whole', async () => {
    const checkpoints = new Checkpoints(folder);
    const done = Array.from({ length: 20 }, (_, chunks) => ({ ...beginning(1), chunks }));
    await Promise.all(done.map((progress) => checkpoints.write(progress)));
    expect(await checkpoints.read()).toEqual({ progress: done.at(-1) });
    expect(await readdir(folder)).toEqual(['progress.json']);
  });

  it('can be written again after one could not be', async () => {
    const checkpoints = new Checkpoints(folder);
    const inTheWay = join(folder, 'progress.json.new');
    await mkdir(inTheWay);
    await expect(checkpoints.write(beginning(1))).rejects.toThrow('EISDIR');
    await rmdir(inTheWay);
    await checkpoints.write(beginning(2));
    expect(await checkpoints.read()).toEqual({ progress: beginning(2) });
  });
});
