import { UsageError } from '../../core/errors';
import { dependenciesOf, listing, madeCluster, NAME, type MadeCluster } from './support/eks';
import { readOutput } from './support/recording-mocks';

const NETWORK = [
  'Eip eks-fargate-hpa-nat-1',
  'InternetGateway eks-fargate-hpa-internet',
  'NatGateway eks-fargate-hpa-nat-1',
  'Route eks-fargate-hpa-private-1',
  'Route eks-fargate-hpa-private-2',
  'Route eks-fargate-hpa-public',
  'RouteTable eks-fargate-hpa-private-1',
  'RouteTable eks-fargate-hpa-private-2',
  'RouteTable eks-fargate-hpa-public',
  'RouteTableAssociation eks-fargate-hpa-private-1',
  'RouteTableAssociation eks-fargate-hpa-private-2',
  'RouteTableAssociation eks-fargate-hpa-public-1',
  'RouteTableAssociation eks-fargate-hpa-public-2',
  'Subnet eks-fargate-hpa-private-1',
  'Subnet eks-fargate-hpa-private-2',
  'Subnet eks-fargate-hpa-public-1',
  'Subnet eks-fargate-hpa-public-2',
  'Vpc eks-fargate-hpa-vpc',
];

const CLUSTER = [
  'Addon eks-fargate-hpa-coredns',
  'Addon eks-fargate-hpa-kube-proxy',
  'Addon eks-fargate-hpa-vpc-cni',
  'Cluster eks-fargate-hpa',
  'Eks eks-fargate-hpa',
  'FargateProfile eks-fargate-hpa-demo',
  'LaunchTemplate eks-fargate-hpa-nodes',
  'NodeGroup eks-fargate-hpa-nodes',
  'OpenIdConnectProvider eks-fargate-hpa-service-accounts',
  'Role eks-fargate-hpa-cluster',
  'Role eks-fargate-hpa-fargate',
  'Role eks-fargate-hpa-nodes',
  'RolePolicyAttachment eks-fargate-hpa-cluster-AmazonEKSClusterPolicy',
  'RolePolicyAttachment eks-fargate-hpa-fargate-AmazonEKSFargatePodExecutionRolePolicy',
  'RolePolicyAttachment eks-fargate-hpa-nodes-AmazonEC2ContainerRegistryPullOnly',
  'RolePolicyAttachment eks-fargate-hpa-nodes-AmazonEKSWorkerNodePolicy',
  'RolePolicyAttachment eks-fargate-hpa-nodes-AmazonEKS_CNI_Policy',
  'aws eks-fargate-hpa-aws',
];

const REPOSITORY = ['LifecyclePolicy eks-fargate-hpa-adapter', 'Repository eks-fargate-hpa-adapter'];

/** A cluster of the least settings, for tests that only look at it. */
let standard: MadeCluster;
beforeAll(async () => {
  standard = await madeCluster();
});

const EXISTING_VPC = {
  publicAccessCidrs: ['203.0.113.7/32'],
  vpcId: 'vpc-0a1b',
  privateSubnetIds: ['subnet-01', 'subnet-02'],
};

describe('a new EKS cluster', () => {
  it('is made of these resources, all of one component and of one provider', () => {
    const { recording } = standard;
    expect(listing(recording)).toEqual([...NETWORK, ...CLUSTER, ...REPOSITORY].sort());

    const [component, ...parts] = recording.registrations;
    expect(component).toMatchObject({ type: 'plimsoll:clusters:Eks', name: NAME, parent: undefined });
    expect(parts.filter(({ parent }) => parent?.urn !== component?.urn)).toEqual([]);
    const ofAws = parts.filter(({ type }) => type.startsWith('aws:'));
    expect(ofAws.filter(({ provider }) => provider?.name !== `${NAME}-aws`)).toEqual([]);
    expect(recording.one(`${NAME}-aws`).inputs).toMatchObject({
      region: 'eu-west-1',
      defaultTags: JSON.stringify({ tags: { stack: 'eks-fargate' } }),
    });
  });

  it('has a control plane without nodes and add-ons, which admits by access entries', () => {
    const { recording } = standard;
    const { inputs, remote } = recording.one(NAME, 'eks:index:Cluster');
    expect(remote).toBe(true);
    expect(inputs).toMatchObject({
      name: NAME,
      version: '1.35',
      authenticationMode: 'API',
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false },
      corednsAddonOptions: { enabled: false },
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ['203.0.113.7/32'],
      upgradePolicy: { supportType: 'STANDARD' },
      providerCredentialOpts: {},
    });
  });

  it('keeps its role and its subnets until the control plane is gone', () => {
    const { recording } = standard;
    const { propertyDependencies } = recording.one(NAME, 'eks:index:Cluster');
    const names = (property: string) => propertyDependencies[property]?.map(({ name }) => name).sort();
    expect(names('serviceRole')).toEqual([`${NAME}-cluster`, `${NAME}-cluster-AmazonEKSClusterPolicy`]);
    expect(names('privateSubnetIds')).toEqual([`${NAME}-private-1`, `${NAME}-private-2`]);
  });

  it('has its API server in the VPC alone if that is wanted', async () => {
    const { recording } = await madeCluster({ settings: { privateEndpoint: true } });
    const { inputs } = recording.one(NAME, 'eks:index:Cluster');
    expect(inputs).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
    expect(inputs).not.toHaveProperty('publicAccessCidrs');
  });

  it('has the nodes of its description, which pods cannot take the role of', () => {
    const { recording } = standard;
    expect(recording.one(`${NAME}-nodes`, 'aws:eks/nodeGroup:NodeGroup').inputs).toMatchObject({
      version: '1.35',
      amiType: 'AL2023_x86_64_STANDARD',
      instanceTypes: ['m5.large'],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 2 },
      subnetIds: [`${NAME}-private-1-id`, `${NAME}-private-2-id`],
      launchTemplate: { version: '3' },
    });
    const { inputs } = recording.one(`${NAME}-nodes`, 'aws:ec2/launchTemplate:LaunchTemplate');
    expect(inputs).toMatchObject({
      blockDeviceMappings: [{ ebs: { volumeSize: 120, volumeType: 'gp3', encrypted: 'true' } }],
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      tagSpecifications: [
        { resourceType: 'instance', tags: { stack: 'eks-fargate' } },
        { resourceType: 'volume', tags: { stack: 'eks-fargate' } },
      ],
    });
    // Without groups of its own a node is in the cluster's, as pods on Fargate are.
    expect(inputs).not.toHaveProperty('vpcSecurityGroupIds');
  });

  it('has nodes of Arm where the instance type is', async () => {
    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], instanceType: 'm7g.large' },
    });
    expect(recording.one(`${NAME}-nodes`, 'aws:eks/nodeGroup:NodeGroup').inputs).toMatchObject({
      amiType: 'AL2023_ARM_64_STANDARD',
    });
  });

  it('gives its nodes network and routes first, and takes these last', () => {
    const { recording } = standard;
    const nodes = dependenciesOf(recording.one(`${NAME}-nodes`, 'aws:eks/nodeGroup:NodeGroup'));
    expect(nodes).toEqual(
      expect.arrayContaining([
        `Addon ${NAME}-kube-proxy`,
        `Addon ${NAME}-vpc-cni`,
        `Cluster ${NAME}`,
        `Route ${NAME}-private-1`,
        `Route ${NAME}-public`,
        `RouteTableAssociation ${NAME}-private-2`,
        `RolePolicyAttachment ${NAME}-nodes-AmazonEKS_CNI_Policy`,
      ]),
    );
    expect(dependenciesOf(recording.one(`${NAME}-coredns`))).toEqual([
      `Cluster ${NAME}`,
      `FargateProfile ${NAME}-demo`,
      `NodeGroup ${NAME}-nodes`,
    ]);
  });

  it('has the Fargate profile of its description, whose role is for its own profiles', () => {
    const { recording } = standard;
    const profile = recording.one(`${NAME}-demo`);
    expect(profile.inputs).toMatchObject({
      fargateProfileName: 'demo',
      podExecutionRoleArn: `${NAME}-fargate-arn`,
      selectors: [{ namespace: 'demo', labels: { scheduler: 'fargate' } }],
      subnetIds: [`${NAME}-private-1-id`, `${NAME}-private-2-id`],
    });
    expect(profile.deleteBeforeReplace).toBe(true);
    expect(dependenciesOf(profile)).toContain(
      `RolePolicyAttachment ${NAME}-fargate-AmazonEKSFargatePodExecutionRolePolicy`,
    );
    const { assumeRolePolicy } = recording.one(`${NAME}-fargate`).inputs;
    expect(JSON.parse(String(assumeRolePolicy))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'eks-fargate-pods.amazonaws.com' },
          Action: ['sts:AssumeRole'],
          Condition: {
            ArnLike: { 'aws:SourceArn': `arn:aws:eks:eu-west-1:111122223333:fargateprofile/${NAME}/*` },
          },
        },
      ],
    });
  });

  it('makes one profile of the entries of one name', async () => {
    const entry = (name: string, namespace: string) => ({ name, namespace, labels: {} });
    const { recording } = await madeCluster({
      descriptor: {
        fargate: { profiles: [entry('a', 'one'), entry('b', 'two'), entry('a', 'three')], podStart: '45s' },
      },
    });
    expect(recording.one(`${NAME}-a`).inputs['selectors']).toEqual([
      { namespace: 'one', labels: {} },
      { namespace: 'three', labels: {} },
    ]);
    expect(recording.one(`${NAME}-b`).inputs['selectors']).toEqual([{ namespace: 'two', labels: {} }]);
  });

  it('takes an existing role for Fargate', async () => {
    const podExecutionRoleArn = 'arn:aws:iam::111122223333:role/fargate';
    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], podExecutionRoleArn },
    });
    expect(recording.one(`${NAME}-demo`).inputs).toMatchObject({ podExecutionRoleArn });
    expect(listing(recording)).not.toContain(`Role ${NAME}-fargate`);
  });

  it('has the newest add-ons of its version, or those that are named', async () => {
    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], coreDnsVersion: 'v1.12.0-eksbuild.1' },
    });
    const versions = recording.ofType('aws:eks/addon:Addon').map(({ inputs }) => inputs['addonVersion']);
    expect(versions.sort()).toEqual(['kube-proxy-newest', 'v1.12.0-eksbuild.1', 'vpc-cni-newest']);
    expect(recording.calls.filter(({ token }) => token.includes('AddonVersion'))).toEqual([
      expect.objectContaining({
        inputs: { addonName: 'vpc-cni', kubernetesVersion: '1.35', mostRecent: true },
      }),
      expect.objectContaining({
        inputs: { addonName: 'kube-proxy', kubernetesVersion: '1.35', mostRecent: true },
      }),
    ]);
  });

  it('leaves CoreDNS on the nodes, or moves it to a Fargate profile that is there before it', async () => {
    const onNodes = standard;
    expect(onNodes.recording.one(`${NAME}-coredns`).inputs).not.toHaveProperty('configurationValues');

    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], coreDnsOnFargate: true },
    });
    const addOn = recording.one(`${NAME}-coredns`, 'aws:eks/addon:Addon');
    expect(addOn.inputs['configurationValues']).toBe('{"computeType":"Fargate"}');
    expect(dependenciesOf(addOn)).toContain(`FargateProfile ${NAME}-coredns`);
    const profile = recording.one(`${NAME}-coredns`, 'aws:eks/fargateProfile:FargateProfile');
    expect(profile.inputs['selectors']).toEqual([
      { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    ]);
  });

  it('enforces NetworkPolicies where its description says so', async () => {
    const { recording } = await madeCluster({ descriptor: { networkPolicyEnforced: true } });
    expect(recording.one(`${NAME}-vpc-cni`).inputs['configurationValues']).toBe(
      '{"enableNetworkPolicy":"true"}',
    );
  });

  it('admits administrators', async () => {
    const { recording } = await madeCluster({
      settings: {
        publicAccessCidrs: ['203.0.113.7/32'],
        region: 'us-gov-west-1',
        adminPrincipalArns: [
          'arn:aws-us-gov:iam::111122223333:role/ops',
          'arn:aws-us-gov:iam::444455556666:role/ops',
        ],
      },
    });
    const type = 'aws:eks/accessPolicyAssociation:AccessPolicyAssociation';
    expect(recording.ofType('aws:eks/accessEntry:AccessEntry')).toHaveLength(2);
    expect(recording.one(`${NAME}-admin-111122223333/role/ops`, type).inputs).toEqual({
      clusterName: NAME,
      principalArn: 'arn:aws-us-gov:iam::111122223333:role/ops',
      policyArn: 'arn:aws-us-gov:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      accessScope: { type: 'cluster' },
    });
  });

  it('makes the group of its logs before EKS does, so that it goes with the cluster', async () => {
    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], controlPlaneLogs: ['audit'], logRetentionDays: 7 },
    });
    expect(recording.one(`${NAME}-logs`).inputs).toEqual({
      name: `/aws/eks/${NAME}/cluster`,
      retentionInDays: 7,
    });
    const { inputs, propertyDependencies } = recording.one(NAME, 'eks:index:Cluster');
    expect(inputs['enabledClusterLogTypes']).toEqual(['audit']);
    expect(propertyDependencies['enabledClusterLogTypes']).toMatchObject([{ name: `${NAME}-logs` }]);
  });

  it('is ready with its DNS, which comes after nodes and Fargate profiles, and takes its contents with it', async () => {
    const { cluster, recording } = standard;
    const urns = await Promise.all([...cluster.ready, cluster.goesWith].map((one) => readOutput(one?.urn)));
    expect(urns.map(({ value }) => value)).toEqual([
      recording.one(`${NAME}-coredns`).urn,
      recording.one(NAME, 'eks:index:Cluster').urn,
    ]);
    expect(dependenciesOf(recording.one(`${NAME}-coredns`))).toEqual(
      expect.arrayContaining([`FargateProfile ${NAME}-demo`, `NodeGroup ${NAME}-nodes`]),
    );
  });

  it('is reached with tokens of the AWS CLI, by a kubeconfig that is a secret', async () => {
    const settings = { publicAccessCidrs: ['203.0.113.7/32'], profile: 'sandbox' };
    const { cluster, recording } = await madeCluster({ settings });
    const { value, secret } = await readOutput(cluster.kubeconfig);
    expect(secret).toBe(true);
    expect(JSON.parse(String(value))).toMatchObject({
      'current-context': NAME,
      clusters: [
        {
          name: NAME,
          cluster: { server: 'https://0A1B.eks.amazonaws.com', 'certificate-authority-data': 'Q0E=' },
        },
      ],
      users: [
        {
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              args: [
                ...['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', NAME, '--output', 'json'],
                ...['--profile', 'sandbox'],
              ],
            },
          },
        },
      ],
    });
    expect(cluster.context).toBe(NAME);
    expect(cluster.connect).toBe(
      `aws eks update-kubeconfig --region eu-west-1 --name ${NAME} --profile sandbox`,
    );
    expect(recording.one(`${NAME}-aws`).inputs).toMatchObject({ profile: 'sandbox' });
    expect(recording.one(NAME, 'eks:index:Cluster').inputs).toMatchObject({
      providerCredentialOpts: { profileName: 'sandbox' },
    });
  });

  it('says where it is', async () => {
    const { cluster } = standard;
    const { value, secret } = await readOutput(cluster.outputs);
    expect(secret).toBe(false);
    expect(value).toEqual({
      region: 'eu-west-1',
      clusterName: NAME,
      clusterEndpoint: 'https://0A1B.eks.amazonaws.com',
      oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B',
      oidcProviderArn: `${NAME}-service-accounts-arn`,
      repositories: { adapter: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${NAME}/plimsoll/adapter` },
    });
  });

  it('is put into an existing VPC, of which nothing is made', async () => {
    const { recording } = await madeCluster({ settings: EXISTING_VPC });
    expect(listing(recording)).toEqual([...CLUSTER, ...REPOSITORY].sort());
    const { vpcId, privateSubnetIds } = EXISTING_VPC;
    expect(recording.one(NAME, 'eks:index:Cluster').inputs).toMatchObject({ vpcId, privateSubnetIds });
    const users = [
      recording.one(`${NAME}-demo`),
      recording.one(`${NAME}-nodes`, 'aws:eks/nodeGroup:NodeGroup'),
    ];
    for (const { inputs } of users) expect(inputs['subnetIds']).toEqual(privateSubnetIds);
  });

  it('previews, though nothing of AWS is known yet', async () => {
    const { cluster, recording } = await madeCluster({ preview: true });
    expect(listing(recording)).toEqual([...NETWORK, ...CLUSTER, ...REPOSITORY].sort());
    expect(await readOutput(cluster.kubeconfig)).toMatchObject({ known: false });
    expect(cluster.connect).toBe(`aws eks update-kubeconfig --region eu-west-1 --name ${NAME}`);
  });
});

describe('a description that EKS cannot have', () => {
  it.each([
    [{ cni: 'cilium' as const }, 'needs cni other and kubeProxy true'],
    [{ kubeProxy: false }, 'needs cni other and kubeProxy true'],
    [
      { nodes: [{ role: 'control-plane' as const, count: 1, cpu: '2', memory: '4Gi', pods: 29 }] },
      'describe workers',
    ],
    [fargateNamed('eks-demo'), 'names that begin with eks- belong to EKS'],
    [fargateNamed(...Array.from({ length: 6 }, () => 'demo')), 'has 6 selectors, and EKS takes 5'],
  ])('is refused: %j', async (descriptor, problem) => {
    const attempt = madeCluster({ descriptor });
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(problem);
  });

  function fargateNamed(...names: string[]) {
    return {
      fargate: { profiles: names.map((name) => ({ name, namespace: 'demo', labels: {} })), podStart: '45s' },
    };
  }
});
