import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpsClient } from '../../control-plane/https-client';
import type { Prometheus } from '../../control-plane/prometheus';
import { cpuMs, memoryOf } from './usage';

/** What one run over the autoscalers cost. */
export interface Cost {
  readonly requests: number;
  /** Of a round: the median over rounds, for a thousand requests. */
  readonly roundSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Per request, while rounds run. */
  readonly adapterCpuMs: number;
  readonly apiServerCpuMs: number;
  readonly prometheusCpuMs: number;
  /** Queries that Prometheus evaluated, per request. */
  readonly queries: number;
  /** Bytes, at the end. */
  readonly memory: number;
}

export interface RoundOptions {
  /** Acts as the autoscaler's controller. */
  readonly client: HttpsClient;
  readonly paths: readonly string[];
  readonly workers: number;
  readonly rounds: number;
  /** Between the rounds, for what is kept to grow old. */
  readonly pauseMs: number;
  /** @throws Error if the answer is not what it must be */
  readonly check: (index: number, status: number, text: string) => void;
}

export interface Processes {
  readonly adapter: number;
  readonly apiServer: number;
  readonly prometheus: Prometheus;
}

const ROUND = 1000;

/** Goes over the autoscalers as the controller does: some workers, each waiting for its answer. */
export async function measureRounds(processes: Processes, options: RoundOptions): Promise<Cost> {
  const latencies: number[] = [];
  const rounds: number[] = [];
  const spent = { adapter: 0, apiServer: 0, prometheus: 0, queries: 0 };
  for (let round = 0; round < options.rounds; round++) {
    if (round > 0) await sleep(options.pauseMs);
    const before = await counters(processes);
    const began = performance.now();
    await oneRound(options, latencies);
    rounds.push((performance.now() - began) / 1000);
    const after = await counters(processes);
    spent.adapter += after.adapter - before.adapter;
    spent.apiServer += after.apiServer - before.apiServer;
    spent.prometheus += after.prometheus - before.prometheus;
    spent.queries += after.queries - before.queries;
  }
  const requests = latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    requests,
    roundSeconds:
      (quantile(
        rounds.sort((a, b) => a - b),
        0.5,
      ) /
        options.paths.length) *
      ROUND,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    adapterCpuMs: spent.adapter / requests,
    apiServerCpuMs: spent.apiServer / requests,
    prometheusCpuMs: spent.prometheus / requests,
    queries: spent.queries / requests,
    memory: memoryOf(processes.adapter).now,
  };
}

async function oneRound({ client, paths, workers, check }: RoundOptions, latencies: number[]): Promise<void> {
  const entries = paths.entries();
  const worker = async (): Promise<void> => {
    for (const [index, path] of entries) {
      const began = performance.now();
      const { status, text } = await client.request(path);
      latencies.push(performance.now() - began);
      check(index, status, text);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

async function counters({ adapter, apiServer, prometheus }: Processes) {
  const requests = await prometheus.requests();
  return {
    adapter: cpuMs(adapter),
    apiServer: cpuMs(apiServer),
    prometheus: cpuMs(prometheus.pid),
    queries: requests.get('/api/v1/query') ?? 0,
  };
}

/** @param sorted ascending */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
