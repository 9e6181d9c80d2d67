import { z } from 'zod';
import { UsageError } from '../../core/errors';
import { issueText } from '../../core/kube/object';

/** An option that may be given several times. */
export const repeatable = z.array(z.string()).default([]);
/** Options that several commands have, as commander gives them. */
export const stackOptions = { set: repeatable };
export const manifestOptions = { manifests: repeatable, scenario: z.string().optional() };
export const outputOption = { output: z.string().min(1, 'name a folder') };
export const jsonOption = { json: z.boolean().default(false) };

/** @throws UsageError naming the option that has no sensible value */
export function readOptions<S extends z.ZodType>(schema: S, options: unknown): z.infer<S> {
  const result = schema.safeParse(options);
  if (!result.success) throw new UsageError(`--${asWritten(issueText(result.error))}`);
  return result.data;
}

/** The name at the beginning as it stands on the command line: `labelPrefix` is `--label-prefix`. */
function asWritten(text: string): string {
  return text.replace(/^\w+/, (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}
