import { makeEks, eksSettings } from '../../../constructs/clusters/eks';
import type { BuiltImage } from '../../../constructs/clusters/image-target';
import type { RunningCluster } from '../../../constructs/clusters/running-cluster';
import type { ClusterDescriptor } from '../../../core/model';
import { clusterOf } from '../../../stacks/eks-fargate/cluster';
import { options } from '../../../stacks/eks-fargate/options';
import {
  recordingMocks,
  type FunctionCall,
  type MadeResource,
  type Recording,
  type Registration,
} from './recording-mocks';

// The first cluster of a file loads the SDK of AWS, which takes seconds where others are busy.
jest.setTimeout(60_000);

export const NAME = 'eks-fargate-hpa';
export const CLUSTER_ARN = `arn:aws:eks:eu-west-1:111122223333:cluster/${NAME}`;
export const ISSUER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B';

export const ADAPTER: BuiltImage = {
  name: 'adapter',
  repository: 'plimsoll/adapter',
  tag: '0.1.0',
  context: '/project',
  dockerfile: 'apps/adapter/Dockerfile',
  arguments: { BASE: 'node@sha256:00' },
};

/** What AWS says of a cluster, in the two forms that its resource and its function have. */
const CLUSTER = {
  name: NAME,
  arn: CLUSTER_ARN,
  endpoint: 'https://0A1B.eks.amazonaws.com',
  version: '1.35',
  identities: [{ oidcs: [{ issuer: ISSUER }] }],
};

/** A cluster and everything that was said of its resources. */
export interface MadeCluster {
  readonly cluster: RunningCluster;
  readonly recording: Recording;
}

/** What differs from the stack and from the least settings. */
export interface EksVariant {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly descriptor?: Partial<ClusterDescriptor>;
  readonly registry?: string;
  readonly images?: readonly BuiltImage[];
  readonly preview?: boolean;
}

/** Makes a cluster that one machine on the internet administers, or whatever differs from that. */
export async function madeCluster(variant: EksVariant = {}): Promise<MadeCluster> {
  const { settings, descriptor, registry = '', images = [ADAPTER], preview = false } = variant;
  const recording = recordingMocks({ newResource: made, call: answer, preview });
  const cluster = makeEks({
    cluster: { ...clusterOf(options.parse({ kubernetes: '1.35.2' })), ...descriptor },
    settings: eksSettings.parse(settings ?? { publicAccessCidrs: ['203.0.113.7/32'] }),
    images,
    registry,
    tags: { stack: 'eks-fargate' },
  });
  await recording.settled();
  return { cluster, recording };

  function made({
    type,
    name,
    inputs,
  }: {
    type: string;
    name: string;
    inputs: Readonly<Record<string, unknown>>;
  }) {
    if (preview) return undefined;
    return { state: outputsOf(type, name, inputs) } satisfies MadeResource;
  }
}

/** Outputs that only AWS knows. */
function outputsOf(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  switch (type) {
    case 'eks:index:Cluster':
      return { eksCluster: { ...CLUSTER, certificateAuthority: { data: 'Q0E=' } } };
    case 'aws:iam/role:Role':
    case 'aws:iam/openIdConnectProvider:OpenIdConnectProvider':
      return { arn: `${name}-arn`, name };
    case 'aws:ec2/launchTemplate:LaunchTemplate':
      return { latestVersion: 3 };
    case 'aws:ecr/repository:Repository':
      return {
        registryId: '111122223333',
        repositoryUrl: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${String(inputs['name'])}`,
      };
    case 'docker-build:index:Image':
      return { ref: `${String([inputs['tags']].flat()[0])}@sha256:beef`, digest: 'sha256:beef' };
    default:
      return {};
  }
}

function answer({ token, inputs }: FunctionCall): Record<string, unknown> {
  switch (token) {
    case 'aws:index/getAvailabilityZones:getAvailabilityZones':
      return { names: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] };
    case 'aws:eks/getAddonVersion:getAddonVersion':
      return { version: `${String(inputs['addonName'])}-newest` };
    case 'aws:ecr/getAuthorizationToken:getAuthorizationToken':
      return {
        proxyEndpoint: 'https://111122223333.dkr.ecr.eu-west-1.amazonaws.com',
        userName: 'AWS',
        password: 'token-of-twelve-hours',
      };
    case 'aws:eks/getCluster:getCluster':
      return { ...CLUSTER, certificateAuthorities: [{ data: 'Q0E=' }] };
    default:
      return {};
  }
}

/** `TYPE NAME` of everything that was registered, sorted; types without package and module. */
export function listing({ registrations }: Recording): string[] {
  return registrations.map(({ type, name }) => `${type.split(':').at(-1) ?? ''} ${name}`).sort();
}

/** `TYPE NAME` of all that a resource depends on, sorted. */
export function dependenciesOf({ dependencies }: Registration): string[] {
  return dependencies.map(({ type, name }) => `${type.split(':').at(-1) ?? ''} ${name}`).sort();
}
