import type { Validity } from './issue';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Clocks of replicas and API servers differ: a certificate is good from a little before it was made. */
const SKEW_MS = 5 * MINUTE_MS;

/**
 * Of an authority and of what it signs. An authority lives for a year only: its key lies in a Secret, nothing but the
 * APIServices trusts it, and what happens three times in two years works on the day it matters. When it is replaced,
 * after two thirds, it has longer to live than anything that it signed.
 */
export const LIFETIME_MS = { authority: 365 * DAY_MS, serving: 90 * DAY_MS } as const;

/** Part of its life after which a certificate is replaced, and what chance may add, so that replicas do not race. */
const DUE = { after: 2 / 3, chance: 1 / 20 } as const;

/** From now on for a lifetime. */
export function validFrom(nowMs: number, lifetimeMs: number): Validity {
  return { notBeforeMs: nowMs - SKEW_MS, notAfterMs: nowMs + lifetimeMs };
}

/**
 * When a certificate is to be replaced, in milliseconds since 1970.
 * @param chance from 0 to 1, the same for the life of a process
 */
export function dueMs({ notBeforeMs, notAfterMs }: Validity, chance: number): number {
  return notBeforeMs + (notAfterMs - notBeforeMs) * (DUE.after + DUE.chance * chance);
}
