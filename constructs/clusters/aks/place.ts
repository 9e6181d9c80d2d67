import { getClientConfigOutput, type GetClientConfigResult } from '@pulumi/azure-native/authorization';
import { Provider } from '@pulumi/azure-native/provider';
import type * as pulumi from '@pulumi/pulumi';
import type { ClusterInput } from '../running-cluster';
import type { AksSettings } from './settings';

/** Where everything of one cluster is made. */
export interface Place {
  /** The cluster's name. */
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Options of every resource and of every function. */
  readonly azure: { readonly parent: pulumi.Resource; readonly provider: Provider };
  /** Whoever runs Pulumi, and their subscription. */
  readonly deployer: pulumi.Output<GetClientConfigResult>;
  /** Words of every call of `az`: the subscription where one is set. */
  readonly subscriptionId: string | undefined;
}

/** A place below a component, in the subscription of the settings or in that of the environment. */
export function placeOf(
  parent: pulumi.ComponentResource,
  { cluster: { name }, settings: { location, subscriptionId }, tags }: ClusterInput<AksSettings>,
): Place {
  const provider = new Provider(
    'azure',
    { location, ...(subscriptionId === undefined ? {} : { subscriptionId }) },
    { parent },
  );
  const azure = { parent, provider };
  return { name, location, tags, azure, deployer: getClientConfigOutput(azure), subscriptionId };
}
