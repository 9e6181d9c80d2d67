import { z } from 'zod';
import type { AggregatedServer } from './aggregated-server';
import { until } from './aggregation';

const PROMPT = 'SIGUSR2';
const MARK = 'heap after collection: ';

/** Runs inside the program: collects garbage when it is told to, twice for what finalizers leave, and says what is left. */
const METER = `
process.on('${PROMPT}', () => {
  gc();
  setTimeout(() => {
    gc();
    console.error('${MARK}' + process.memoryUsage().heapUsed);
  }, 100);
});`;

/** Flags for Node with which a program can be asked for its heap. */
export const HEAP_METER_FLAGS: readonly string[] = [
  '--expose-gc',
  `--import=data:text/javascript,${encodeURIComponent(METER)}`,
];

/** MiB that a program started with {@link HEAP_METER_FLAGS} cannot do without: its heap without any garbage. */
export async function heapMiB(server: AggregatedServer): Promise<number> {
  const said = () => server.log().split(MARK).slice(1);
  const before = said().length;
  server.signal(PROMPT);
  await until('the heap is measured', () => Promise.resolve(said().length > before));
  return z.coerce.number().parse(Number.parseInt(said().at(-1) ?? '', 10)) / 2 ** 20;
}
