import { LaunchTemplate } from '@pulumi/aws/ec2';
import { NodeGroup } from '@pulumi/aws/eks';
import type * as pulumi from '@pulumi/pulumi';
import { isArm } from './architecture';
import type { ControlPlane } from './cluster';
import type { Network } from './network';
import type { Place } from './place';
import { serviceRole } from './roles';
import type { EksSettings } from './settings';

/** What the nodes are made from. */
export interface NodesInput {
  readonly controlPlane: ControlPlane;
  readonly network: Network;
  readonly settings: EksSettings;
  readonly count: number;
  /** `1.35` */
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What nodes need to become ready, and to be drained. */
  readonly after: readonly pulumi.Resource[];
}

/** EC2 nodes that EKS manages, in private subnets and the cluster's own security group. */
export function nodeGroup(place: Place, input: NodesInput): NodeGroup {
  const { controlPlane, network, settings, count, version, after } = input;
  const { name, aws } = place;
  const { instanceType } = settings;
  const { role, rights } = serviceRole(place, {
    purpose: 'nodes',
    service: 'ec2.amazonaws.com',
    policies: ['AmazonEKSWorkerNodePolicy', 'AmazonEKS_CNI_Policy', 'AmazonEC2ContainerRegistryPullOnly'],
  });
  const template = launchTemplate(place, input);
  return new NodeGroup(
    `${name}-nodes`,
    {
      clusterName: controlPlane.name,
      nodeRoleArn: role.arn,
      subnetIds: [...network.privateSubnetIds],
      version,
      amiType: isArm(instanceType) ? 'AL2023_ARM_64_STANDARD' : 'AL2023_x86_64_STANDARD',
      instanceTypes: [instanceType],
      scalingConfig: { minSize: count, desiredSize: count, maxSize: count },
      updateConfig: { maxUnavailable: 1 },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    },
    { ...aws, dependsOn: [...rights, ...network.routes, ...after] },
  );
}

/** An encrypted root volume, and the metadata service for the node itself only: pods cannot take the role of their node. */
function launchTemplate({ name, aws }: Place, { settings, tags }: NodesInput): LaunchTemplate {
  const { volumeSize } = settings;
  const named = { ...tags, Name: `${name}-node` };
  return new LaunchTemplate(
    `${name}-nodes`,
    {
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeSize, volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      // Default tags of the provider do not get as far as the instances.
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: named })),
    },
    aws,
  );
}
