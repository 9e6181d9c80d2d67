import { partOf, parseCidr } from '../../constructs/clusters/eks/cidr';
import { platformsOf } from '../../constructs/clusters/eks/architecture';
import { eksSettings } from '../../constructs/clusters/eks/settings';

const REACHABLE = { publicAccessCidrs: ['203.0.113.7/32'] };

/** `KEY: MESSAGE` of everything that is wrong with settings. */
function problems(settings: Readonly<Record<string, unknown>>): string[] {
  const { error } = eksSettings.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('settings of an EKS cluster', () => {
  it('are those of the document, where nothing else is said', () => {
    expect(eksSettings.parse(REACHABLE)).toMatchObject({
      region: 'eu-west-1',
      instanceType: 'm5.large',
      volumeSize: 120,
      existingCluster: false,
      coreDnsOnFargate: false,
    });
  });

  it('are all described', () => {
    for (const [key, schema] of Object.entries(eksSettings.shape)) {
      expect(`${key} ${schema.description ?? ''}`).toMatch(/ .{10}/);
    }
  });

  it('have to say who reaches the API server, with the way to find that out', () => {
    const [problem = ''] = problems({});
    expect(problem).toMatch(/^publicAccessCidrs: is missing/);
    expect(problem).toContain('checkip.amazonaws.com');
    expect(problem).toContain('privateEndpoint');
    expect(problems({ privateEndpoint: true })).toEqual([]);
  });

  it.each([
    ['0.0.0.0/0', 'publicAccessCidrs.0: opens the API server to the whole internet: name who needs it'],
    ['203.0.113.7', 'publicAccessCidrs.0: write the first address of a block, such as 203.0.113.7/32'],
    ['203.0.113.7/24', 'publicAccessCidrs.0: write the first address of a block, such as 203.0.113.7/32'],
    ['203.0.113.256/32', 'publicAccessCidrs.0: write the first address of a block, such as 203.0.113.7/32'],
    [
      '10.1.0.0/16',
      'publicAccessCidrs.0: is a private range: nobody comes from there to the public endpoint',
    ],
    [
      '192.168.1.5/32',
      'publicAccessCidrs.0: is a private range: nobody comes from there to the public endpoint',
    ],
  ])('refuse %s as who reaches it', (cidr, problem) => {
    expect(problems({ publicAccessCidrs: [cidr] })).toEqual([problem]);
  });

  it.each([
    [{ vpcId: 'vpc-0a1b' }, /^privateSubnetIds: name two private subnets/],
    [{ vpcId: 'vpc-0a1b', privateSubnetIds: ['subnet-01'] }, /^privateSubnetIds: name two private subnets/],
    [{ privateSubnetIds: ['subnet-01', 'subnet-02'] }, /^vpcId: is missing/],
    [{ vpcId: 'main', privateSubnetIds: ['subnet-01', 'subnet-02'] }, /^vpcId: write an ID like vpc-/],
    [{ vpcCidr: '10.0.0.0/24' }, /^vpcCidr: .*\/16 to \/22/],
    [{ vpcCidr: '10.0.0.1/16' }, /^vpcCidr: /],
    [{ availabilityZones: 1 }, /^availabilityZones: EKS needs two/],
    [{ region: 'Ireland' }, /^region: write a region such as eu-west-1/],
    [{ instanceType: 'large' }, /^instanceType: write an instance type/],
    [
      { adminPrincipalArns: ['arn:aws:sts::111122223333:assumed-role/ops/me'] },
      /^adminPrincipalArns\.0: .*session/,
    ],
    [{ logRetentionDays: 8 }, /^logRetentionDays: choose one of 1, 3/],
    [{ createFargateProfiles: true }, /^createFargateProfiles: is for existingCluster/],
    [{ privateEndpoint: true }, /^privateEndpoint: contradicts publicAccessCidrs/],
  ])('refuse %j', (settings, problem) => {
    const [first = '', ...more] = problems({ ...REACHABLE, ...settings });
    expect(first).toMatch(problem);
    expect(more).toEqual([]);
  });

  it('of a cluster that is there are those that mean something to it', () => {
    expect(problems({ existingCluster: true, region: 'eu-north-1', instanceType: 'm7g.large' })).toEqual([]);
    expect(problems({ existingCluster: true, ...REACHABLE, volumeSize: 50 })).toEqual([
      'volumeSize: is for a new cluster: remove it, or existingCluster',
      'publicAccessCidrs: is for a new cluster: remove it, or existingCluster',
    ]);
    expect(problems({ existingCluster: true, createFargateProfiles: true })).toEqual([
      'privateSubnetIds: is missing: createFargateProfiles needs subnets of the cluster',
    ]);
    expect(
      problems({
        existingCluster: true,
        privateSubnetIds: ['subnet-01'],
        podExecutionRoleArn: 'arn:aws:iam::111122223333:role/fargate',
      }),
    ).toEqual([
      'privateSubnetIds: is of use with createFargateProfiles only',
      'podExecutionRoleArn: is of use with createFargateProfiles only',
    ]);
  });
});

describe('blocks of addresses', () => {
  it('are cut into parts of one size', () => {
    const block = parseCidr('10.64.0.0/16');
    if (!block) throw new Error('not read');
    expect([0, 1, 8, 15].map((index) => partOf(block, 4, index))).toEqual([
      '10.64.0.0/20',
      '10.64.16.0/20',
      '10.64.128.0/20',
      '10.64.240.0/20',
    ]);
  });

  it.each(['10.0.0.0', '10.0.0/8', '10.0.0.0/33', '1.2.3.4/24', '::/0'])('are not written %s', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('platforms of images', () => {
  const fargate = { profiles: [{ name: 'demo', namespace: 'demo', labels: {} }], podStart: '45s' };

  it.each(['m5.large', 'g4dn.xlarge', 'p5.48xlarge', 'm7i-flex.large', 'u7i-12tb.224xlarge'])(
    'are those of x86 for %s',
    (instanceType) => {
      expect(platformsOf({ fargate }, instanceType)).toEqual(['linux/amd64']);
    },
  );

  it.each(['m7g.large', 't4g.medium', 'c7gn.xlarge', 'a1.large', 'im4gn.large'])(
    'are those of Arm for %s, and of Fargate besides',
    (instanceType) => {
      expect(platformsOf({}, instanceType)).toEqual(['linux/arm64']);
      expect(platformsOf({ fargate }, instanceType)).toEqual(['linux/amd64', 'linux/arm64']);
    },
  );
});
