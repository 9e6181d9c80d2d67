import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import { type Poster } from './poster';

/** The API server, and how patient one is with it. */
export interface PatientPoster {
  readonly poster: Poster;
  /** Waits so many milliseconds, or rejects when the signal says that it is enough. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Waits for real. */
export const realPause: PatientPoster['pause'] = (ms, signal) => delay(ms, undefined, { signal });

/** `DefaultAuthWebhookRetryBackoff` of `pkg/server/options` in k8s.io/apiserver. */
const BACKOFF = { firstMs: 500, factor: 1.5, jitter: 0.2, attempts: 5 };
/** For all attempts together. */
const TOTAL_MS = 10_000;

/** An answer that is not 200 or 201, as the client of the Kubernetes API throws it. */
const refusal = z.object({ code: z.number(), retryAfterMs: z.number().optional() });

/**
 * Posts, and tries again after failures that may pass.
 * @param signal ends it when nobody wants to know the answer any more
 * @returns the answer's JSON, or why there is none
 */
export async function patientPost(
  { poster, pause, random }: PatientPoster,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<{ readonly answer: unknown } | { readonly cause: string }> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]);
  let waitMs = BACKOFF.firstMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { answer: await poster.post(path, body, TOTAL_MS, end) };
    } catch (error) {
      const cause = `${path}: ${messageOf(error)}`;
      const { code = 0, retryAfterMs = 0 } = refusal.safeParse(error).data ?? {};
      // What the server refuses for good it will refuse again; all else may be a server that restarts.
      const forGood = code >= 400 && code < 500 && code !== 429 && retryAfterMs === 0;
      if (attempt >= BACKOFF.attempts || end.aborted || forGood) return { cause };
      try {
        await pause(Math.max(retryAfterMs, waitMs * (1 + BACKOFF.jitter * random())), end);
      } catch {
        return { cause };
      }
      waitMs *= BACKOFF.factor;
    }
  }
}
