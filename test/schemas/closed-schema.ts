import { z } from 'zod';

/** A JSON schema node, as far as closing it needs to look. */
const node = z.record(z.string(), z.unknown());
type Node = z.infer<typeof node>;

/** Branches of these refine the schema they stand in; the properties that exist are listed outside. */
const JUNCTORS: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'not'];

/**
 * Makes a Kubernetes OpenAPI schema strict: an object with listed properties takes no others, as the API server does
 * with `fieldValidation=Strict`; a quantity or int-or-string may be a number or a string.
 */
export function closed(schema: unknown, refining = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => closed(item, refining));
  const parsed = node.safeParse(schema);
  if (!parsed.success) return schema;
  const entries = Object.entries(parsed.data).map(([key, value]): [string, unknown] => [
    key,
    key === 'properties'
      ? mapValues(value, (item) => closed(item, refining))
      : closed(value, refining || JUNCTORS.includes(key)),
  ]);
  const result: Node = Object.fromEntries(entries);
  if (result['x-kubernetes-int-or-string'] === true || result['format'] === 'int-or-string') {
    return { type: ['integer', 'string'] };
  }
  const open = result['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in result;
  if ('properties' in result && !open && !refining) result['additionalProperties'] = false;
  // Go writes the class of one-letter Unicode categories without braces.
  if (typeof result['pattern'] === 'string') {
    result['pattern'] = result['pattern'].replaceAll('\\PC', '\\P{C}');
  }
  // Go's named formats and the defaults of referenced types are not for this validator.
  delete result['format'];
  delete result['default'];
  return result;
}

function mapValues(value: unknown, change: (item: unknown) => unknown): unknown {
  const parsed = node.safeParse(value);
  return parsed.success
    ? Object.fromEntries(Object.entries(parsed.data).map(([key, item]) => [key, change(item)]))
    : value;
}
