import { z } from 'zod';

/** A setting that has to be kept secret: in the configuration it must be encrypted (`pulumi config set --secret`). */
export function secretText(what: string) {
  return z.string().min(1, 'must not be empty').meta({ secret: true }).optional().describe(what);
}

/** Whether a setting has to be kept secret. */
export function isSecretSetting(schema: z.core.$ZodType): boolean {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return [schema, inner].some((candidate) => z.globalRegistry.get(candidate)?.['secret'] === true);
}
