import { AccessEntry, AccessPolicyAssociation } from '@pulumi/aws/eks';
import type { ControlPlane } from './cluster';
import type { Place } from './place';

/** Lets IAM roles and users administer the cluster. */
export function admit(
  { name: cluster, arn, aws }: Place,
  { name: clusterName }: ControlPlane,
  principalArns: readonly string[],
): void {
  for (const principalArn of new Set(principalArns)) {
    const name = `${cluster}-admin-${accountAndName(principalArn)}`;
    const entry = new AccessEntry(name, { clusterName, principalArn, type: 'STANDARD' }, aws);
    new AccessPolicyAssociation(
      name,
      {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `${arn}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: 'cluster' },
      },
      { ...aws, dependsOn: [entry] },
    );
  }
}

/** `111122223333/role/ops` of `arn:aws:iam::111122223333:role/ops`. */
function accountAndName(arn: string): string {
  return arn.split(':').slice(4).join('/');
}
