import { LogGroup } from '@pulumi/aws/cloudwatch';
import * as iam from '@pulumi/aws/iam';
import * as eks from '@pulumi/eks';
import * as pulumi from '@pulumi/pulumi';
import type { Network } from './network';
import type { Place } from './place';
import { serviceRole } from './roles';
import type { EksSettings } from './settings';

/** A control plane, whoever made it. */
export interface ControlPlane {
  /** Known when the cluster is there. */
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** Certificate of its authority: PEM in Base64. */
  readonly authority: pulumi.Output<string>;
  /** `https://…` of its tokens for service accounts. */
  readonly issuer: pulumi.Output<string>;
}

/** A control plane that was made here. */
export interface NewControlPlane extends ControlPlane {
  readonly resource: eks.Cluster;
}

/**
 * The control plane alone, with no nodes and no add-ons. Its one security group is EKS' own, which managed nodes and
 * pods on Fargate are in as well, so that they reach each other.
 *
 * Who makes it administers it; access is by access entries only.
 * @param version `1.35`
 */
export function newControlPlane(
  place: Place,
  network: Network,
  version: string,
  settings: EksSettings,
): NewControlPlane {
  const { name, aws } = place;
  const { publicAccessCidrs, profile, extendedSupport } = settings;
  const open = publicAccessCidrs.length > 0;
  const resource = new eks.Cluster(
    name,
    {
      name,
      version,
      upgradePolicy: { supportType: extendedSupport ? 'EXTENDED' : 'STANDARD' },
      vpcId: network.vpcId,
      privateSubnetIds: [...network.privateSubnetIds],
      serviceRole: clusterRole(place),
      authenticationMode: eks.AuthenticationMode.Api,
      endpointPrivateAccess: true,
      endpointPublicAccess: open,
      ...(open ? { publicAccessCidrs: [...publicAccessCidrs] } : {}),
      enabledClusterLogTypes: logTypes(place, settings),
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      createInstanceRole: false,
      // Add-ons are resources of their own: CoreDNS needs nodes, and nodes need the network.
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false },
      corednsAddonOptions: { enabled: false },
      // Without it, the profile of whoever runs Pulumi would be in its kubeconfig.
      providerCredentialOpts: profile === undefined ? {} : { profileName: profile },
    },
    { parent: aws.parent, providers: [aws.provider] },
  );
  return { resource, ...partsOf(resource) };
}

/** What others need of the resource that is inside of the component. */
function partsOf({ eksCluster }: eks.Cluster): ControlPlane {
  return {
    name: eksCluster.apply((made) => made.name),
    arn: eksCluster.apply((made) => made.arn),
    endpoint: eksCluster.apply((made) => made.endpoint),
    authority: eksCluster.apply((made) => made.certificateAuthority).apply(({ data }) => data),
    issuer: eksCluster.apply((made) => made.identities).apply((identities) => issuerOf(identities)),
  };
}

/** The issuer among what EKS says of a cluster's identities; empty if it has none. */
export function issuerOf(
  identities: readonly { readonly oidcs?: readonly { readonly issuer?: string }[] }[],
): string {
  return identities[0]?.oidcs?.[0]?.issuer ?? '';
}

/**
 * The role of the control plane. It is given on with its rights, as the cluster inside of the component has no other
 * dependencies than its inputs, and could not clean up without them.
 */
function clusterRole(place: Place): pulumi.Output<iam.Role> {
  const { role, rights } = serviceRole(place, {
    purpose: 'cluster',
    service: 'eks.amazonaws.com',
    actions: ['sts:AssumeRole', 'sts:TagSession'],
    policies: ['AmazonEKSClusterPolicy'],
  });
  return pulumi.all(rights.map(({ id }) => id)).apply(() => role);
}

/** The logs that are wanted. EKS would make their group without end and leave it behind, so it is made first. */
function logTypes({ name, aws }: Place, settings: EksSettings): pulumi.Input<string[]> {
  const { controlPlaneLogs, logRetentionDays } = settings;
  if (controlPlaneLogs.length === 0) return [];
  const group = new LogGroup(
    `${name}-logs`,
    { name: `/aws/eks/${name}/cluster`, retentionInDays: logRetentionDays },
    aws,
  );
  return group.id.apply(() => [...controlPlaneLogs]);
}

/** Lets roles of IAM be given to service accounts of the cluster. */
export function identityProvider({ name, aws }: Place, { issuer }: ControlPlane): iam.OpenIdConnectProvider {
  return new iam.OpenIdConnectProvider(
    `${name}-service-accounts`,
    { url: issuer, clientIdLists: ['sts.amazonaws.com'] },
    aws,
  );
}
