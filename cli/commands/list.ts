import { z } from 'zod';
import type { StackDefinition } from '../../core/model';
import { stacks } from '../../stacks';
import { hang } from '../../report';
import { styleOf, type Io } from '../io';
import { jsonOption, readOptions } from './read-options';

const listOptions = z.object(jsonOption);

const optionSchema = z.object({
  description: z.string().default(''),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
});

/** `plimsoll list` */
export function list(_argument: string | undefined, options: unknown, io: Io): number {
  const { stdout } = io;
  const { json } = readOptions(listOptions, options);
  const entries = stacks.map(describe);
  const { width } = styleOf(stdout, io);
  stdout.write(
    json
      ? `${JSON.stringify(entries, undefined, 2)}\n`
      : entries.map((entry) => textOf(entry, width)).join('\n'),
  );
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

function textOf({ name, summary, options }: Entry, width: number): string {
  const names = Math.max(...options.map((option) => option.name.length));
  const lines = options.map((option) =>
    hang(`  ${option.name.padEnd(names)}  `, `${option.description} (${valuesText(option)})`, width),
  );
  return [`${name}: ${summary}`, ...lines, ''].join('\n');
}

function valuesText({ default: standard, values }: Entry['options'][number]): string {
  const all = values ? `${values.join(' or ')}; ` : '';
  return `${all}${standard === undefined ? 'no default' : `default ${standard}`}`;
}
