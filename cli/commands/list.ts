import { z } from 'zod';
import type { StackDefinition } from '../../core/model';
import { stacks } from '../../stacks';
import type { Io } from '../io';
import { jsonOption, readOptions } from './read-options';

const listOptions = z.object(jsonOption);

const optionSchema = z.object({
  description: z.string().default(''),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
});

/** `plimsoll list` */
export function list(_argument: string | undefined, options: unknown, { stdout }: Io): number {
  const { json } = readOptions(listOptions, options);
  const entries = stacks.map(describe);
  stdout.write(json ? `${JSON.stringify(entries, undefined, 2)}\n` : entries.map(textOf).join('\n'));
  return 0;
}

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly default: string | number | boolean | undefined;
    readonly description: string;
    /** The only values there are, if they are counted. */
    readonly values?: readonly string[] | undefined;
  }[];
}

function describe({ name, summary, options }: StackDefinition): Entry {
  const { properties = {} } = z.toJSONSchema(options, { io: 'input' });
  return {
    name,
    summary,
    options: Object.entries(properties).map(([key, property]) => {
      const { description, default: standard, enum: values } = optionSchema.parse(property);
      return { name: key, default: standard, description, values };
    }),
  };
}

function textOf({ name, summary, options }: Entry): string {
  const names = Math.max(...options.map((option) => option.name.length));
  const defaults = Math.max(...options.map((option) => String(option.default ?? '').length));
  const lines = options.map((option) => {
    const values = option.values ? ` (${option.values.join(', ')})` : '';
    const standard = String(option.default ?? '').padEnd(defaults);
    return `  ${option.name.padEnd(names)}  ${standard}  ${option.description}${values}`.trimEnd();
  });
  return [`${name}: ${summary}`, ...lines, ''].join('\n');
}
