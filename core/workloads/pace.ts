/** Requests at a rate of their own, whether answers come or not. */
interface OpenLoop {
  readonly kind: 'open';
  /** Requests a second of all senders together. */
  readonly rate: number;
}

/** Senders that each wait for an answer before they send again, so that the rate follows the latency. Milliseconds. */
interface ClosedLoop {
  readonly kind: 'closed';
  readonly senders: number;
  /** Least time from one request of a sender to its next: its own rate limit. */
  readonly everyMs: number;
  /** What a sender does before each of its requests, and after each answer. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** How requests follow each other. */
export type Pace = OpenLoop | ClosedLoop;

/** How many senders share a pace. */
export function sendersOf(pace: Pace): number {
  return pace.kind === 'open' ? 1 : pace.senders;
}

/**
 * Requests a second of all senders together.
 * @param latencyMs from a request to its answer
 */
export function rateOf(pace: Pace, latencyMs: number): number {
  return pace.kind === 'open' ? pace.rate : (pace.senders * 1000) / turnMs(pace, latencyMs);
}

/**
 * How much of a turn is behind all senders together when they begin: the time after an answer comes last, and is not
 * waited for before the first request.
 */
export function headStart(pace: Pace, latencyMs: number): number {
  if (pace.kind === 'open') return 0;
  if (pace.afterMs === Number.POSITIVE_INFINITY) return pace.senders;
  return (pace.senders * pace.afterMs) / turnMs(pace, latencyMs);
}

function turnMs(
  { everyMs, beforeMs, afterMs }: Extract<Pace, { kind: 'closed' }>,
  latencyMs: number,
): number {
  return Math.max(everyMs, beforeMs + latencyMs + afterMs);
}
