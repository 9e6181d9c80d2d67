import { kubeletOf } from '../../constructs/clusters/aks/existing';
import { made, RANGE, SUBSCRIPTION, type MadeAks } from './support/aks';
import { readOutput, UNKNOWN, type Recording } from './support/recording-mocks';
import { ScriptBench } from './support/scripts';

const NEW_CLUSTER = [
  'plimsoll:clusters:Aks hpa-walkthrough',
  'pulumi:providers:azure-native azure',
  'azure-native:resources:ResourceGroup resource-group',
  'azure-native:managedidentity:UserAssignedIdentity control-plane-identity',
  'azure-native:managedidentity:UserAssignedIdentity kubelet-identity',
  'random:index/randomUuid:RandomUuid control-plane-assigns-kubelet-guid',
  'azure-native:authorization:RoleAssignment control-plane-assigns-kubelet',
  'azure-native:containerservice:ManagedCluster cluster',
  'azure-native:containerservice:AgentPool workers',
  'azure-native:containerservice:MaintenanceConfiguration aksManagedAutoUpgradeSchedule',
  'azure-native:containerservice:MaintenanceConfiguration aksManagedNodeOSUpgradeSchedule',
  'random:index/randomUuid:RandomUuid deployer-administers-cluster-guid',
  'azure-native:authorization:RoleAssignment deployer-administers-cluster',
  'command:local:Command deployer-is-known-to-cluster',
];
const PULL = [
  'random:index/randomUuid:RandomUuid kubelet-pulls-images-guid',
  'azure-native:authorization:RoleAssignment kubelet-pulls-images',
];
const OWN_REGISTRY = [
  'random:index/randomString:RandomString registry-suffix',
  'azure-native:containerregistry:Registry registry',
];
const IMAGE = ['docker-build:index:Image images/adapter'];

function resources({ registrations }: Recording): string[] {
  return registrations.map(({ type, name }) => `${type} ${name}`).sort();
}

function roleOf(recording: Recording, name: string): unknown {
  const { roleDefinitionId } = recording.one(name).inputs;
  return String(roleDefinitionId).split('/').at(-1);
}

describe('a new AKS cluster', () => {
  let usual: MadeAks;
  beforeAll(async () => {
    usual = await made();
  });

  it('is made of these resources, all below one component and in one provider', () => {
    const { recording } = usual;
    expect(resources(recording)).toEqual([...NEW_CLUSTER, ...PULL, ...OWN_REGISTRY, ...IMAGE].sort());
    const below = recording.registrations.filter(({ name }) => name !== 'hpa-walkthrough');
    expect(new Set(below.map(({ parent }) => parent?.type))).toEqual(new Set(['plimsoll:clusters:Aks']));
    const ofAzure = recording.registrations.filter(({ type }) => type.startsWith('azure-native:'));
    expect(ofAzure.every(({ provider }) => provider?.name === 'azure')).toBe(true);
  });

  it('has its tags on everything that can have some', async () => {
    const { recording } = await made({ settings: { azureMonitorMetrics: true } });
    const tagless = recording.registrations
      .filter(({ type, inputs }) => type.startsWith('azure-native:') && inputs['tags'] === undefined)
      .map(({ type }) => type.split(':').at(-1));
    expect(new Set(tagless)).toEqual(
      new Set(['RoleAssignment', 'MaintenanceConfiguration', 'DataCollectionRuleAssociation']),
    );
    expect(recording.one('cluster').inputs).toMatchObject({
      tags: { 'plimsoll:stack': 'aks' },
      agentPoolProfiles: [{ tags: { 'plimsoll:stack': 'aks' } }],
    });
  });

  it('has the network that enforces policies, identities instead of secrets, and no accounts of its own', async () => {
    const { recording } = await made({
      settings: { adminGroupObjectIds: ['00000000-aaaa-bbbb-cccc-000000000000'] },
    });
    expect(recording.one('cluster').inputs).toMatchObject({
      resourceName: 'hpa-walkthrough',
      networkProfile: {
        ...{ networkPlugin: 'azure', networkPluginMode: 'overlay' },
        ...{ networkDataplane: 'cilium', networkPolicy: 'cilium' },
      },
      identity: { type: 'UserAssigned', userAssignedIdentities: ['control-plane-identity-id'] },
      identityProfile: {
        kubeletidentity: {
          resourceId: 'kubelet-identity-id',
          clientId: 'client of hpa-walkthrough-kubelet',
          objectId: 'principal of hpa-walkthrough-kubelet',
        },
      },
      ...{ enableRBAC: true, disableLocalAccounts: true },
      aadProfile: {
        managed: true,
        enableAzureRBAC: true,
        adminGroupObjectIDs: ['00000000-aaaa-bbbb-cccc-000000000000'],
      },
      apiServerAccessProfile: { authorizedIPRanges: [RANGE], disableRunCommand: true },
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
    });
    expect(recording.one('cluster').dependencies.map(({ name }) => name)).toContain(
      'control-plane-assigns-kubelet',
    );
  });

  it('has a tainted pool for the add-ons, and the workers that are described', async () => {
    const { recording } = await made({ settings: { zones: ['1', '2'], systemNodeCount: 3 } });
    expect(recording.one('cluster').inputs['agentPoolProfiles']).toMatchObject([
      {
        ...{ name: 'system', mode: 'System', count: 3, availabilityZones: ['1', '2'] },
        nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
      },
    ]);
    expect(recording.one('workers')).toMatchObject({
      inputs: {
        ...{ agentPoolName: 'workers', mode: 'User', count: 3, maxPods: 110 },
        ...{ resourceName: 'hpa-walkthrough', vmSize: 'Standard_D2ds_v5', availabilityZones: ['1', '2'] },
      },
      deletedWith: { name: 'cluster' },
    });
  });

  it('has a pool for each shape of workers', async () => {
    const worker = { role: 'worker', count: 1, cpu: '1', memory: '2Gi', pods: 30 } as const;
    const { recording } = await made({ cluster: { nodes: [worker, { ...worker, count: 2, pods: 60 }] } });
    expect(recording.one('workers').inputs).toMatchObject({ count: 1, maxPods: 30 });
    expect(recording.one('workers-2').inputs).toMatchObject({
      agentPoolName: 'workers2',
      count: 2,
      maxPods: 60,
    });
  });

  it('lets pods wait for nodes, for the right to pull, and for the right to put them there', async () => {
    const { cluster } = usual;
    const names = await Promise.all(cluster.ready.map(async ({ urn }) => (await readOutput(urn)).value));
    expect(names.map((urn) => String(urn).split('::').at(-1))).toEqual([
      'workers',
      'kubelet-pulls-images',
      'deployer-is-known-to-cluster',
    ]);
  });

  it('grants the three roles it needs, each under a name that belongs to its principal', () => {
    const { recording } = usual;
    expect(roleOf(recording, 'control-plane-assigns-kubelet')).toBe('f1a07417-d97a-45cb-824c-7a7467783830');
    expect(recording.one('control-plane-assigns-kubelet').inputs).toMatchObject({
      principalId: 'principal of hpa-walkthrough-control-plane',
      principalType: 'ServicePrincipal',
      scope: 'kubelet-identity-id',
      roleAssignmentName: '99999999-0000-0000-0000-000000000000',
    });
    expect(roleOf(recording, 'kubelet-pulls-images')).toBe('7f951dda-4ed3-4680-a7ca-43fe172d538d');
    expect(recording.one('kubelet-pulls-images').inputs).toMatchObject({
      principalId: 'principal of hpa-walkthrough-kubelet',
      principalType: 'ServicePrincipal',
      scope: 'registry-id',
    });
    expect(roleOf(recording, 'deployer-administers-cluster')).toBe('b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b');
    expect(recording.one('deployer-administers-cluster').inputs).toMatchObject({
      principalId: 'deployer',
      principalType: 'User',
      scope: 'cluster-id',
      roleDefinitionId: expect.stringContaining(`/subscriptions/${SUBSCRIPTION}/providers/`) as unknown,
    });
    expect(recording.one('kubelet-pulls-images-guid').inputs['keepers']).toEqual({
      principalId: 'principal of hpa-walkthrough-kubelet',
      role: 'AcrPull',
      scope: 'registry-id',
    });
  });

  it('tells a person how to reach it, and what it is', async () => {
    const { cluster } = usual;
    expect(cluster.connect).toBe(
      "az aks get-credentials --resource-group 'hpa-walkthrough' --name 'hpa-walkthrough' && kubelogin convert-kubeconfig --login azurecli",
    );
    expect(await readOutput(cluster.outputs)).toMatchObject({
      value: {
        resourceGroup: 'hpa-walkthrough',
        cluster: 'hpa-walkthrough',
        fqdn: 'hpa.example',
        oidcIssuer: 'https://issuer.example/',
        registry: 'hpawalkthroughabcd1234.azurecr.io',
      },
      secret: false,
    });
    expect(cluster.goesWith).toBeDefined();
  });

  it('is private where nobody is to reach it from the internet', async () => {
    const { recording, cluster } = await made({ settings: { privateCluster: true } });
    expect(recording.one('cluster').inputs['apiServerAccessProfile']).toEqual({
      enablePrivateCluster: true,
      privateDNSZone: 'system',
    });
    expect(await readOutput(cluster.outputs['fqdn'])).toMatchObject({ value: 'hpa.private' });
  });

  it('keeps its administrator certificate where local accounts are wanted, and grants no role for it', async () => {
    const { recording, cluster } = await made({ settings: { localAccounts: true } });
    expect(recording.one('cluster').inputs['disableLocalAccounts']).toBe(false);
    expect(resources(recording)).not.toContain(
      'azure-native:authorization:RoleAssignment deployer-administers-cluster',
    );
    expect(cluster.connect).toMatch(/--admin$/);
    expect(await readOutput(cluster.kubeconfig)).toMatchObject({
      value: expect.stringContaining('client-key-data') as unknown,
      secret: true,
    });
  });

  it('lets a pipeline administer it, or leaves that to the groups', async () => {
    const pipeline = await made({ settings: { deployerAdmin: 'ServicePrincipal' } });
    expect(pipeline.recording.one('deployer-administers-cluster').inputs).toMatchObject({
      principalType: 'ServicePrincipal',
    });
    const { recording } = await made({ settings: { deployerAdmin: 'none' } });
    expect(resources(recording).filter((name) => name.includes('deployer'))).toEqual([]);
  });

  it.each([
    { autoUpgradeChannel: 'none', version: '1.36.1', ignored: [] },
    { autoUpgradeChannel: 'node-image', version: '1.36.1', ignored: [] },
    { autoUpgradeChannel: 'patch', version: '1.36', ignored: [] },
    { autoUpgradeChannel: 'stable', version: '1.36', ignored: ['orchestratorVersion'] },
    { autoUpgradeChannel: 'rapid', version: '1.36', ignored: ['orchestratorVersion'] },
  ])(
    'is asked for $version where its upgrades are $autoUpgradeChannel',
    async ({ autoUpgradeChannel, version, ignored }) => {
      const { recording } = await made({ settings: { autoUpgradeChannel } });
      expect(recording.one('cluster').inputs['kubernetesVersion']).toBe(version);
      expect(recording.one('workers')).toMatchObject({
        inputs: { orchestratorVersion: version },
        ignoreChanges: ignored,
      });
      expect(recording.one('cluster').ignoreChanges.includes('kubernetesVersion')).toBe(ignored.length > 0);
    },
  );

  it('is upgraded in its window, and has none where nobody upgrades it', async () => {
    const { recording } = await made({ settings: { maintenanceDay: 'Tuesday', maintenanceStart: '03:30' } });
    expect(recording.one('aksManagedAutoUpgradeSchedule').inputs).toMatchObject({
      resourceName: 'hpa-walkthrough',
      maintenanceWindow: {
        ...{ durationHours: 4, startTime: '03:30', utcOffset: '+00:00' },
        schedule: { weekly: { dayOfWeek: 'Tuesday', intervalWeeks: 1 } },
      },
    });
    const never = await made({ settings: { autoUpgradeChannel: 'none', nodeOsUpgradeChannel: 'None' } });
    expect(never.recording.ofType('azure-native:containerservice:MaintenanceConfiguration')).toHaveLength(0);
  });

  it('sends metrics to a workspace where wanted, by the association that its agents look for', async () => {
    const { recording } = await made({ settings: { azureMonitorMetrics: true } });
    expect(recording.one('cluster').inputs['azureMonitorProfile']).toEqual({ metrics: { enabled: true } });
    expect(recording.one('metrics-rule').inputs).toMatchObject({
      dataCollectionEndpointId: 'metrics-endpoint-id',
      destinations: { monitoringAccounts: [{ accountResourceId: 'metrics-id' }] },
    });
    expect(recording.one('metrics-of-cluster').inputs).toEqual({
      associationName: 'ContainerInsightsMetricsExtension',
      resourceUri: 'cluster-id',
      dataCollectionRuleId: 'metrics-rule-id',
    });
  });

  it('is made in a subscription where one is named', async () => {
    const { recording, cluster } = await made({ settings: { subscriptionId: SUBSCRIPTION } });
    expect(recording.one('azure').inputs).toMatchObject({ subscriptionId: SUBSCRIPTION });
    expect(cluster.connect).toContain(`--subscription ${SUBSCRIPTION}`);
  });

  it('is previewed before anything of it is known', async () => {
    const { recording, cluster, delivered } = await made({ preview: true });
    expect(resources(recording)).toEqual([...NEW_CLUSTER, ...PULL, ...OWN_REGISTRY, ...IMAGE].sort());
    expect(recording.one('cluster').inputs['identity']).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: [UNKNOWN],
    });
    expect(await readOutput(cluster.kubeconfig)).toMatchObject({ known: false });
    expect(await readOutput(delivered.reference)).toMatchObject({ known: false });
    expect(recording.calls.map(({ token }) => token)).toEqual(['azure-native:authorization:getClientConfig']);
  });
});

describe('whoever runs Pulumi', () => {
  const stubs = {
    kubelogin: 'exit 0',
    // It is known once it was asked for as often as there are letters in KNOWN.
    kubectl: `grep --quiet kubelogin "$2" || exit 2
      printf x >>"$2.asked"
      [ "$(cat "$2.asked")" = "$KNOWN" ] && rm -f "$2.asked"`,
  };

  async function waiting() {
    const { recording } = await made();
    return recording.one('deployer-is-known-to-cluster');
  }

  it('is waited for until the cluster knows of the role, with a kubeconfig that stays a secret', async () => {
    const command = await waiting();
    expect(command.secrets).toEqual(['environment.CLUSTER_KUBECONFIG']);
    expect(command.dependencies.map(({ name }) => name)).toContain('deployer-administers-cluster');
    const bench = new ScriptBench(stubs);
    const run = bench.run(command, 'create', { PAUSE: '0', KNOWN: 'xxx' });
    expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(run.calls).toHaveLength(3);
    expect(run.calls[0]).toMatch(/^kubectl --kubeconfig \S+ auth can-i create clusterroles/);
    bench.destroy();
  });

  it('is told what kubectl says where the cluster never does', async () => {
    const command = await waiting();
    const bench = new ScriptBench({ ...stubs, kubectl: 'echo no; exit 1' });
    const run = bench.run(command, 'create', { PAUSE: '0', ATTEMPTS: '2' });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.calls).toHaveLength(2);
    expect(run.stderr).toContain('although the role is granted: kubectl says "no"');
    bench.destroy();
  });

  it.each(['kubectl', 'kubelogin'])('is told where %s is missing', async (tool) => {
    const command = await waiting();
    const bench = new ScriptBench(
      Object.fromEntries(Object.entries(stubs).filter(([name]) => name !== tool)),
    );
    const run = bench.run(command, 'create');
    expect(run).toMatchObject({ status: 1, calls: [] });
    expect(run.stderr).toContain(`${tool} is not installed`);
    bench.destroy();
  });
});

describe('an AKS cluster that is there', () => {
  const settings = { existingCluster: true, resourceGroup: 'theirs' };

  it('gets a registry of its own and the right to pull, and is left alone otherwise', async () => {
    const { recording, cluster } = await made({ settings });
    expect(resources(recording)).toEqual(
      [
        'plimsoll:clusters:Aks hpa-walkthrough',
        'pulumi:providers:azure-native azure',
        'azure-native:resources:ResourceGroup registry-resource-group',
        ...[...OWN_REGISTRY, ...PULL, ...IMAGE],
      ].sort(),
    );
    expect(recording.one('registry-resource-group').inputs).toMatchObject({
      resourceGroupName: 'hpa-walkthrough-images',
    });
    expect(recording.one('kubelet-pulls-images').inputs).toMatchObject({ principalId: 'kubelet there' });
    expect(recording.calls).toContainEqual({
      token: 'azure-native:containerservice:getManagedCluster',
      inputs: { resourceGroupName: 'theirs', resourceName: 'hpa-walkthrough' },
    });
    expect(cluster.goesWith).toBeUndefined();
    expect(cluster.ready).toHaveLength(1);
  });

  it('with its registry is the environment that nothing is made in', async () => {
    const { recording, cluster } = await made({
      settings: { ...settings, grantPull: false },
      registry: 'theirs.azurecr.io',
    });
    expect(resources(recording)).toEqual([
      'docker-build:index:Image images/adapter',
      'plimsoll:clusters:Aks hpa-walkthrough',
      'pulumi:providers:azure-native azure',
    ]);
    expect(cluster.ready).toEqual([]);
    expect(await readOutput(cluster.outputs)).toMatchObject({
      value: {
        resourceGroup: 'theirs',
        fqdn: 'there.example',
        oidcIssuer: '',
        registry: 'theirs.azurecr.io',
      },
    });
  });

  it('gives a kubeconfig that signs in with az, as a secret', async () => {
    const { recording, cluster } = await made({ settings });
    const kubeconfig = await readOutput(cluster.kubeconfig);
    expect(kubeconfig.secret).toBe(true);
    expect(kubeconfig.value).toContain('- azurecli');
    expect(recording.calls).toContainEqual({
      token: 'azure-native:containerservice:listManagedClusterUserCredentials',
      inputs: { resourceGroupName: 'theirs', resourceName: 'hpa-walkthrough', format: 'exec' },
    });
  });

  it('with a service principal is refused, as nobody is known who pulls', () => {
    expect(() => kubeletOf('old', {})).toThrow(
      'AKS cluster old has no identity of its kubelets: give its service principal the right to pull from the registry by hand, and set plimsoll:grantPull to false',
    );
  });
});
