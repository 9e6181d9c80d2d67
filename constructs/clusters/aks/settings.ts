import { z } from 'zod';
import { parseVmSize } from './node-size';

const text = () => z.string().min(1, 'must not be empty');
const flag = (what: string) => z.boolean().default(false).describe(what);
const guid = (what: string) => z.guid(`write ${what}, such as 00000000-0000-0000-0000-000000000000`);
const vmSize = () =>
  text().refine(
    (name) => parseVmSize(name) !== undefined,
    'is not a VM size: write it like Standard_D2ds_v5, as "az vm list-sizes --location LOCATION" has them',
  );
const resourceGroupName = () =>
  z
    .string()
    .regex(
      /^[\w().-]{0,89}[\w()-]$/,
      'is no name of a resource group: letters, digits and -_(). up to 90 of them',
    );

const range = z
  .cidrv4('write a range of IPv4 addresses such as 203.0.113.7/32')
  .refine((cidr) => !cidr.endsWith('/0'), 'opens the API server to the whole internet: name who needs it');

const fields = z.strictObject({
  subscriptionId: guid('the ID of a subscription')
    .optional()
    .describe('Azure subscription; without it, that of the environment or of "az account show"'),
  location: z
    .string()
    .regex(/^[a-z0-9]+$/, 'write a location such as westeurope, as "az account list-locations" names it')
    .default('westeurope')
    .describe('Azure region of everything that is made'),
  resourceGroup: resourceGroupName()
    .optional()
    .describe(
      "resource group that is made, or that an existing cluster is in; without it, the cluster's name",
    ),
  existingCluster: flag(
    'use the AKS cluster of that name in resourceGroup; nothing of it is made, changed or deleted',
  ),

  vmSize: vmSize()
    .default('Standard_D2ds_v5')
    .describe(
      "VM size of the workers; checks and rehearsal keep to the cluster's description, 2 CPUs and 8 GiB",
    ),
  systemVmSize: vmSize().default('Standard_D2ds_v5').describe('VM size of the nodes for the add-ons of AKS'),
  systemNodeCount: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('nodes for the add-ons of AKS, on which no other pods run; two outlive the failure of one'),
  osDiskType: z
    .enum(['Managed', 'Ephemeral'])
    .default('Managed')
    .describe('OS disk of the nodes; Ephemeral is faster, and needs a size whose own disk has osDiskSize'),
  osDiskSize: z.number().int().min(30).max(2048).default(64).describe('OS disk of a node, in GiB'),
  zones: z
    .array(z.enum(['1', '2', '3']))
    .default([])
    .describe('availability zones of the nodes; none leaves the choice to Azure'),

  authorizedIpRanges: z
    .array(range)
    .default([])
    .describe('who reaches the API server from the internet, such as 203.0.113.7/32 for one machine'),
  privateCluster: flag(
    'the API server is reached from its virtual network alone; Pulumi has to run there, or be connected to it',
  ),
  adminGroupObjectIds: z
    .array(guid('the object ID of a group'))
    .default([])
    .describe('Entra groups whose members administer the cluster'),
  deployerAdmin: z
    .enum(['User', 'ServicePrincipal', 'none'])
    .default('User')
    .describe(
      'what whoever runs Pulumi is in Entra, to get the role Azure Kubernetes Service RBAC Cluster Admin: ServicePrincipal for a pipeline or a managed identity; none where several run it, who are in adminGroupObjectIds',
    ),
  localAccounts: flag(
    'keep the administrator certificate, which Pulumi then uses instead of Entra; it cannot be revoked for one person',
  ),
  login: z
    .enum(['azurecli', 'azd', 'devicecode', 'msi', 'spn', 'workloadidentity'])
    .default('azurecli')
    .describe('how kubelogin, which has to be installed, signs in to the cluster'),

  tier: z
    .enum(['Free', 'Standard', 'Premium'])
    .default('Free')
    .describe('tier of the control plane; Standard has a guaranteed availability'),
  autoUpgradeChannel: z
    .enum(['none', 'patch', 'stable', 'rapid', 'node-image'])
    .default('patch')
    .describe('versions of Kubernetes that AKS upgrades to by itself'),
  nodeOsUpgradeChannel: z
    .enum(['None', 'Unmanaged', 'SecurityPatch', 'NodeImage'])
    .default('NodeImage')
    .describe("updates of the nodes' operating system"),
  maintenanceDay: z
    .enum(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
    .default('Sunday')
    .describe('day of the upgrades'),
  maintenanceStart: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time such as 02:00')
    .default('02:00')
    .describe('when the upgrades begin, in UTC; they have four hours'),
  azureMonitorMetrics: flag(
    'metrics of the cluster go to an Azure Monitor workspace too; nothing in the stack needs them',
  ),

  registryName: z
    .string()
    .regex(/^[a-z0-9]{5,50}$/, 'write 5 to 50 small letters and digits')
    .optional()
    .describe("name of a new registry, unique in Azure; without it, the cluster's name and random letters"),
  registrySku: z.enum(['Basic', 'Standard', 'Premium']).default('Basic').describe('size of a new registry'),
  registryResourceGroup: resourceGroupName()
    .optional()
    .describe(
      'resource group of the registry that is there, to let the nodes pull from it; with existingCluster and without a registry, the one that is made for it',
    ),
  registryAbac: flag(
    'the registry that is there is in the mode "RBAC Registry + ABAC Repository Permissions"; to push, whoever runs Pulumi needs Container Registry Repository Writer on it',
  ),
  grantPull: z
    .boolean()
    .default(true)
    .describe('let the nodes pull from the registry; set to false where they already may'),
  imageBuilds: z
    .enum(['docker', 'acr-tasks'])
    .default('docker')
    .describe('where images are built: by Docker on this machine, or in Azure with "az acr build"'),
  imagePlatform: z
    .enum(['linux/amd64', 'linux/arm64'])
    .optional()
    .describe('platform of the images; without it, that of vmSize'),
});

type Fields = z.infer<typeof fields>;

/** Settings that say how a cluster is made, and mean nothing to one that is there. */
const OF_NEW_CLUSTERS = [
  'systemVmSize',
  'systemNodeCount',
  'osDiskType',
  'osDiskSize',
  'zones',
  'authorizedIpRanges',
  'privateCluster',
  'adminGroupObjectIds',
  'deployerAdmin',
  'localAccounts',
  'tier',
  'autoUpgradeChannel',
  'nodeOsUpgradeChannel',
  'maintenanceDay',
  'maintenanceStart',
  'azureMonitorMetrics',
] as const satisfies readonly (keyof Fields)[];

/**
 * Settings of an AKS cluster, besides what its descriptor says. What depends on the descriptor or on `registry` is
 * checked where the cluster is made.
 */
export const aksSettings = fields.superRefine((settings, context) => {
  const problems = settings.existingCluster ? existingProblems(settings) : newProblems(settings);
  for (const [key, message] of problems) context.addIssue({ code: 'custom', path: [key], message });
});
/** See {@link aksSettings}. */
export type AksSettings = Fields;

/** A key and what is wrong with it. */
type Problem = readonly [keyof Fields, string];

function existingProblems(settings: Fields): Problem[] {
  const defaults = fields.parse({});
  return OF_NEW_CLUSTERS.filter((key) => JSON.stringify(settings[key]) !== JSON.stringify(defaults[key])).map(
    (key): Problem => [key, 'is for a new cluster: remove it, or existingCluster'],
  );
}

function newProblems(settings: Fields): Problem[] {
  const { authorizedIpRanges, privateCluster, autoUpgradeChannel, nodeOsUpgradeChannel } = settings;
  const problems: Problem[] = [];
  if (authorizedIpRanges.length === 0 && !privateCluster) {
    problems.push([
      'authorizedIpRanges',
      'is missing: name the addresses that may reach the API server, first of all the one that Pulumi comes from ("curl https://checkip.amazonaws.com" shows it; add /32), or set privateCluster to true where Pulumi runs inside the virtual network',
    ]);
  }
  if (authorizedIpRanges.length > 0 && privateCluster) {
    problems.push(['privateCluster', 'contradicts authorizedIpRanges: set one of them']);
  }
  if (autoUpgradeChannel === 'node-image' && nodeOsUpgradeChannel !== 'NodeImage') {
    problems.push(['nodeOsUpgradeChannel', 'must be NodeImage with autoUpgradeChannel node-image']);
  }
  return problems;
}
