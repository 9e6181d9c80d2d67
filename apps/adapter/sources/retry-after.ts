import type { IncomingHttpHeaders } from 'node:http';

/** What Retry-After asks for, in milliseconds: seconds, or a date (RFC 9110, 10.2.3); undefined for anything else. */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
