import type { Reply } from '../control-plane/https-client';

/** An answer of which the body was read. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  /** JSON, or the text that is none. */
  readonly body: unknown;
}

/** Where two answers differ, and what each side has there. */
export interface Difference {
  /** Path in the body, or {@link WHOLE} if all of it is another one. */
  readonly where: string;
  readonly upstream: unknown;
  readonly candidate: unknown;
}

/** Both sides of a {@link Difference} here are an {@link Answered}. */
export const WHOLE = 'answer';

/** Between two answers to one question; the query of either may have been made for a question shortly before. */
const MOMENT_MS = 15_000;
/** Lists without an order: prometheus-adapter goes through maps. */
const UNORDERED = new Set(['resources', 'groups', 'containers']);

/** Reads an answer; without the ports, by which servers on one machine differ. */
export function answered({ status, type, text }: Reply): Answered {
  try {
    const body: unknown = JSON.parse(text.replace(/("serverAddress":\s*)"[^"]*"/g, '$1""'));
    return { status, type, body };
  } catch {
    return { status, type, body: text };
  }
}

/**
 * All differences of two answers, but for times of the same moment. Answers of different status, type or kind differ as
 * a whole.
 */
export function differences(upstream: Answered, candidate: Answered): Difference[] {
  if (headOf(upstream) !== headOf(candidate)) return [{ where: WHOLE, upstream, candidate }];
  const found: Difference[] = [];
  compareValues('', upstream.body, candidate.body, found);
  return found;
}

/** Status, content type and kind: if they differ, nothing else can be compared. */
function headOf({ status, type, body }: Answered): string {
  return JSON.stringify([status, type, kindOf(body)]);
}

/** `kind` of an object of the API. */
export function kindOf(body: unknown): unknown {
  return isRecord(body) ? body['kind'] : undefined;
}

function compareValues(where: string, upstream: unknown, candidate: unknown, found: Difference[]): void {
  if (Array.isArray(upstream) && Array.isArray(candidate)) {
    const key = where.slice(where.lastIndexOf('.') + 1);
    const [theirs, ours] = UNORDERED.has(key) ? [sorted(upstream), sorted(candidate)] : [upstream, candidate];
    if (theirs.length !== ours.length) found.push({ where, upstream: theirs, candidate: ours });
    else theirs.forEach((value, index) => compareValues(`${where}[]`, value, ours[index], found));
    return;
  }
  if (isRecord(upstream) && isRecord(candidate)) {
    for (const key of new Set([...Object.keys(upstream), ...Object.keys(candidate)])) {
      compareValues(where === '' ? key : `${where}.${key}`, upstream[key], candidate[key], found);
    }
    return;
  }
  if (isTime(where) && Math.abs(timeOf(upstream) - timeOf(candidate)) <= MOMENT_MS) return;
  if (upstream !== candidate) found.push({ where: where === '' ? 'text' : where, upstream, candidate });
}

/** Whether a place in an answer holds a time. */
export function isTime(where: string): boolean {
  return /(^|[.\]])(timestamp|creationTimestamp)$/.test(where);
}

/** Milliseconds; NaN for what is no time. */
export function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  return [...values].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf(value: unknown): string {
  return isRecord(value) && typeof value['name'] === 'string' ? value['name'] : JSON.stringify(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
