import { messageOf, UsageError } from '../errors';
import { parseGoDuration } from '../kube/duration';

/** How a worker works. */
export interface WorkerConfig {
  /** CPU that it uses at most, in thousandths of a core. */
  readonly millicores: number;
  /** Numbers in one chunk of work. */
  readonly chunkSize: number;
  /** From one checkpoint to the next, in milliseconds. */
  readonly checkpointPeriodMs: number;
}

/** Names of the variables that configure a worker. */
export type WorkerVariable = 'CPU_MILLICORES' | 'CHUNK_SIZE' | 'CHECKPOINT_PERIOD';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reads `CPU_MILLICORES` (default 1000), `CHUNK_SIZE` (1000000) and `CHECKPOINT_PERIOD` (`10s`).
 * @throws UsageError that names the variable
 */
export function readWorkerConfig(variable: (name: WorkerVariable) => string | undefined): WorkerConfig {
  return {
    millicores: whole('CPU_MILLICORES', variable('CPU_MILLICORES') ?? '1000', 1_000_000),
    chunkSize: whole('CHUNK_SIZE', variable('CHUNK_SIZE') ?? '1000000', 1_000_000_000),
    checkpointPeriodMs: period(variable('CHECKPOINT_PERIOD') ?? '10s'),
  };
}

function whole(name: WorkerVariable, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new UsageError(`${name}=${text}: must be a whole number from 1 to ${most}`);
  }
  return value;
}

function period(text: string): number {
  const rule = `CHECKPOINT_PERIOD=${text}: must be a duration from 1s to 24h`;
  let ms: number;
  try {
    ms = parseGoDuration(text);
  } catch (error) {
    throw new UsageError(`${rule} (${messageOf(error)})`);
  }
  if (ms < 1000 || ms > DAY_MS) throw new UsageError(rule);
  return ms;
}
