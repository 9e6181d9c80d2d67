import type { JobStatus } from '../../../apps/worker/job';
import { beginning } from '../../../apps/worker/progress';
import { workerView } from '../../../apps/worker/view';

const STATUS: JobStatus = {
  progress: {
    version: 1,
    first: 1,
    next: 1_500_001,
    chunks: 3,
    steps: 7000,
    longest: { start: 27, steps: 111 },
  },
  ...{ chunks: 3, checkpoints: 2, threads: 2, millicores: 1500 },
  usage: { cpuSeconds: 90, millicores: 750, uptimeMs: 120_000 },
};

function page(status: Partial<JobStatus> = {}): string {
  return workerView('worker-1', { ...STATUS, ...status }).text;
}

function textOf(markup: string): string {
  return markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe("the worker's page", () => {
  it('says what was done, how fast and with how much', () => {
    const text = textOf(page());
    for (const part of [
      'worker-1 · up 2 min',
      '3 chunks since it began 1.5 chunks a minute 0.75 cores in use 2 checkpoints',
      '1.5 cores wanted, 2 threads',
      '50% · 1 min 30 s of CPU time in all',
      'numbers 1 to 1,500,000 done 1,500,000 numbers, 7,000 steps longest 111 steps, from 27',
    ]) {
      expect(text).toContain(part);
    }
    expect(page()).toMatch(/class="used"\s+width="500"/);
  });

  it('says where it begins while nothing is done', () => {
    expect(textOf(page({ progress: beginning(5001) }))).toContain(
      'numbers from 5,001 on done 0 numbers, 0 steps longest none yet',
    );
  });

  it('has a bar that ends where it is full', () => {
    expect(page({ usage: { ...STATUS.usage, millicores: 1600 } })).toMatch(/class="used"\s+width="1000"/);
  });
});
