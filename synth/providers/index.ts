import { kindProvider } from './kind';
import { minikubeProvider } from './minikube';
import type { Provider, ProviderInput } from './provider';
import { remoteProvider } from './remote';

export { kindConfig } from './kind';
export { minikubeOptions } from './minikube';
export { builtImages, contextVariable, findContext, kubectlIn, type Provider } from './provider';

/**
 * What the files of a stack hold for its kind of cluster.
 * @throws UsageError naming what the cluster is described with and cannot have
 */
export function providerOf(input: ProviderInput): Provider {
  const { provider } = input.stack.cluster;
  switch (provider) {
    case 'kind':
      return kindProvider(input);
    case 'minikube':
      return minikubeProvider(input);
    case 'existing':
    case 'aks':
    case 'eks':
      return remoteProvider(input, provider);
  }
}
