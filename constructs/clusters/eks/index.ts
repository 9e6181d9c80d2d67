import * as pulumi from '@pulumi/pulumi';
import { UsageError } from '../../../core/errors';
import { minorVersion, type ClusterDescriptor } from '../../../core/model';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import { admit } from './access';
import { addOn } from './addons';
import { platformsOf } from './architecture';
import { identityProvider, newControlPlane, type ControlPlane } from './cluster';
import { existingControlPlane } from './existing';
import { CORE_DNS_PROFILE, fargateProfiles, selectorsByProfile } from './fargate';
import { connectCommand, kubeconfigOf } from './kubeconfig';
import { networkOf } from './network';
import { nodeGroup } from './node-group';
import { placeOf, type Place } from './place';
import { existingRegistry, newRegistry } from './registry';
import type { EksSettings } from './settings';

export { eksSettings } from './settings';

type Input = ClusterInput<EksSettings>;
type Selectors = ReturnType<typeof selectorsByProfile>;

/**
 * An EKS cluster with EC2 nodes and Fargate profiles, as its description says; or one that is there already.
 * @throws UsageError where EKS cannot be as it is described
 */
export function makeEks(input: Input): RunningCluster {
  return new Eks(input).running;
}

/** Everything of one cluster, in the tree of resources. */
class Eks extends pulumi.ComponentResource {
  readonly running: RunningCluster;

  constructor(input: Input) {
    const { cluster, settings, tags } = input;
    checkDescription(cluster);
    const profiles = profilesOf(cluster, settings);
    super('plimsoll:clusters:Eks', cluster.name);
    const place = placeOf(this, cluster.name, settings, tags);
    const make = settings.existingCluster ? existingCluster : newCluster;
    this.running = make(place, input, profiles);
    this.registerOutputs({});
  }
}

/** What EKS has no choice of, and needs. */
function checkDescription({ name, cni, kubeProxy, nodes }: ClusterDescriptor): void {
  if (cni !== 'other' || !kubeProxy) {
    throw new UsageError(
      `cluster ${name}: EKS is made with the VPC CNI and kube-proxy, so its description needs cni other and kubeProxy true`,
    );
  }
  if (!nodes.some(({ role }) => role === 'worker')) {
    throw new UsageError(
      `cluster ${name}: EKS needs EC2 nodes for what Fargate does not run; describe workers`,
    );
  }
}

function newCluster(place: Place, input: Input, selectors: Selectors): RunningCluster {
  const { cluster, settings, tags } = input;
  const kubernetesVersion = minorVersion(cluster.kubernetes);
  const network = networkOf(place, settings);
  const controlPlane = newControlPlane(place, network, kubernetesVersion, settings);
  admit(place, controlPlane, settings.adminPrincipalArns);
  const addOns = { controlPlane, kubernetesVersion };
  const nodes = nodeGroup(place, {
    controlPlane,
    network,
    settings,
    count: workers(cluster),
    version: kubernetesVersion,
    tags,
    after: [
      addOn(place, 'vpc-cni', {
        ...addOns,
        version: settings.vpcCniVersion,
        configuration: cluster.networkPolicyEnforced ? { enableNetworkPolicy: 'true' } : undefined,
      }),
      addOn(place, 'kube-proxy', { ...addOns, version: settings.kubeProxyVersion }),
    ],
  });
  const profiles = fargateProfiles(place, {
    controlPlane,
    network,
    selectors,
    roleArn: settings.podExecutionRoleArn,
  });
  const coreDns = addOn(place, 'coredns', {
    ...addOns,
    version: settings.coreDnsVersion,
    configuration: settings.coreDnsOnFargate ? { computeType: 'Fargate' } : undefined,
    after: [nodes, ...profiles],
  });
  const identities = identityProvider(place, controlPlane);
  return {
    ...reached(place, input, controlPlane, { oidcProviderArn: identities.arn }),
    // It comes after the nodes and the profiles.
    ready: [coreDns],
    goesWith: controlPlane.resource,
  };
}

function existingCluster(place: Place, input: Input, selectors: Selectors): RunningCluster {
  const { cluster, settings } = input;
  const { createFargateProfiles, privateSubnetIds, podExecutionRoleArn } = settings;
  const controlPlane = existingControlPlane(place, cluster.kubernetes);
  const profiles = createFargateProfiles
    ? fargateProfiles(place, {
        controlPlane,
        network: { privateSubnetIds, routes: [] },
        selectors,
        roleArn: podExecutionRoleArn,
      })
    : [];
  return { ...reached(place, input, controlPlane, {}), ready: profiles };
}

/** How the cluster is reached, and how images get into it, whoever made it. */
function reached(
  place: Place,
  { cluster, settings, images, registry }: Input,
  controlPlane: ControlPlane,
  more: RunningCluster['outputs'],
): Omit<RunningCluster, 'ready'> {
  const platforms = platformsOf(cluster, settings.instanceType);
  const target =
    registry === '' ? newRegistry(place, images, platforms) : existingRegistry(place, registry, platforms);
  return {
    kubeconfig: kubeconfigOf(controlPlane, settings),
    context: place.name,
    identity: `eks ${settings.region} ${place.name}`,
    images: target,
    connect: connectCommand(place, settings),
    outputs: {
      region: place.region,
      clusterName: controlPlane.name,
      clusterEndpoint: controlPlane.endpoint,
      oidcIssuer: controlPlane.issuer,
      ...more,
      ...(images.length > 0 && registry === '' ? { repositories: target.repositories } : {}),
    },
  };
}

function profilesOf({ fargate }: ClusterDescriptor, { coreDnsOnFargate }: EksSettings): Selectors {
  return selectorsByProfile([...(fargate?.profiles ?? []), ...(coreDnsOnFargate ? [CORE_DNS_PROFILE] : [])]);
}

/** How many EC2 nodes there are; they are all of one type. */
function workers({ nodes }: ClusterDescriptor): number {
  return nodes.reduce((total, { role, count }) => (role === 'worker' ? total + count : total), 0);
}
