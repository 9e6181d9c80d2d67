import { UsageError } from '../core/errors';

/** What hey sends, and when it ends: after a number of requests or after a time. */
export type HeyOptions = {
  readonly url: string;
  readonly workers: number;
  /** Most requests a second of each worker. Without it they send as fast as they are answered. */
  readonly perWorker?: number;
  /** Default GET. */
  readonly method?: string;
  readonly body?: string;
  /** Whether a worker keeps its connection. Default true. */
  readonly keepAlive?: boolean;
} & ({ readonly requests: number } | { readonly duration: string });

/**
 * The words that start hey.
 * @throws UsageError if there is not one request for each worker, or if they do not divide among the workers: hey would
 *   leave the rest out without a word
 */
export function hey(options: HeyOptions): [program: string, ...args: string[]] {
  const { url, workers, perWorker, method, body, keepAlive = true } = options;
  return [
    'hey',
    ...('duration' in options ? ['-z', options.duration] : ['-n', requestsOf(options.requests, workers)]),
    ...['-c', String(workers)],
    ...(perWorker === undefined ? [] : ['-q', String(perWorker)]),
    ...(method === undefined ? [] : ['-m', method]),
    ...(body === undefined ? [] : ['-d', body]),
    ...(keepAlive ? [] : ['-disable-keepalive']),
    url,
  ];
}

function requestsOf(requests: number, workers: number): string {
  if (requests < workers || requests % workers !== 0) {
    throw new UsageError(
      `hey: ${requests} requests cannot be divided among ${workers} workers; choose a multiple of ${workers}`,
    );
  }
  return String(requests);
}
