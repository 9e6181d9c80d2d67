import { entries, field } from './fields';
import type { CheckedResource, Rule } from './rule';

/** Types of AWS and Azure that can have tags and that clusters are made of, without versions of APIs. */
const TAGGABLE = new Set([
  ...[
    'ec2/vpc:Vpc',
    'ec2/subnet:Subnet',
    'ec2/internetGateway:InternetGateway',
    'ec2/natGateway:NatGateway',
    'ec2/eip:Eip',
    'ec2/routeTable:RouteTable',
    'ec2/securityGroup:SecurityGroup',
    'ec2/launchTemplate:LaunchTemplate',
    'eks/cluster:Cluster',
    'eks/nodeGroup:NodeGroup',
    'eks/fargateProfile:FargateProfile',
    'eks/addon:Addon',
    'eks/accessEntry:AccessEntry',
    'iam/role:Role',
    'iam/policy:Policy',
    'iam/openIdConnectProvider:OpenIdConnectProvider',
    'ecr/repository:Repository',
    'cloudwatch/logGroup:LogGroup',
    'kms/key:Key',
  ].map((type) => `aws:${type}`),
  ...[
    'resources:ResourceGroup',
    'managedidentity:UserAssignedIdentity',
    'containerservice:ManagedCluster',
    'containerservice:AgentPool',
    'containerregistry:Registry',
    'monitor:AzureMonitorWorkspace',
    'monitor:DataCollectionEndpoint',
    'monitor:DataCollectionRule',
  ].map((type) => `azure-native:${type}`),
]);

/** What the rule of tags wants. */
export interface TagConfig {
  readonly required: readonly string[];
}

/** Whose a resource in the cloud is can be seen there. */
export const tags: Rule<TagConfig> = {
  name: 'cloud-resources-have-tags',
  description:
    'Resources of AWS and Azure that can have tags say which stack they belong to, and what made them.',
  defaults: { required: ['plimsoll:stack', 'plimsoll:managed-by'] },
  check(resource, { required }) {
    const { type, name, props } = resource;
    const cloud = /^(aws|azure-native):/.test(type);
    // Other types are looked at where their program gives them tags: that not all can have some is not told here.
    if (!cloud || !(TAGGABLE.has(withoutVersion(type)) || props['tags'] !== undefined)) return [];
    const there = tagKeys(resource);
    const missing = required.filter((key) => !there.has(key));
    if (missing.length === 0) return [];
    return [
      `${type} ${name} lacks the ${missing.length === 1 ? 'tag' : 'tags'} ${missing.join(', ')}: set ${missing.length === 1 ? 'it' : 'them'} in tags${type.startsWith('aws:') ? ", or in its provider's defaultTags" : ''}`,
    ];
  },
};

/** `azure-native:containerservice/v20250101:Cluster` names a version of the API. */
function withoutVersion(type: string): string {
  return type.replace(/^(azure-native:\w+)\/v\w+:/, '$1:');
}

/** Keys of tags, whether they come from the resource or from its provider, of AWS, which the engine merges by itself. */
function tagKeys({ props, provider }: CheckedResource): ReadonlySet<string> {
  const defaults = parsed(provider?.props['defaultTags']);
  return new Set(
    [props['tags'], props['tagsAll'], field(defaults, 'tags')].flatMap((found) =>
      entries(found).map(([key]) => key),
    ),
  );
}

/** Providers get nested configuration as JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
