import { RoleAssignment } from '@pulumi/azure-native/authorization';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import type { Place } from './place';

/** IDs of roles that every tenant has: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const ROLES = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  'Azure Kubernetes Service RBAC Cluster Admin': 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
} as const;

/** Who may do what, and with what. */
export interface Grant {
  readonly role: keyof typeof ROLES;
  /** Object ID in Entra. */
  readonly principalId: pulumi.Input<string>;
  /** Saves Azure from looking up one that is not known everywhere yet; managed identities are service principals. */
  readonly principal: 'User' | 'ServicePrincipal';
  /** ID of a resource. */
  readonly scope: pulumi.Input<string>;
}

/**
 * Grants a role. Whoever runs Pulumi needs Owner or Role Based Access Control Administrator on the scope.
 *
 * The name of a role assignment has to be a GUID, and belongs to one principal for ever: another one gets another name.
 */
export function grant(
  { azure, deployer }: Place,
  name: string,
  { role, principalId, principal, scope }: Grant,
): RoleAssignment {
  const roleDefinitionId = pulumi.interpolate`/subscriptions/${deployer.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;
  const guid = new random.RandomUuid(
    `${name}-guid`,
    { keepers: { principalId, role, scope } },
    { parent: azure.parent },
  );
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: guid.result,
      roleDefinitionId,
      principalId,
      principalType: principal,
      scope,
    },
    azure,
  );
}
