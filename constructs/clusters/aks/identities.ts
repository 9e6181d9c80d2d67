import type { RoleAssignment } from '@pulumi/azure-native/authorization';
import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import type { Place } from './place';
import { grant } from './roles';

/** Who a cluster is to Azure. */
export interface Identities {
  /** Of the control plane. */
  readonly controlPlane: UserAssignedIdentity;
  /** Of the kubelets, which pull images: its rights can be there before the first node. */
  readonly kubelet: UserAssignedIdentity;
  /** Lets the control plane give the kubelets their identity; AKS refuses to make a cluster without it. */
  readonly mayAssign: RoleAssignment;
}

/** Identities of its own for a cluster, without keys. */
export function makeIdentities(place: Place, group: ResourceGroup): Identities {
  const identity = (name: string): UserAssignedIdentity =>
    new UserAssignedIdentity(
      `${name}-identity`,
      {
        resourceGroupName: group.name,
        resourceName: `${place.name}-${name}`,
        location: place.location,
        tags: { ...place.tags },
      },
      place.azure,
    );
  const controlPlane = identity('control-plane');
  const kubelet = identity('kubelet');
  const mayAssign = grant(place, 'control-plane-assigns-kubelet', {
    role: 'Managed Identity Operator',
    principalId: controlPlane.principalId,
    principal: 'ServicePrincipal',
    scope: kubelet.id,
  });
  return { controlPlane, kubelet, mayAssign };
}
