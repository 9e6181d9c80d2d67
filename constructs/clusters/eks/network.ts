import * as ec2 from '@pulumi/aws/ec2';
import { getAvailabilityZonesOutput } from '@pulumi/aws/getAvailabilityZones';
import type * as pulumi from '@pulumi/pulumi';
import { UsageError } from '../../../core/errors';
import { parseCidr, partOf, type Cidr } from './cidr';
import type { Place } from './place';
import type { EksSettings } from './settings';

/** Where nodes and Fargate are. */
export interface Network {
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** What nodes need to reach the internet; gone before them, they could not be drained. */
  readonly routes: readonly pulumi.Resource[];
}

/** Zones in which EKS has no control planes: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const ZONES_WITHOUT_EKS = ['use1-az3', 'usw1-az2', 'cac1-az3'];
/** A VPC is cut into 16 blocks: private subnets from the first, public ones from the ninth. */
const SUBNET_BITS = 4;
const FIRST_PUBLIC = 8;

/** The VPC of the settings, or a new one. */
export function networkOf(place: Place, settings: EksSettings): Network {
  const { vpcId, privateSubnetIds } = settings;
  return vpcId === undefined ? newNetwork(place, settings) : { vpcId, privateSubnetIds, routes: [] };
}

/** What the parts of a new VPC are made from. */
interface Vpc extends Place {
  readonly vpcId: pulumi.Output<string>;
  readonly block: Cidr;
  readonly zones: pulumi.Output<string[]>;
}

/** A VPC with a private and a public subnet in each zone. Private ones get to the internet through NAT. */
function newNetwork(place: Place, settings: EksSettings): Network {
  const { vpcCidr, availabilityZones, natGateways } = settings;
  const block = parseCidr(vpcCidr);
  if (!block) throw new UsageError(`vpcCidr: "${vpcCidr}" is not a block of addresses`);
  const { name, aws } = place;
  const { id: vpcId } = new ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock: vpcCidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
    aws,
  );
  const vpc = { ...place, vpcId, block, zones: zonesOf(place, availabilityZones) };
  const zones = Array.from({ length: availabilityZones }, (_, index) => index);
  const outside = internetOf(vpc);
  const publicSubnets = zones.map((zone) => publicSubnet(vpc, zone, outside));
  const gateways = publicSubnets
    .slice(0, natGateways === 'one' ? 1 : zones.length)
    .map((subnet, zone) => natGateway(vpc, zone, subnet));
  const privateSubnets = zones.map((zone) => privateSubnet(vpc, zone, gateways[zone % gateways.length]));
  return {
    vpcId,
    privateSubnetIds: privateSubnets.map(({ subnet }) => subnet.id),
    routes: [...publicSubnets, ...privateSubnets].flatMap(({ routes }) => routes),
  };
}

/** Names of the zones of a region that have everything EKS needs. */
function zonesOf({ region, aws }: Place, count: number): pulumi.Output<string[]> {
  const { names } = getAvailabilityZonesOutput(
    {
      state: 'available',
      filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
      excludeZoneIds: ZONES_WITHOUT_EKS,
    },
    aws,
  );
  return names.apply((there) => enoughZones(region, there, count));
}

/**
 * The zones of a region, if they are enough.
 * @throws UsageError with how many there are
 */
export function enoughZones(region: string, there: string[], wanted: number): string[] {
  if (there.length >= wanted) return there;
  throw new UsageError(`availabilityZones: ${region} has ${there.length} zones for EKS, not ${wanted}`);
}

/** A subnet, and what its way out is made of. */
interface Subnet {
  readonly subnet: ec2.Subnet;
  readonly routes: readonly pulumi.Resource[];
}

/** The route table of all public subnets. */
interface Internet {
  readonly table: ec2.RouteTable;
  readonly route: ec2.Route;
}

function internetOf({ name, aws, vpcId }: Vpc): Internet {
  const gateway = new ec2.InternetGateway(`${name}-internet`, { vpcId, tags: { Name: name } }, aws);
  const table = new ec2.RouteTable(`${name}-public`, { vpcId, tags: { Name: `${name}-public` } }, aws);
  const route = new ec2.Route(
    `${name}-public`,
    { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id },
    aws,
  );
  return { table, route };
}

/** For NAT gateways, and load balancers that face the internet. */
function publicSubnet(vpc: Vpc, zone: number, { table, route }: Internet): Subnet {
  const name = `${vpc.name}-public-${zone + 1}`;
  const subnet = subnetIn(vpc, name, zone, FIRST_PUBLIC + zone, { 'kubernetes.io/role/elb': '1' });
  return { subnet, routes: [route, associate(vpc, name, subnet, table)] };
}

/** For nodes, Fargate, the control plane's interfaces and inner load balancers. */
function privateSubnet(vpc: Vpc, zone: number, gateway: ec2.NatGateway | undefined): Subnet {
  const name = `${vpc.name}-private-${zone + 1}`;
  const { vpcId, aws } = vpc;
  const subnet = subnetIn(vpc, name, zone, zone, { 'kubernetes.io/role/internal-elb': '1' });
  const table = new ec2.RouteTable(name, { vpcId, tags: { Name: name } }, aws);
  const association = associate(vpc, name, subnet, table);
  if (!gateway) return { subnet, routes: [association] };
  const route = new ec2.Route(
    name,
    { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: gateway.id },
    aws,
  );
  return { subnet, routes: [association, route] };
}

function natGateway({ name: cluster, aws }: Vpc, zone: number, { subnet, routes }: Subnet): ec2.NatGateway {
  const name = `${cluster}-nat-${zone + 1}`;
  const tags = { Name: name };
  // An address cannot be taken from a VPC whose internet gateway is gone.
  const dependsOn = [...routes];
  const address = new ec2.Eip(name, { domain: 'vpc', tags }, { ...aws, dependsOn });
  return new ec2.NatGateway(
    name,
    { allocationId: address.id, subnetId: subnet.id, tags },
    { ...aws, dependsOn },
  );
}

function subnetIn(
  vpc: Vpc,
  name: string,
  zone: number,
  part: number,
  tags: Record<string, string>,
): ec2.Subnet {
  return new ec2.Subnet(
    name,
    {
      vpcId: vpc.vpcId,
      cidrBlock: partOf(vpc.block, SUBNET_BITS, part),
      availabilityZone: vpc.zones.apply((names) => names[zone] ?? ''),
      tags: { Name: name, ...tags },
    },
    // The zones that AWS lists may change; a subnet cannot move.
    { ...vpc.aws, ignoreChanges: ['availabilityZone'] },
  );
}

function associate(
  { aws }: Vpc,
  name: string,
  subnet: ec2.Subnet,
  table: ec2.RouteTable,
): ec2.RouteTableAssociation {
  return new ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, aws);
}
