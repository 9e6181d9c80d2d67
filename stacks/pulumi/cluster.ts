import { existingSettings } from '../../constructs/clusters/existing/settings';
import { aksSettings } from '../../constructs/clusters/aks/settings';
import { eksSettings } from '../../constructs/clusters/eks/settings';
import type { BuiltImage } from '../../constructs/clusters/image-target';
import { kindSettings } from '../../constructs/clusters/kind/settings';
import { minikubeSettings } from '../../constructs/clusters/minikube/settings';
import type { RunningCluster } from '../../constructs/clusters/running-cluster';
import { kindConfig, minikubeOptions } from '../../synth';
import type { ProgramConfig } from './config';
import { commonSettings } from './settings';

/** The cluster of a stack: made, or found. Only the module of its kind is loaded, and so only one cloud's SDK. */
export async function clusterOf(
  { stack, registry, read }: ProgramConfig,
  images: readonly BuiltImage[],
): Promise<RunningCluster> {
  const { cluster } = stack;
  const { tags } = read(commonSettings);
  const input = {
    cluster,
    images,
    registry,
    tags: { ...tags, 'plimsoll:stack': stack.name, 'plimsoll:managed-by': 'pulumi' },
  };
  switch (cluster.provider) {
    case 'kind': {
      const { makeKind } = await import('../../constructs/clusters/kind');
      return makeKind({ ...input, settings: read(kindSettings), config: kindConfig(cluster) });
    }
    case 'minikube': {
      const { makeMinikube } = await import('../../constructs/clusters/minikube');
      return makeMinikube({
        ...input,
        settings: read(minikubeSettings),
        startOptions: minikubeOptions(stack),
      });
    }
    case 'existing': {
      const { useExisting } = await import('../../constructs/clusters/existing');
      return useExisting({ ...input, settings: read(existingSettings) });
    }
    case 'aks': {
      const { makeAks } = await import('../../constructs/clusters/aks');
      return makeAks({ ...input, settings: read(aksSettings) });
    }
    case 'eks': {
      const { makeEks } = await import('../../constructs/clusters/eks');
      return makeEks({ ...input, settings: read(eksSettings) });
    }
  }
}
