import { PolicyPack, type PolicyConfigSchema, type ResourceValidationPolicy } from '@pulumi/policy';
import {
  apiEndpoint,
  ENCRYPT_SECRET_DATA,
  encryptSecretData,
  plainSecrets,
  rbac,
  services,
  tags,
  type Rule,
} from './rules';

/**
 * What is put into a cloud or a cluster by Pulumi keeps these rules: `pulumi preview --policy-pack constructs/clusters/policies`,
 * with `--policy-pack-config FILE` for other values than the defaults.
 *
 * Policies see single resources. They do not see objects that a Helm chart makes, nor what a component of another
 * language is made of before that is registered; and in a preview they say so where a value is not known yet.
 */
new PolicyPack('plimsoll', {
  description: 'Rules for clusters and what is in them.',
  enforcementLevel: 'mandatory',
  policies: [
    validating(apiEndpoint),
    validating(services, { allowNodePorts: { type: 'boolean' } }),
    validating(rbac, { everyVerb: listOfTexts() }),
    validating(plainSecrets),
    {
      ...ENCRYPT_SECRET_DATA,
      enforcementLevel: 'remediate',
      remediateResource: (resource) => encryptSecretData(resource),
    },
    validating(tags, { required: listOfTexts() }),
  ],
});

/** A rule as a policy; its configuration is that of the pack on top of the defaults. */
function validating<Config extends object>(
  { name, description, defaults, check }: Rule<Config>,
  properties?: PolicyConfigSchema['properties'],
): ResourceValidationPolicy {
  return {
    name,
    description,
    ...(properties === undefined ? {} : { configSchema: { properties } }),
    validateResource(args, reportViolation) {
      const config = { ...defaults, ...args.getConfig<Partial<Config>>() };
      for (const problem of check(args, config)) reportViolation(problem);
    },
  };
}

function listOfTexts(): PolicyConfigSchema['properties'][string] {
  return { type: 'array', items: { type: 'string' } };
}
