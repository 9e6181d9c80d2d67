import { z } from 'zod';
import { aksSettings } from '../../constructs/clusters/aks/settings';
import { eksSettings } from '../../constructs/clusters/eks/settings';
import { existingSettings } from '../../constructs/clusters/existing/settings';
import { fluxSettings } from '../../constructs/clusters/flux/settings';
import { kindSettings } from '../../constructs/clusters/kind/settings';
import { minikubeSettings } from '../../constructs/clusters/minikube/settings';
import type { ClusterDescriptor } from '../../core/model';

/** Settings of every Pulumi stack, whatever its cluster. */
export const commonSettings = z.strictObject({
  existingReleases: z
    .array(z.string())
    .default([])
    .describe(
      'Helm releases of the stack that are not installed, because somebody else put what they bring into the cluster, such as ["prometheus-operator-crds"]',
    ),
  tags: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'tags of everything in a cloud that can have them, besides plimsoll:stack and plimsoll:managed-by',
    ),
});

const BY_PROVIDER: Readonly<Record<ClusterDescriptor['provider'], z.ZodObject>> = {
  kind: kindSettings,
  minikube: minikubeSettings,
  existing: existingSettings,
  aks: aksSettings,
  eks: eksSettings,
};

/** All settings of a Pulumi stack whose cluster is of that kind, besides the options of the stack. */
export function settingsFor(provider: ClusterDescriptor['provider']): readonly z.ZodObject[] {
  return [BY_PROVIDER[provider], commonSettings, fluxSettings];
}
