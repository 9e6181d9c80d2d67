import { aksSettings } from '../../constructs/clusters/aks';
import { hasCpu, parseVmSize } from '../../constructs/clusters/aks/node-size';
import { parseAcr } from '../../constructs/clusters/aks/registry-host';
import { made, RANGE, type AksCase } from './support/aks';

/** What is said of settings, as `KEY: MESSAGE`. */
function complaints(settings: Readonly<Record<string, unknown>>): string[] {
  const { error } = aksSettings.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('settings of AKS', () => {
  it('want to know who reaches the API server, and name both keys', () => {
    const [complaint, ...others] = complaints({});
    expect(complaint).toMatch(
      /^authorizedIpRanges: is missing: name the addresses .* or set privateCluster to true/,
    );
    expect(others).toEqual([]);
    expect(complaints({ authorizedIpRanges: [RANGE] })).toEqual([]);
    expect(complaints({ privateCluster: true })).toEqual([]);
  });

  it.each([
    [{ authorizedIpRanges: [RANGE], privateCluster: true }, 'privateCluster: contradicts authorizedIpRanges'],
    [
      { authorizedIpRanges: ['0.0.0.0/0'] },
      'authorizedIpRanges.0: opens the API server to the whole internet',
    ],
    [{ authorizedIpRanges: ['203.0.113.7'] }, 'authorizedIpRanges.0: write a range of IPv4 addresses'],
    [{ vmSize: 'large' }, 'vmSize: is not a VM size: write it like Standard_D2ds_v5'],
    [{ systemVmSize: 'm5.large' }, 'systemVmSize: is not a VM size'],
    [{ systemNodeCount: 0 }, 'systemNodeCount: '],
    [{ osDiskSize: 10 }, 'osDiskSize: '],
    [{ zones: ['4'] }, 'zones.0: '],
    [{ location: 'West Europe' }, 'location: write a location such as westeurope'],
    [{ resourceGroup: 'a/b' }, 'resourceGroup: is no name of a resource group'],
    [{ resourceGroup: 'ends.' }, 'resourceGroup: is no name of a resource group'],
    [{ registryName: 'My-Registry' }, 'registryName: write 5 to 50 small letters and digits'],
    [{ adminGroupObjectIds: ['admins'] }, 'adminGroupObjectIds.0: write the object ID of a group'],
    [{ subscriptionId: 'mine' }, 'subscriptionId: write the ID of a subscription'],
    [{ maintenanceStart: '25:00' }, 'maintenanceStart: write a time such as 02:00'],
    [
      { autoUpgradeChannel: 'node-image', nodeOsUpgradeChannel: 'SecurityPatch' },
      'nodeOsUpgradeChannel: must be NodeImage with autoUpgradeChannel node-image',
    ],
    [
      { existingCluster: true, tier: 'Standard' },
      'tier: is for a new cluster: remove it, or existingCluster',
    ],
    [{ existingCluster: true, privateCluster: true }, 'privateCluster: is for a new cluster'],
    [{ size: 3 }, ': Unrecognized key: "size"'],
  ])('refuse %j', (settings, complaint) => {
    const access =
      'authorizedIpRanges' in settings || 'existingCluster' in settings
        ? {}
        : { authorizedIpRanges: [RANGE] };
    const found = complaints({ ...access, ...settings });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(complaint);
  });

  it('each say what they are for', () => {
    for (const [key, schema] of Object.entries(aksSettings.shape)) {
      expect([key, schema.description?.length ?? 0]).toEqual([key, expect.any(Number)]);
      expect(schema.description).toBeTruthy();
    }
  });
});

describe('what only the cluster or the registry tells', () => {
  const refused: readonly (readonly [string, AksCase, string])[] = [
    [
      'a VM size with too few CPUs for the workers',
      { settings: { vmSize: 'Standard_B1ms' } },
      'plimsoll:vmSize: Standard_B1ms has 1 CPUs, and a worker of cluster hpa-walkthrough has 1900m allocatable',
    ],
    [
      'a registry of Azure in a group that is not named',
      { registry: 'theirs.azurecr.io' },
      'plimsoll:registryResourceGroup is missing: name the resource group of registry theirs',
    ],
    [
      'permissions by repository of a new registry',
      { settings: { registryAbac: true } },
      'plimsoll:registryAbac is for a registry that is there: set plimsoll:registry',
    ],
    [
      'a group for a new registry of a new cluster',
      { settings: { registryResourceGroup: 'mine' } },
      'plimsoll:registryResourceGroup is for a registry that is there',
    ],
    [
      'a name for a registry that is there',
      { registry: 'theirs.azurecr.io', settings: { registryName: 'mine1' } },
      'plimsoll:registryName is for a new registry: remove it, or plimsoll:registry',
    ],
    [
      'builds in Azure for a registry of somebody else',
      { registry: 'ghcr.io/team', settings: { imageBuilds: 'acr-tasks' } },
      'plimsoll:imageBuilds is for a registry of Azure, and plimsoll:registry is ghcr.io/team',
    ],
    [
      'permissions by repository of a registry of somebody else',
      { registry: 'ghcr.io/team', settings: { registryAbac: true } },
      'plimsoll:registryAbac is for a registry of Azure',
    ],
    [
      'a cluster without workers',
      { cluster: { nodes: [{ role: 'control-plane', count: 1, cpu: '1', memory: '2Gi', pods: 30 }] } },
      'cluster hpa-walkthrough is described without workers',
    ],
  ];

  it.each(refused)('is refused: %s', async (_what, given, complaint) => {
    await expect(made(given)).rejects.toThrow(complaint);
  });
});

it('is not asked of a cluster that is there, whose nodes are what they are', async () => {
  const { cluster } = await made({ settings: { existingCluster: true, vmSize: 'Standard_B1ms' } });
  expect(cluster.ready).toHaveLength(1);
});

describe('names', () => {
  it.each([
    ['Standard_D2ds_v5', { cpus: 2, platform: 'linux/amd64' }],
    ['Standard_E4-2s_v5', { cpus: 2, platform: 'linux/amd64' }],
    ['Standard_D16pds_v6', { cpus: 16, platform: 'linux/arm64' }],
    ['Standard_B2ps_v2', { cpus: 2, platform: 'linux/arm64' }],
    ['Standard_NC24ads_A100_v4', { cpus: 24, platform: 'linux/amd64' }],
    ['Basic_A1', { cpus: 1, platform: 'linux/amd64' }],
  ])('of VM sizes say their CPUs and processors: %s', (name, size) => {
    expect(parseVmSize(name)).toEqual(size);
  });

  it.each([
    ['1900m', true],
    ['2', true],
    ['2100m', false],
  ])('of VM sizes with two CPUs are enough for %s: %s', (cpu, enough) => {
    expect(hasCpu({ cpus: 2, platform: 'linux/amd64' }, cpu)).toBe(enough);
  });

  it.each([
    ['theirs.azurecr.io', { name: 'theirs', host: 'theirs.azurecr.io', prefix: '' }],
    ['theirs.azurecr.io/a/b', { name: 'theirs', host: 'theirs.azurecr.io', prefix: 'a/b/' }],
    ['theirs-h4sh.azurecr.io', { name: 'theirs', host: 'theirs-h4sh.azurecr.io', prefix: '' }],
    ['theirs.azurecr.cn', { name: 'theirs', host: 'theirs.azurecr.cn', prefix: '' }],
    ['ghcr.io/theirs.azurecr.io', undefined],
    ['azurecr.io', undefined],
  ])('of registries say which of Azure it is: %s', (address, acr) => {
    expect(parseAcr(address)).toEqual(acr);
  });
});
