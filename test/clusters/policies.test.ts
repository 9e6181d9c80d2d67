import {
  apiEndpoint,
  plainSecrets,
  rbac,
  services,
  tags,
  type CheckedResource,
  type Rule,
} from '../../constructs/clusters/policies/rules';

/** What a rule says of a resource. */
function problems<Config extends object>(
  { check, defaults }: Rule<Config>,
  type: string,
  props: Readonly<Record<string, unknown>>,
  more: { readonly config?: Partial<Config>; readonly provider?: CheckedResource['provider'] } = {},
): readonly string[] {
  const { provider, config } = more;
  const resource = { type, name: 'logical', props, ...(provider === undefined ? {} : { provider }) };
  return check(resource, { ...defaults, ...config });
}

const EKS = 'aws:eks/cluster:Cluster';
const AKS = 'azure-native:containerservice:ManagedCluster';

describe('the API server of a cluster in the cloud', () => {
  it.each([
    [EKS, { vpcConfig: { endpointPublicAccess: false } }],
    [EKS, { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.7/32'] } }],
    ['eks:index:Cluster', { endpointPublicAccess: false }],
    ['eks:index:Cluster', { publicAccessCidrs: ['203.0.113.0/24'] }],
    [AKS, { apiServerAccessProfile: { authorizedIPRanges: ['203.0.113.7/32'] } }],
    [AKS, { apiServerAccessProfile: { enablePrivateCluster: true } }],
    [AKS, { publicNetworkAccess: 'Disabled' }],
    ['aws:eks/nodeGroup:NodeGroup', {}],
  ])('may be like this: %s %j', (type, props) => {
    expect(problems(apiEndpoint, type, props)).toEqual([]);
  });

  it.each([
    [
      EKS,
      {},
      'EKS cluster logical: everybody reaches its API server; name who may in vpcConfig.publicAccessCidrs, or set vpcConfig.endpointPublicAccess to false',
    ],
    [EKS, { vpcConfig: { publicAccessCidrs: ['0.0.0.0/0'] } }, 'EKS cluster logical'],
    [EKS, { vpcConfig: { publicAccessCidrs: ['203.0.113.7/32', '::/0'] } }, 'EKS cluster logical'],
    ['eks:index:Cluster', {}, 'name who may in publicAccessCidrs, or set endpointPublicAccess to false'],
    [
      AKS,
      {},
      'AKS cluster logical: everybody reaches its API server; name who may in apiServerAccessProfile.authorizedIPRanges',
    ],
    [AKS, { apiServerAccessProfile: { authorizedIPRanges: [] } }, 'AKS cluster logical'],
    ['azure-native:containerservice/v20250801:ManagedCluster', {}, 'AKS cluster logical'],
  ])('must not be like this: %s %j', (type, props, message) => {
    const found = problems(apiEndpoint, type, props);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });
});

describe('a Service', () => {
  const SERVICE = 'kubernetes:core/v1:Service';
  const metadata = { namespace: 'shop', name: 'web' };

  it.each([
    { spec: {} },
    { spec: { type: 'ClusterIP' } },
    { spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'] } },
    {
      spec: { type: 'LoadBalancer' },
      metadata: { annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' } },
    },
    {
      spec: { type: 'LoadBalancer' },
      metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } },
    },
  ])('may be like this: %j', (props) => {
    expect(problems(services, SERVICE, props)).toEqual([]);
  });

  it('must not be open to everybody, whether no ranges are named or one of all addresses', () => {
    for (const spec of [
      { type: 'LoadBalancer' },
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['0.0.0.0/0'] },
    ]) {
      expect(problems(services, SERVICE, { metadata, spec })).toEqual([
        'Service shop/web gets an address that everybody reaches: name who may in spec.loadBalancerSourceRanges, or make it ClusterIP and reach it with "kubectl port-forward"',
      ]);
    }
  });

  it('has a port on every node only where the configuration allows it', () => {
    const props = { metadata, spec: { type: 'NodePort' } };
    expect(problems(services, SERVICE, props)[0]).toContain('Service shop/web has a port on every node');
    expect(problems(services, SERVICE, props, { config: { allowNodePorts: true } })).toEqual([]);
  });

  it('of another API is none, and a patch of one is', () => {
    const props = { metadata, spec: { type: 'NodePort' } };
    expect(problems(services, 'kubernetes:serving.knative.dev/v1:Service', props)).toEqual([]);
    expect(problems(services, 'kubernetes:core/v1:ServicePatch', props)).toHaveLength(1);
  });
});

describe('a role', () => {
  const RBAC = 'kubernetes:rbac.authorization.k8s.io/v1';
  const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
  const named = (name: string, ...rules: object[]) => ({ metadata: { name }, rules });

  it.each([
    ['ClusterRole', named('reader', rule)],
    ['ClusterRole', named('metrics', { ...rule, apiGroups: ['custom.metrics.k8s.io'], resources: ['*'] })],
    ['ClusterRole', named('health', { nonResourceURLs: ['/metrics', '/healthz/*'], verbs: ['get'] })],
    ['Role', named('prometheus-operator', { ...rule, verbs: ['*'] })],
    ['Role', named('aggregated')],
  ])('may be like this: %s %j', (kind, props) => {
    expect(problems(rbac, `${RBAC}:${kind}`, props)).toEqual([]);
  });

  it.each([
    ['ClusterRole', named('all', rule, { ...rule, verbs: ['*'] }), 'rules[1].verbs'],
    ['ClusterRole', named('all', { ...rule, resources: ['*'] }), 'rules[0].resources'],
    ['ClusterRole', named('all', { ...rule, resources: ['*/scale'] }), 'rules[0].resources'],
    ['ClusterRole', named('all', { ...rule, apiGroups: ['*'] }), 'rules[0].apiGroups'],
    ['ClusterRole', named('all', { nonResourceURLs: ['*'], verbs: ['get'] }), 'rules[0].nonResourceURLs'],
    [
      'ClusterRole',
      named('all', { ...rule, apiGroups: ['custom.metrics.k8s.io', ''], resources: ['*'] }),
      'rules[0].resources',
    ],
    ['ClusterRole', named('prometheus-operator', { ...rule, verbs: ['*'] }), 'rules[0].verbs'],
    ['Role', named('all', { ...rule, verbs: ['*'] }), 'rules[0].verbs'],
  ])('must not be like this: %s %j', (kind, props, place) => {
    expect(problems(rbac, `${RBAC}:${kind}`, props)).toEqual([
      `${kind} ${props.metadata.name} has a wildcard in ${place}: name what it needs instead of *`,
    ]);
  });

  it('has every verb where the configuration names it', () => {
    const props = named('operator', { ...rule, verbs: ['*'] });
    expect(problems(rbac, `${RBAC}:Role`, props, { config: { everyVerb: ['operator'] } })).toEqual([]);
  });

  it('is not cluster-admin for anybody', () => {
    const binding = (name: string) => ({ metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name } });
    expect(problems(rbac, `${RBAC}:ClusterRoleBinding`, binding('view'))).toEqual([]);
    expect(problems(rbac, `${RBAC}:ClusterRoleBinding`, binding('cluster-admin'))[0]).toContain(
      'ClusterRoleBinding b binds to cluster-admin',
    );
    expect(problems(rbac, `${RBAC}:RoleBinding`, binding('cluster-admin'))).toHaveLength(1);
  });
});

describe('something to be kept secret', () => {
  const DEPLOYMENT = 'kubernetes:apps/v1:Deployment';
  const withContainer = (container: object) => ({
    metadata: { namespace: 'shop', name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'main', ...container }] } } },
  });
  const withVariable = (name: string, value: string) => withContainer({ env: [{ name, value }] });

  it.each([
    ['PASSWORD', 'hunter2'],
    ['DB_PASSWORD', 'hunter2'],
    ['API_KEY', 'abc'],
    ['AWS_SECRET_ACCESS_KEY', 'abc'],
    ['GITHUB_TOKEN', 'abc'],
    ['CLIENT_SECRET', 'abc'],
    ['DATABASE', 'postgres://me:hunter2@db/shop'],
    ['WHATEVER', '-----BEGIN RSA PRIVATE KEY-----\nabc'],
    ['WHO', `AKIA${'A'.repeat(16)}`],
    ['CONNECTION', `AccountName=a;AccountKey=${'k'.repeat(40)}`],
  ])('is not a variable: %s', (name, value) => {
    const found = problems(plainSecrets, DEPLOYMENT, withVariable(name, value));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(`^Deployment shop/web, container main: variable ${name} is .*valueFrom.secretKeyRef$`),
    );
    expect(found[0]).not.toContain(value);
  });

  it.each([
    ['SERVING_SECRET', 'monitoring/serving-certificate'],
    ['KEDA_RESTRICT_SECRET_ACCESS', 'true'],
    ['PASSWORD_FILE', '/run/secrets/password'],
    ['USE_TOKEN', 'false'],
    ['PASSWORD', ''],
    ['DATABASE', 'postgres://db/shop'],
    ['DATABASE', 'postgres://$(USER):$(PASSWORD)@db/shop'],
    ['TOKENS_PER_SECOND', '15'],
  ])('is not what %s=%j holds', (name, value) => {
    expect(problems(plainSecrets, DEPLOYMENT, withVariable(name, value))).toEqual([]);
  });

  it('may come out of a Secret', () => {
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    expect(problems(plainSecrets, DEPLOYMENT, withContainer({ env }))).toEqual([]);
  });

  it('is not an argument', () => {
    const found = problems(
      plainSecrets,
      DEPLOYMENT,
      withContainer({ args: ['--port=80', '--db-password=hunter2'] }),
    );
    expect(found).toEqual([
      'Deployment shop/web, container main: argument --db-password is a secret by its name; put it into a Secret, and mount that or refer to it in a variable',
    ]);
  });

  it.each([
    ['kubernetes:core/v1:Pod', (pod: object) => ({ spec: pod })],
    [
      'kubernetes:batch/v1:CronJob',
      (pod: object) => ({ spec: { jobTemplate: { spec: { template: { spec: pod } } } } }),
    ],
    ['kubernetes:apps/v1:StatefulSet', (pod: object) => ({ spec: { template: { spec: pod } } })],
  ])('is looked for in %s, in containers of the start too', (type, wrap) => {
    const pod = {
      initContainers: [{ name: 'init', env: [{ name: 'PASSWORD', value: 'hunter2' }] }],
      containers: [],
    };
    expect(problems(plainSecrets, type, wrap(pod))).toHaveLength(1);
  });

  it('is not in a ConfigMap', () => {
    const props = {
      metadata: { name: 'c' },
      data: { 'tls.key': '-----BEGIN PRIVATE KEY-----\n', 'a.conf': 'port=80' },
    };
    expect(problems(plainSecrets, 'kubernetes:core/v1:ConfigMap', props)).toEqual([
      'ConfigMap c: data["tls.key"] is a private key; put it into a Secret',
    ]);
  });
});

describe('tags of a resource in the cloud', () => {
  const all = { 'plimsoll:stack': 'aks', 'plimsoll:managed-by': 'pulumi' };
  const GROUP = 'azure-native:resources:ResourceGroup';
  const VPC = 'aws:ec2/vpc:Vpc';

  it.each([
    [GROUP, { tags: all }, undefined],
    [VPC, { tags: all }, undefined],
    [VPC, { tagsAll: all }, undefined],
    [VPC, {}, { props: { defaultTags: { tags: all } } }],
    [VPC, { tags: { Name: 'a' } }, { props: { defaultTags: JSON.stringify({ tags: all }) } }],
    ['azure-native:authorization:RoleAssignment', {}, undefined],
    ['aws:iam/rolePolicyAttachment:RolePolicyAttachment', {}, undefined],
    ['kubernetes:core/v1:Namespace', { tags: {} }, undefined],
  ])('are there: %s %j %j', (type, props, provider) => {
    expect(problems(tags, type, props, provider === undefined ? {} : { provider })).toEqual([]);
  });

  it.each([
    [GROUP, {}, 'ResourceGroup logical lacks the tags plimsoll:stack, plimsoll:managed-by: set them in tags'],
    ['azure-native:resources/v20250401:ResourceGroup', {}, 'lacks the tags'],
    [GROUP, { tags: { 'plimsoll:stack': 'aks' } }, 'lacks the tag plimsoll:managed-by: set it in tags'],
    [VPC, {}, "set them in tags, or in its provider's defaultTags"],
    ['aws:sqs/queue:Queue', { tags: { Name: 'a' } }, 'aws:sqs/queue:Queue logical lacks the tags'],
  ])('are missed: %s %j', (type, props, message) => {
    expect(problems(tags, type, props, { provider: { props: { defaultTags: 'no JSON' } } })[0]).toContain(
      message,
    );
  });

  it('are those of the configuration', () => {
    expect(problems(tags, GROUP, { tags: { owner: 'me' } }, { config: { required: ['owner'] } })).toEqual([]);
  });
});
