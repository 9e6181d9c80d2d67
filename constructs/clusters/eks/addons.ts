import { Addon, getAddonVersionOutput } from '@pulumi/aws/eks';
import type * as pulumi from '@pulumi/pulumi';
import type { ControlPlane } from './cluster';
import type { Place } from './place';

/** One add-on that EKS installs. */
export interface AddOnInput {
  readonly controlPlane: Pick<ControlPlane, 'name'>;
  /** `1.35` */
  readonly kubernetesVersion: string;
  /** The newest for that version of Kubernetes by default. */
  readonly version: string | undefined;
  /** By the schema of the add-on. */
  readonly configuration?: Readonly<Record<string, string>> | undefined;
  readonly after?: readonly pulumi.Resource[];
}

/**
 * Installs an add-on.
 * @param addonName `vpc-cni`, as EKS calls it
 */
export function addOn(
  { name, aws }: Place,
  addonName: 'vpc-cni' | 'kube-proxy' | 'coredns',
  { controlPlane, kubernetesVersion, version, configuration, after = [] }: AddOnInput,
): Addon {
  return new Addon(
    `${name}-${addonName}`,
    {
      clusterName: controlPlane.name,
      addonName,
      addonVersion:
        version ?? getAddonVersionOutput({ addonName, kubernetesVersion, mostRecent: true }, aws).version,
      ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
      // What goes with the cluster need not be taken out of it first.
      preserve: true,
    },
    { ...aws, dependsOn: [...after] },
  );
}
