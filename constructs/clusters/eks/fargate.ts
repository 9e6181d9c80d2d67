import { FargateProfile } from '@pulumi/aws/eks';
import * as pulumi from '@pulumi/pulumi';
import { UsageError } from '../../../core/errors';
import type { ClusterDescriptor } from '../../../core/model';
import type { ControlPlane } from './cluster';
import type { Network } from './network';
import type { Place } from './place';
import { serviceRole } from './roles';

/** What a profile selects pods by: their namespace and labels, with the wildcards `*` and `?`. */
interface Selector {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Selectors of one profile, at most. */
const MOST_SELECTORS = 5;

/** The profile for CoreDNS, where it is to run on Fargate. */
export const CORE_DNS_PROFILE = {
  name: 'coredns',
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
} as const;

/** Entries of a cluster's description, by the profile that they are selectors of. */
export function selectorsByProfile(
  profiles: NonNullable<ClusterDescriptor['fargate']>['profiles'],
): ReadonlyMap<string, readonly Selector[]> {
  const selectors = new Map<string, Selector[]>();
  for (const { name, namespace, labels } of profiles) {
    selectors.set(name, [...(selectors.get(name) ?? []), { namespace, labels }]);
  }
  for (const [name, { length }] of selectors) {
    if (length > MOST_SELECTORS) {
      throw new UsageError(
        `Fargate profile ${name} has ${length} selectors, and EKS takes ${MOST_SELECTORS}: give some to another profile`,
      );
    }
    if (/^eks(-|$)/i.test(name)) {
      throw new UsageError(
        `Fargate profile ${name}: names that begin with eks- belong to EKS, choose another`,
      );
    }
  }
  return selectors;
}

/** What profiles are made from. */
export interface FargateInput {
  readonly controlPlane: Pick<ControlPlane, 'name' | 'arn'>;
  readonly network: Pick<Network, 'privateSubnetIds' | 'routes'>;
  /** By the names of the profiles. */
  readonly selectors: ReadonlyMap<string, readonly Selector[]>;
  /** An existing role by which Fargate pulls images. */
  readonly roleArn: string | undefined;
}

/** One profile for each name. Pods that are there before their profile go to EC2 nodes and stay there. */
export function fargateProfiles(place: Place, input: FargateInput): FargateProfile[] {
  const { controlPlane, network, selectors } = input;
  if (selectors.size === 0) return [];
  const { arn, rights } = podExecution(place, input);
  const { name: cluster, aws } = place;
  return [...selectors].map(
    ([profile, ofProfile]) =>
      new FargateProfile(
        `${cluster}-${profile}`,
        {
          clusterName: controlPlane.name,
          fargateProfileName: profile,
          podExecutionRoleArn: arn,
          subnetIds: [...network.privateSubnetIds],
          selectors: ofProfile.map(({ namespace, labels }) => ({ namespace, labels: { ...labels } })),
        },
        // A profile cannot be changed, and two cannot have one name.
        { ...aws, dependsOn: [...rights, ...network.routes], deleteBeforeReplace: true },
      ),
  );
}

/** The role by which Fargate pulls images; it can be taken for this cluster's profiles alone. */
function podExecution(place: Place, { controlPlane, roleArn }: FargateInput) {
  if (roleArn !== undefined) return { arn: roleArn, rights: [] };
  const profilesArn = controlPlane.arn.apply((arn) => arn.replace(':cluster/', ':fargateprofile/'));
  const { role, rights } = serviceRole(place, {
    purpose: 'fargate',
    service: 'eks-fargate-pods.amazonaws.com',
    policies: ['AmazonEKSFargatePodExecutionRolePolicy'],
    sourceArn: pulumi.interpolate`${profilesArn}/*`,
  });
  return { arn: role.arn, rights };
}
