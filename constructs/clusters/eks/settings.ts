import { z } from 'zod';
import { isWithin, parseCidr } from './cidr';

/** Addresses that no machine has on the internet (RFC 1918, RFC 6598); EKS refuses them for its public endpoint. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Days that CloudWatch keeps logs, of those that it knows. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

const text = () => z.string().min(1, 'must not be empty');
const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]+$`), `write an ID like ${prefix}-0a1b2c3d`);

const vpcCidr = z
  .string()
  .refine(hasRoom, 'write the first address of a block of /16 to /22, such as 10.0.0.0/16')
  .default('10.0.0.0/16')
  .describe('addresses of a new VPC, from 10.0.0.0/16 down to a /22');

const publicCidr = z
  .string()
  .refine(
    (cidr) => parseCidr(cidr) !== undefined,
    'write the first address of a block, such as 203.0.113.7/32',
  )
  .refine(
    (cidr) => parseCidr(cidr)?.prefix !== 0,
    'opens the API server to the whole internet: name who needs it',
  )
  .refine((cidr) => !isPrivate(cidr), 'is a private range: nobody comes from there to the public endpoint');

const principalArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/\S+$/,
    'write the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/ops; a session (assumed-role) cannot have access',
  );

const fields = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'write a region such as eu-west-1')
    .default('eu-west-1')
    .describe('AWS region of the cluster'),
  profile: text()
    .optional()
    .describe(
      'profile of the AWS CLI, for Pulumi and in the kubeconfig; without it, the credentials of the environment',
    ),
  existingCluster: z
    .boolean()
    .default(false)
    .describe('use the EKS cluster of that name that is there; nothing of it is made, changed or deleted'),

  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'write an instance type such as m5.large')
    .default('m5.large')
    .describe(
      "instance type of the EC2 nodes; checks and rehearsal keep to the cluster's description, two m5.large. Of a cluster that is there, it only says for which CPU images are built",
    ),
  volumeSize: z.number().int().min(20).max(16384).default(120).describe('root volume of an EC2 node, in GiB'),

  vpcCidr,
  availabilityZones: z
    .number()
    .int()
    .min(2, 'EKS needs two')
    .max(6)
    .default(2)
    .describe('zones of a new VPC, each with a private and a public subnet'),
  natGateways: z
    .enum(['one', 'per-zone'])
    .default('one')
    .describe('NAT gateways of a new VPC: one, or one in each zone that outlives the failure of another'),
  vpcId: id('vpc').optional().describe('an existing VPC with DNS hostnames, instead of a new one'),
  privateSubnetIds: z
    .array(id('subnet'))
    .default([])
    .describe(
      'its private subnets for nodes and Fargate, in two zones at least, with a route to the internet through NAT',
    ),

  publicAccessCidrs: z
    .array(publicCidr)
    .default([])
    .describe('who reaches the API server from the internet, such as 203.0.113.7/32 for one machine'),
  privateEndpoint: z
    .boolean()
    .default(false)
    .describe(
      'the API server is reached inside the VPC alone; Pulumi has to run there, or be connected to it',
    ),
  adminPrincipalArns: z
    .array(principalArn)
    .default([])
    .describe(
      'IAM roles and users who administer the cluster, besides whoever makes it; do not repeat that one',
    ),
  controlPlaneLogs: z
    .array(z.enum(['api', 'audit', 'authenticator', 'controllerManager', 'scheduler']))
    .default([])
    .describe('logs of the control plane that go to CloudWatch'),
  logRetentionDays: z
    .number()
    .refine((days) => RETENTIONS.includes(days), `choose one of ${RETENTIONS.join(', ')}`)
    .default(30)
    .describe('days that CloudWatch keeps them'),
  extendedSupport: z
    .boolean()
    .default(false)
    .describe(
      'stay on a version after its standard support, at a higher price, instead of being upgraded by EKS',
    ),

  coreDnsOnFargate: z
    .boolean()
    .default(false)
    .describe('CoreDNS runs on Fargate, by a profile of its own, instead of on the EC2 nodes'),
  podExecutionRoleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 'write the ARN of an IAM role')
    .optional()
    .describe('an existing role by which Fargate pulls images, instead of a new one'),
  createFargateProfiles: z
    .boolean()
    .default(false)
    .describe(
      'with existingCluster: make the Fargate profiles in it, on privateSubnetIds, and delete them with the stack; otherwise it has to have some that select the same pods',
    ),

  vpcCniVersion: text()
    .optional()
    .describe('version of add-on vpc-cni; the newest for the cluster by default'),
  kubeProxyVersion: text().optional().describe('version of add-on kube-proxy; the newest by default'),
  coreDnsVersion: text().optional().describe('version of add-on coredns; the newest by default'),
});

type Fields = z.infer<typeof fields>;

/** Settings that say how a cluster is made, and mean nothing to one that is there. */
const OF_NEW_CLUSTERS = [
  'volumeSize',
  'vpcCidr',
  'availabilityZones',
  'natGateways',
  'vpcId',
  'publicAccessCidrs',
  'privateEndpoint',
  'adminPrincipalArns',
  'controlPlaneLogs',
  'logRetentionDays',
  'extendedSupport',
  'coreDnsOnFargate',
  'vpcCniVersion',
  'kubeProxyVersion',
  'coreDnsVersion',
] as const satisfies readonly (keyof Fields)[];

/** Settings of an EKS cluster, besides what its descriptor says. */
export const eksSettings = fields.superRefine((settings, context) => {
  const problems = settings.existingCluster ? existingProblems(settings) : newProblems(settings);
  for (const [key, message] of problems) context.addIssue({ code: 'custom', path: [key], message });
});
/** See {@link eksSettings}. */
export type EksSettings = Fields;

/** A key and what is wrong with it. */
type Problem = readonly [keyof Fields, string];

function existingProblems(settings: Fields): Problem[] {
  const defaults = fields.parse({});
  const { createFargateProfiles, privateSubnetIds, podExecutionRoleArn } = settings;
  const meaningless = OF_NEW_CLUSTERS.filter(
    (key) => JSON.stringify(settings[key]) !== JSON.stringify(defaults[key]),
  ).map((key): Problem => [key, 'is for a new cluster: remove it, or existingCluster']);
  if (createFargateProfiles && privateSubnetIds.length === 0) {
    return [
      ...meaningless,
      ['privateSubnetIds', 'is missing: createFargateProfiles needs subnets of the cluster'],
    ];
  }
  if (createFargateProfiles) return meaningless;
  const unused: Problem[] = [];
  if (privateSubnetIds.length > 0)
    unused.push(['privateSubnetIds', 'is of use with createFargateProfiles only']);
  if (podExecutionRoleArn !== undefined) {
    unused.push(['podExecutionRoleArn', 'is of use with createFargateProfiles only']);
  }
  return [...meaningless, ...unused];
}

function newProblems(settings: Fields): Problem[] {
  const { vpcId, privateSubnetIds, publicAccessCidrs, privateEndpoint, createFargateProfiles } = settings;
  const problems: Problem[] = [];
  if (vpcId !== undefined && privateSubnetIds.length < 2) {
    problems.push(['privateSubnetIds', 'name two private subnets of vpcId at least, in different zones']);
  }
  if (vpcId === undefined && privateSubnetIds.length > 0) {
    problems.push(['vpcId', 'is missing: name the VPC that privateSubnetIds are in']);
  }
  if (publicAccessCidrs.length === 0 && !privateEndpoint) {
    problems.push([
      'publicAccessCidrs',
      'is missing: name the addresses that may reach the API server, first of all the one that Pulumi comes from ("curl https://checkip.amazonaws.com" shows it; add /32), or set privateEndpoint to true where Pulumi runs inside the VPC',
    ]);
  }
  if (publicAccessCidrs.length > 0 && privateEndpoint) {
    problems.push(['privateEndpoint', 'contradicts publicAccessCidrs: set one of them']);
  }
  if (createFargateProfiles) {
    problems.push([
      'createFargateProfiles',
      'is for existingCluster: a new cluster gets its profiles anyway',
    ]);
  }
  return problems;
}

/** Sixteen parts of the block are at least of the /26 that two nodes and their pods need. */
function hasRoom(cidr: string): boolean {
  const block = parseCidr(cidr);
  return block !== undefined && block.prefix >= 16 && block.prefix <= 22;
}

function isPrivate(cidr: string): boolean {
  const block = parseCidr(cidr);
  return PRIVATE_RANGES.some((range) => {
    const outer = parseCidr(range);
    return block !== undefined && outer !== undefined && isWithin(block, outer);
  });
}
