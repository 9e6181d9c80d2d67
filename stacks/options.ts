import { z } from 'zod';
import { didYouMean } from '../core/did-you-mean';
import { UsageError } from '../core/errors';
import { complaint, issueText } from '../core/kube/object';
import type { StackDefinition } from '../core/model';

/**
 * Reads `KEY=VALUE` assignments as options of a stack; what is not assigned keeps its default, of a key assigned
 * twice the last value counts.
 * @throws UsageError naming the key, and the known keys if it is not one of them
 */
export function parseOptions<Options extends z.ZodObject>(
  { name, options }: StackDefinition<Options>,
  assignments: readonly string[],
): z.infer<Options> {
  const given = assignments.map((assignment) => readAssignment(assignment, name, options));
  const result = z.safeParse(options, Object.fromEntries(given));
  if (!result.success) throw new UsageError(`options of stack ${name}: ${issueText(result.error)}`);
  return result.data;
}

function readAssignment(assignment: string, stack: string, options: z.ZodObject): [string, unknown] {
  const split = assignment.indexOf('=');
  if (split < 1) throw new UsageError(`"${assignment}" is no option: write KEY=VALUE`);
  const key = assignment.slice(0, split);
  const shape: Readonly<Record<string, z.core.$ZodType>> = options.shape;
  const option = Object.hasOwn(shape, key) ? shape[key] : undefined;
  if (!option) {
    const known = Object.keys(shape);
    throw new UsageError(
      `unknown option "${key}" of stack ${stack}: there is ${known.join(', ')}${didYouMean(key, known)}`,
    );
  }
  return [key, readValue(key, assignment.slice(split + 1), option)];
}

function readValue(key: string, text: string, option: z.core.$ZodType): unknown {
  const { reading, problem } = readAs(option, text);
  if (problem !== undefined) throw new UsageError(`option ${key}=${text}: ${problem}`);
  return reading;
}

/**
 * The first reading of a text that a schema accepts: the text itself, a truth value, a number, or a list or map in JSON.
 * @returns the problem instead, if there is none
 */
export function readAs(
  schema: z.core.$ZodType,
  text: string,
): { readonly reading?: unknown; readonly problem?: string } {
  const results = readings(text).map((reading) => ({ reading, ...z.safeParse(schema, reading) }));
  const accepted = results.find(({ success }) => success);
  if (accepted) return { reading: accepted.reading };
  const issues = results.flatMap(({ error }) => error?.issues ?? []);
  // A reading of the right type says more than one of the wrong type.
  const telling = issues.find(({ code }) => code !== 'invalid_type') ?? issues.at(-1);
  return { problem: telling ? complaint(telling) : 'not accepted' };
}

function readings(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  if (/^\s*[[{]/.test(text)) return [text, ...jsonOf(text)];
  return text.trim() !== '' && Number.isFinite(Number(text)) ? [text, Number(text)] : [text];
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
