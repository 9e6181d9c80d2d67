import type { Place } from './place';
import type { AksSettings } from './settings';

/** The commands by which a person gets a context for the cluster. */
export function connectCommand(
  { name, subscriptionId }: Place,
  resourceGroup: string,
  { localAccounts, login }: Pick<AksSettings, 'localAccounts' | 'login'>,
): string {
  const words = [
    ...['az', 'aks', 'get-credentials', '--resource-group', `'${resourceGroup}'`, '--name', `'${name}'`],
    ...(subscriptionId === undefined ? [] : ['--subscription', subscriptionId]),
  ];
  return localAccounts
    ? [...words, '--admin'].join(' ')
    : `${words.join(' ')} && kubelogin convert-kubeconfig --login ${login}`;
}
