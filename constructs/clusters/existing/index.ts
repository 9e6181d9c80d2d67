import * as pulumi from '@pulumi/pulumi';
import { UsageError } from '../../../core/errors';
import { pushImage } from '../images/push-image';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import type { ExistingSettings } from './settings';

export { existingSettings } from './settings';

/**
 * A cluster that was there before the stack and stays when it goes. Its nodes pull images from a registry that is there.
 * @throws UsageError without a registry
 */
export function useExisting({ settings, registry, images }: ClusterInput<ExistingSettings>): RunningCluster {
  const { kubeconfig, kubeconfigPath = '', context, platform } = settings;
  if (images.length > 0 && registry === '') {
    throw new UsageError(
      'plimsoll:registry is missing: name a registry that the nodes can pull from, HOST[:PORT][/PATH]',
    );
  }
  const { registryUsername: username, registryPassword: password } = settings;
  const credentials =
    username === undefined || password === undefined
      ? undefined
      : { username, password: pulumi.secret(password) };
  return {
    kubeconfig: pulumi.secret(kubeconfig ?? kubeconfigPath),
    ...(context === undefined ? {} : { context }),
    identity: `context ${context ?? ''}`,
    ready: [],
    images: {
      deliver: (image) => pushImage(image, { registry, platforms: [platform], credentials }, {}),
    },
    connect: `kubectl config use-context ${context ?? ''}${kubeconfigPath === '' ? '' : ` --kubeconfig ${kubeconfigPath}`}`,
    outputs: {},
  };
}
