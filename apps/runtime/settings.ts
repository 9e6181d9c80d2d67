import { z } from 'zod';
import { UsageError } from '../../core/errors';
import { parseGoDuration } from '../../core/kube/duration';

/** Environment variables as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the environment. A variable that is empty counts as not set.
 * @param schema an object whose keys are names of environment variables
 * @throws UsageError with one line per variable that is wrong: its value, and what is allowed
 */
export function readSettings<Settings>(schema: z.ZodType<Settings>, environment: Environment): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  throw new UsageError(result.error.issues.map((issue) => problem(issue, environment)).join('\n'));
}

function problem({ path, message }: z.core.$ZodIssue, environment: Environment): string {
  const name = String(path[0] ?? '');
  const value = environment[name];
  const given =
    value === undefined || value === '' ? `${name} is not set` : `${name}=${JSON.stringify(value)}`;
  return `${given}: ${message}`;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d+$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(least, error).max(most, error));
}

/** A duration of at most so many milliseconds, written as Go writes them: `500ms`, `1m30s`. In milliseconds. */
export function durationMs(mostMs: number) {
  return z.string().transform((text, context) => {
    const ms = parsedDuration(text);
    if (ms >= 0 && ms <= mostMs) return ms;
    context.addIssue(`must be a duration like 500ms, 10s or 1m30s, from 0s to ${mostMs / 1000}s`);
    return z.NEVER;
  });
}

function parsedDuration(text: string): number {
  try {
    return parseGoDuration(text);
  } catch {
    return Number.NaN;
  }
}

/** One of these words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be one of: ${words.join(', ')}` });
}
