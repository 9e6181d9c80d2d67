import { enoughZones } from '../../constructs/clusters/eks/network';
import { dependenciesOf, madeCluster, NAME, type MadeCluster } from './support/eks';

/** A cluster of the least settings, for tests that only look at it. */
let standard: MadeCluster;
beforeAll(async () => {
  standard = await madeCluster();
});

describe('the network of a new EKS cluster', () => {
  it('is a VPC with a private and a public subnet in each zone, and one NAT gateway', () => {
    const { recording } = standard;
    expect(recording.one(`${NAME}-vpc`).inputs).toMatchObject({
      cidrBlock: '10.0.0.0/16',
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    const subnets = recording.ofType('aws:ec2/subnet:Subnet').map(({ inputs }) => inputs);
    expect(subnets.map(({ availabilityZone, cidrBlock }) => [cidrBlock, availabilityZone]).sort()).toEqual([
      ['10.0.0.0/20', 'eu-west-1a'],
      ['10.0.128.0/20', 'eu-west-1a'],
      ['10.0.144.0/20', 'eu-west-1b'],
      ['10.0.16.0/20', 'eu-west-1b'],
    ]);
    expect(recording.one(`${NAME}-private-1`, 'aws:ec2/subnet:Subnet')).toMatchObject({
      inputs: { tags: { 'kubernetes.io/role/internal-elb': '1' } },
      ignoreChanges: ['availabilityZone'],
    });
    expect(recording.one(`${NAME}-public-1`, 'aws:ec2/subnet:Subnet').inputs).toMatchObject({
      tags: { 'kubernetes.io/role/elb': '1' },
    });
    const { inputs: route } = recording.one(`${NAME}-private-2`, 'aws:ec2/route:Route');
    expect(route).toMatchObject({ destinationCidrBlock: '0.0.0.0/0', natGatewayId: `${NAME}-nat-1-id` });
  });

  it('has a NAT gateway in each zone if that is wanted', async () => {
    const { recording } = await madeCluster({
      settings: { publicAccessCidrs: ['203.0.113.7/32'], availabilityZones: 3, natGateways: 'per-zone' },
    });
    const routes = [1, 2, 3].map(
      (zone) => recording.one(`${NAME}-private-${zone}`, 'aws:ec2/route:Route').inputs,
    );
    expect(routes.map(({ natGatewayId }) => natGatewayId)).toEqual(
      [1, 2, 3].map((zone) => `${NAME}-nat-${zone}-id`),
    );
    expect(recording.one(`${NAME}-nat-3`, 'aws:ec2/natGateway:NatGateway').inputs).toMatchObject({
      subnetId: `${NAME}-public-3-id`,
    });
  });

  it('gives NAT gateways back while there is a way to the internet', () => {
    const { recording } = standard;
    for (const type of ['aws:ec2/natGateway:NatGateway', 'aws:ec2/eip:Eip']) {
      expect(dependenciesOf(recording.one(`${NAME}-nat-1`, type))).toContain(`Route ${NAME}-public`);
    }
    expect(dependenciesOf(recording.one(`${NAME}-public`, 'aws:ec2/route:Route'))).toContain(
      `InternetGateway ${NAME}-internet`,
    );
  });

  it('avoids zones in which EKS has no control planes', () => {
    const { recording } = standard;
    const call = recording.calls.find(({ token }) => token.includes('getAvailabilityZones'));
    expect(call?.inputs['excludeZoneIds']).toContain('use1-az3');
  });

  it('is refused where a region has too few zones', () => {
    expect(() => enoughZones('eu-west-1', ['eu-west-1a', 'eu-west-1b'], 3)).toThrow(
      'availabilityZones: eu-west-1 has 2 zones for EKS, not 3',
    );
  });
});
