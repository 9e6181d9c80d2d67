import * as pulumi from '@pulumi/pulumi';

/** What stands in plain values for something that is not known before an update. */
export const UNKNOWN = '<unknown>';

/** A value without the wrappers of Pulumi's protocol, and where in it there was one. */
export interface PlainValue {
  /** JSON; an unknown is {@link UNKNOWN}, a resource its URN, an asset its fields. */
  readonly value: unknown;
  /** Paths of secrets, such as `kubeconfig` or `spec.template.env[0].value`; empty for the whole value. */
  readonly secrets: readonly string[];
  /** Paths of what is not known. */
  readonly unknowns: readonly string[];
}

const { specialSigKey, specialSecretSig, specialResourceSig, unknownValue } = pulumi.runtime;

/** Takes the wrappers off a value as Pulumi's protocol has it, before or after it was deserialized. */
export function plainValue(wrapped: unknown): PlainValue {
  const secrets: string[] = [];
  const unknowns: string[] = [];
  return { value: unwrap(wrapped, ''), secrets, unknowns };

  function unwrap(value: unknown, path: string): unknown {
    if (value === unknownValue || pulumi.isUnknown(value)) {
      unknowns.push(path);
      return UNKNOWN;
    }
    if (Array.isArray(value)) return value.map((item: unknown, index) => unwrap(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const fields = new Map<string, unknown>(Object.entries(value));
    const signature = fields.get(specialSigKey);
    if (signature === specialSecretSig) {
      secrets.push(path);
      return unwrap(fields.get('value'), path);
    }
    if (signature === specialResourceSig) return fields.get('urn');
    fields.delete(specialSigKey);
    return Object.fromEntries(
      [...fields].map(([key, item]) => [key, unwrap(item, path === '' ? key : `${path}.${key}`)]),
    );
  }
}

/** What an Output, or anything that may hold some, comes to. */
export interface ReadValue extends PlainValue {
  /** Whether any of it is a secret. */
  readonly secret: boolean;
  /** Whether all of it is known. */
  readonly known: boolean;
}

/** Waits for an Output, or for anything that may hold some. A preview's unknowns do not make it wait for ever. */
export async function readOutput(input: unknown): Promise<ReadValue> {
  const wrapped: unknown = await pulumi.runtime.serializeProperty('read', input);
  const plain = plainValue(wrapped);
  return { ...plain, secret: plain.secrets.length > 0, known: plain.unknowns.length === 0 };
}
