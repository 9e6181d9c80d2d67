import { Secret } from '@pulumi/policy';
import { kindOf } from './kubernetes-resource';
import type { CheckedResource } from './rule';

/** Fields of a Secret that hold what it is there for. */
const FIELDS = ['data', 'stringData'] as const;

/** See {@link encryptSecretData}. */
export const ENCRYPT_SECRET_DATA = {
  name: 'secret-data-is-encrypted-in-the-state',
  description: 'The content of Secrets is a secret of Pulumi, so that its state has it encrypted.',
} as const;

/**
 * Makes the content of a Secret a secret of Pulumi. A policy cannot see whether it was one already, so it is not asked.
 * @returns the inputs, where they were changed
 */
export function encryptSecretData(
  resource: CheckedResource & { readonly props: Record<string, unknown> },
): Record<string, unknown> | undefined {
  if (kindOf(resource) !== 'core/Secret') return undefined;
  const { props } = resource;
  const present = FIELDS.filter((key) => props[key] !== undefined && props[key] !== null);
  for (const key of present) {
    const content = props[key];
    // What is there may be a secret, and what is written over one becomes a secret within a secret.
    delete props[key];
    props[key] = new Secret(content);
  }
  return present.length > 0 ? props : undefined;
}
