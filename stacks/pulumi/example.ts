import { z } from 'zod';
import { isSecretSetting } from '../../constructs/clusters/setting-fields';
import type { StackDefinition } from '../../core/model';
import { parseOptions } from '../options';
import { settingsFor } from './settings';

const property = z.looseObject({
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
});

/** `Pulumi.NAME.example.yaml`: every setting of a stack with its default, and what it is for. */
export function exampleConfig(definition: StackDefinition): string {
  const { name, options } = definition;
  const { provider } = definition.define(parseOptions(definition, [])).cluster;
  const [cluster, ...others] = settingsFor(provider);
  return [
    `# Every setting of the stack "${name}". Those with a value have it by default: copy what you change to`,
    `# Pulumi.${name}.yaml, or set it with "pulumi config set KEY VALUE". Secrets are set with`,
    '# "pulumi config set --secret KEY" and never stand here in plain text.',
    'config:',
    ...section(`the described stack: plimsoll list says the same`, options),
    ...(cluster === undefined ? [] : section('its cluster', cluster)),
    ...others.flatMap((schema) => section('besides', schema)),
    '',
  ].join('\n');
}

/** Texts in quotes, so that a version stays one. */
function valueText(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

function section(title: string, schema: z.ZodObject): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const entries = Object.entries(properties).flatMap(([key, given]) => {
    const { description, default: standard, enum: values } = property.parse(given);
    const choices = values ? ` (${values.join(', ')})` : '';
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const secret = isSecretSetting(shape[key] ?? z.never());
    return [
      `  # ${description}${choices}`,
      standard === undefined
        ? `  # plimsoll:${key}: ${secret ? '# a secret' : '# not set'}`
        : `  plimsoll:${key}: ${valueText(standard)}`,
    ];
  });
  return [`  # --- ${title}`, ...entries];
}
