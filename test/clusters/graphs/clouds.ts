import {
  type Functions,
  type Properties,
  type Provider,
  type RemoteComponent,
  ResourceReference,
  textOf,
} from '../engine';
import { DIGEST, kubeconfigOf } from './kubeconfig';

const ACCOUNT = '123456789012';

/** Clouds that make what is asked for; what only they know is made up. */
export const clouds: Provider = {
  owns: (type) => /^(aws|azure-native|random):/.test(type),
  create: ({ type, name }, inputs) => ({
    id: `id-of-${name.replaceAll('/', '-')}`,
    outputs: { ...inputs, ...ofAws(type, name, inputs), ...ofAzure(type, inputs) },
  }),
};

function ofAws(type: string, name: string, inputs: Properties): Properties {
  switch (type) {
    case 'aws:eks/cluster:Cluster':
      return {
        arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${name}`,
        endpoint: 'https://0A1B.eks.example',
        certificateAuthority: { data: 'Q0E=' },
        identities: [{ oidcs: [{ issuer: 'https://oidc.eks.example/id/0A1B' }] }],
      };
    case 'aws:iam/role:Role':
    case 'aws:iam/openIdConnectProvider:OpenIdConnectProvider':
      return { arn: `arn:aws:iam::${ACCOUNT}:${name}`, name };
    case 'aws:ec2/launchTemplate:LaunchTemplate':
      return { latestVersion: 3 };
    case 'aws:ecr/repository:Repository': {
      const repository = textOf(inputs['name'], 'name');
      return { registryId: ACCOUNT, repositoryUrl: `${ACCOUNT}.dkr.ecr.eu-west-1.example/${repository}` };
    }
    default:
      return {};
  }
}

function ofAzure(type: string, inputs: Properties): Properties {
  switch (type.split(':').at(-1)) {
    case 'ResourceGroup':
      return { name: inputs['resourceGroupName'] ?? null };
    case 'UserAssignedIdentity': {
      const name = textOf(inputs['resourceName'], 'resourceName');
      return { principalId: `principal of ${name}`, clientId: `client of ${name}` };
    }
    case 'ManagedCluster':
      return {
        name: inputs['resourceName'] ?? null,
        fqdn: 'hpa.example',
        oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer.example/' },
      };
    case 'Registry': {
      const name = textOf(inputs['registryName'], 'registryName');
      return { name, loginServer: `${name}.azurecr.example` };
    }
    case 'RandomString':
      return { result: 'abcd1234' };
    case 'RandomUuid':
      return { result: '99999999-0000-0000-0000-000000000000' };
    default:
      return {};
  }
}

/** The component of `@pulumi/eks`, which runs in its provider: of all that it makes, the cluster. */
export const eksCluster: RemoteComponent = async ({ name }, register) => {
  const inputs = { name };
  const cluster = await register({ type: 'aws:eks/cluster:Cluster', name: `${name}-eksCluster`, inputs });
  return { eksCluster: new ResourceReference(cluster.urn, cluster.id) };
};

/** Functions of both clouds. */
export const cloudFunctions: Functions = (token, args) => {
  switch (token) {
    case 'aws:index/getAvailabilityZones:getAvailabilityZones':
      return { names: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] };
    case 'aws:eks/getAddonVersion:getAddonVersion':
      return { version: `${textOf(args['addonName'], 'addonName')}-newest` };
    case 'aws:ecr/getAuthorizationToken:getAuthorizationToken':
      return { userName: 'AWS', password: 'token-of-twelve-hours' };
    case 'azure-native:authorization:getClientConfig':
      return { objectId: 'deployer', subscriptionId: 'subscription', tenantId: 'tenant', clientId: 'client' };
    case 'azure-native:containerservice:listManagedClusterUserCredentials':
    case 'azure-native:containerservice:listManagedClusterAdminCredentials': {
      const kubeconfig = kubeconfigOf('https://hpa.example:443');
      return { kubeconfigs: [{ name: 'one', value: Buffer.from(kubeconfig).toString('base64') }] };
    }
    case 'command:local:run':
      return { ...args, stdout: `${DIGEST}\n`, stderr: '' };
    default:
      return undefined;
  }
};
