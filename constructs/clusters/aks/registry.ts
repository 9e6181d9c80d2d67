import { getRegistryOutput, Registry } from '@pulumi/azure-native/containerregistry';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import { UsageError } from '../../../core/errors';
import type { ClusterInput } from '../running-cluster';
import type { Place } from './place';
import { parseAcr } from './registry-host';
import { grant, type ROLES } from './roles';
import type { AksSettings } from './settings';

/** Characters of the cluster's name in that of its registry, which has room for 50. */
const NAME_LENGTH = 40;
const SUFFIX_LENGTH = 8;

/** The registry that images go to. */
export interface ImageRegistry {
  /** `HOST[:PORT][/PATH]` */
  readonly address: pulumi.Input<string>;
  /** Name of the Azure resource; absent for a registry of somebody else. */
  readonly acr: pulumi.Input<string> | undefined;
  /** What repositories are below in it, with a slash at its end. */
  readonly prefix: string;
  /** ID that the right to pull is granted on; absent where none is needed. */
  readonly scope: pulumi.Input<string> | undefined;
  readonly pullRole: keyof typeof ROLES;
  /** The registry, where it is made and goes with the stack. */
  readonly own: Registry | undefined;
}

/**
 * The registry of the configuration, or a new one.
 * @param group that a new one is made in; asked for only then
 * @throws UsageError naming the setting that is missing or does not fit
 */
export function registryFor(
  place: Place,
  { registry, settings }: ClusterInput<AksSettings>,
  group: () => ResourceGroup,
): ImageRegistry {
  refuseUnused(registry, settings);
  return registry === ''
    ? makeRegistry(place, settings, group())
    : existingRegistry(place, registry, settings);
}

/** Settings of the registry that is not used would be left out silently. */
function refuseUnused(registry: string, settings: AksSettings): void {
  if (registry === '') {
    if (settings.registryAbac) {
      throw new UsageError(
        'plimsoll:registryAbac is for a registry that is there: set plimsoll:registry, or remove it',
      );
    }
    if (settings.registryResourceGroup !== undefined && !settings.existingCluster) {
      throw new UsageError(
        'plimsoll:registryResourceGroup is for a registry that is there: set plimsoll:registry, or remove it; a new registry is made in the resource group of the cluster',
      );
    }
  } else if (settings.registryName !== undefined) {
    throw new UsageError(
      'plimsoll:registryName is for a new registry: remove it, or plimsoll:registry, which names one that is there',
    );
  }
}

/** Without an administrator's password: people and nodes show who they are in Entra. */
function makeRegistry(place: Place, settings: AksSettings, group: ResourceGroup): ImageRegistry {
  const own = new Registry(
    'registry',
    {
      resourceGroupName: group.name,
      registryName: settings.registryName ?? uniqueName(place),
      location: place.location,
      tags: { ...place.tags },
      sku: { name: settings.registrySku },
      adminUserEnabled: false,
    },
    { ...place.azure, deleteBeforeReplace: true },
  );
  return {
    ...{ address: own.loginServer, acr: own.name, prefix: '', own },
    scope: settings.grantPull ? own.id : undefined,
    pullRole: 'AcrPull',
  };
}

/** Names of registries are unique in all of Azure. */
function uniqueName({ name, azure }: Place): pulumi.Output<string> {
  const { result } = new random.RandomString(
    'registry-suffix',
    { length: SUFFIX_LENGTH, special: false, upper: false },
    { parent: azure.parent },
  );
  const start = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return pulumi.interpolate`${start.slice(0, NAME_LENGTH)}${result}`;
}

function existingRegistry({ azure }: Place, registry: string, settings: AksSettings): ImageRegistry {
  const acr = parseAcr(registry);
  if (!acr) return foreignRegistry(registry, settings);
  const pullRole = settings.registryAbac ? 'Container Registry Repository Reader' : 'AcrPull';
  const known = { address: registry, acr: acr.name, prefix: acr.prefix, pullRole, own: undefined } as const;
  if (!settings.grantPull) return { ...known, scope: undefined };
  const { registryResourceGroup } = settings;
  if (registryResourceGroup === undefined) {
    throw new UsageError(
      `plimsoll:registryResourceGroup is missing: name the resource group of registry ${acr.name}, so that the nodes get the right to pull from it ("az acr show --name ${acr.name} --query resourceGroup" shows it), or set plimsoll:grantPull to false where they have it`,
    );
  }
  const found = getRegistryOutput(
    { resourceGroupName: registryResourceGroup, registryName: acr.name },
    azure,
  );
  return { ...known, scope: found.id };
}

/** A registry outside Azure: its nodes pull as everybody does. */
function foreignRegistry(
  registry: string,
  { registryAbac, imageBuilds, registryResourceGroup }: AksSettings,
): ImageRegistry {
  const key =
    (registryAbac && 'registryAbac') ||
    (imageBuilds === 'acr-tasks' && 'imageBuilds') ||
    (registryResourceGroup !== undefined && 'registryResourceGroup');
  if (key) {
    throw new UsageError(
      `plimsoll:${key} is for a registry of Azure, and plimsoll:registry is ${registry}: name one like NAME.azurecr.io, or remove plimsoll:${key}`,
    );
  }
  return {
    ...{ address: registry, acr: undefined, prefix: '', scope: undefined, own: undefined },
    pullRole: 'AcrPull',
  };
}

/** Grants the right to pull where it is needed: what pods have to wait for. */
export function letPull(
  place: Place,
  { scope, pullRole }: ImageRegistry,
  kubelet: pulumi.Output<string>,
): readonly pulumi.Resource[] {
  if (scope === undefined) return [];
  return [
    grant(place, 'kubelet-pulls-images', {
      role: pullRole,
      principalId: kubelet,
      principal: 'ServicePrincipal',
      scope,
    }),
  ];
}
