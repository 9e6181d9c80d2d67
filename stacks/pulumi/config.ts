import type { z } from 'zod';
import { isSecretSetting } from '../../constructs/clusters/setting-fields';
import { didYouMean } from '../../core/did-you-mean';
import { UsageError } from '../../core/errors';
import { complaint } from '../../core/kube/object';
import type { Stack, StackDefinition } from '../../core/model';
import { findStack } from '..';
import { readAs } from '../options';
import { settingsFor } from './settings';

/** A value of the configuration as Pulumi hands it over. */
export interface ConfigValue {
  readonly text: string;
  /** Whether it is encrypted in the configuration file. */
  readonly secret: boolean;
}

/** The values of the project's own namespace, by key without `plimsoll:`. */
export type ConfigValues = ReadonlyMap<string, ConfigValue>;

/** What a program is to bring about, read from its configuration. */
export interface ProgramConfig {
  readonly definition: StackDefinition;
  readonly stack: Stack;
  /** Host and path of a registry that is there; empty for none. */
  readonly registry: string;
  /** Reads settings of one kind. @throws UsageError naming the key */
  readonly read: <Schema extends z.ZodObject>(schema: Schema) => z.infer<Schema>;
}

/** The key that names the described stack, where Pulumi's stack has another name. */
const STACK_KEY = 'stack';

/**
 * Reads the configuration of a Pulumi stack: the options of the stack that it is named after, or that `plimsoll:stack`
 * names; settings are read by whoever needs them.
 * @throws UsageError naming the key; secret values are never part of a message
 */
export function readConfig(pulumiStack: string, values: ConfigValues): ProgramConfig {
  const definition = findDefinition(pulumiStack, values.get(STACK_KEY)?.text);
  const optionShape = definition.options.shape;
  const options = valid(definition.options, pick(values, optionShape), optionShape);
  const stack = definition.define(options);
  const settings = settingsFor(stack.cluster.provider).flatMap(({ shape }) => Object.keys(shape));
  refuseUnknown(values, definition.name, [STACK_KEY, ...Object.keys(optionShape), ...settings]);
  const { registry } = options;
  return {
    definition,
    stack,
    registry: typeof registry === 'string' ? registry : '',
    read: (schema) => valid(schema, pick(values, schema.shape), schema.shape),
  };
}

function findDefinition(pulumiStack: string, named: string | undefined): StackDefinition {
  try {
    return findStack(named ?? pulumiStack);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const where =
      named === undefined ? `the Pulumi stack has no described stack of its name` : 'plimsoll:stack';
    throw new UsageError(`${where}: ${error.message}; name one with "pulumi config set stack NAME"`, {
      cause: error,
    });
  }
}

function refuseUnknown(values: ConfigValues, stack: string, known: readonly string[]): void {
  const strange = [...values.keys()].find((key) => !known.includes(key));
  if (strange === undefined) return;
  throw new UsageError(
    `plimsoll:${strange}: stack ${stack} has no such setting, as Pulumi.${stack}.example.yaml lists them` +
      didYouMean(strange, known),
  );
}

/** The readings of those keys that are set and the shape has. */
function pick(values: ConfigValues, shape: z.core.$ZodShape): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, schema]) => {
      const value = values.get(key);
      if (value === undefined) return [];
      if (isSecretSetting(schema) && !value.secret) {
        throw new UsageError(
          `plimsoll:${key} must be a secret, and stands in the configuration in plain text: ` +
            `take it out of use, then "pulumi config set --secret ${key}"`,
        );
      }
      const { reading, problem } = readAs(schema, value.text);
      if (problem !== undefined) throw new UsageError(`plimsoll:${key}: ${problem}`);
      return [[key, reading]];
    }),
  );
}

function valid<Schema extends z.ZodObject>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
  shape: z.core.$ZodShape,
): z.infer<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const [key = ''] = issue.path;
    const rest = issue.path.slice(1).map(String);
    const name = Object.hasOwn(shape, String(key))
      ? `plimsoll:${[String(key), ...rest].join('.')}`
      : 'configuration';
    return `${name}: ${complaint(issue)}`;
  });
  throw new UsageError(problems.join('; '));
}
