import {
  listManagedClusterAdminCredentialsOutput,
  listManagedClusterUserCredentialsOutput,
} from '@pulumi/azure-native/containerservice';
import * as pulumi from '@pulumi/pulumi';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../../core/errors';
import type { Place } from './place';
import type { AksSettings } from './settings';

type Login = AksSettings['login'];

/** What each way to sign in takes of the words that AKS gives; the rest would override whom the environment names. */
const KEPT_FLAGS: Readonly<Record<Login, readonly string[]>> = {
  azurecli: ['--server-id'],
  azd: ['--server-id'],
  devicecode: ['--environment', '--server-id', '--client-id', '--tenant-id'],
  msi: ['--server-id'],
  spn: ['--environment', '--server-id', '--tenant-id'],
  workloadidentity: ['--server-id'],
};

const INSTALL_HINT = 'kubelogin is not installed: https://azure.github.io/kubelogin/install.html';

const kubeconfigSchema = z.looseObject({
  users: z.array(
    z.looseObject({
      user: z.looseObject({
        exec: z
          .looseObject({
            command: z.string(),
            args: z
              .array(z.string())
              .nullish()
              .transform((args) => args ?? []),
          })
          .optional(),
      }),
    }),
  ),
});

/** The kubeconfig of a cluster for whoever runs Pulumi; a secret. */
export function kubeconfigOf(
  { azure }: Place,
  cluster: { readonly resourceGroupName: pulumi.Input<string>; readonly resourceName: pulumi.Input<string> },
  { localAccounts, login }: Pick<AksSettings, 'localAccounts' | 'login'>,
): pulumi.Output<string> {
  const { kubeconfigs } = localAccounts
    ? listManagedClusterAdminCredentialsOutput(cluster, azure)
    : listManagedClusterUserCredentialsOutput({ ...cluster, format: 'exec' }, azure);
  return pulumi.secret(
    kubeconfigs.apply(([first]) => {
      if (first === undefined)
        throw new UsageError('AKS gives whoever runs Pulumi no kubeconfig of the cluster');
      return signingIn(Buffer.from(first.value, 'base64').toString('utf8'), login);
    }),
  );
}

/**
 * A kubeconfig whose users sign in as told, as `kubelogin convert-kubeconfig` makes it; users with a certificate stay as
 * they are.
 * @throws UsageError where it is no kubeconfig
 */
export function signingIn(kubeconfig: string, login: Login): string {
  const read = kubeconfigSchema.safeParse(parse(kubeconfig));
  if (!read.success)
    throw new UsageError(`AKS gives a kubeconfig that cannot be read: ${read.error.message}`);
  for (const { user } of read.data.users) {
    if (user.exec?.command !== 'kubelogin') continue;
    user.exec.args = ['get-token', '--login', login, ...keptWords(user.exec.args, login)];
    user.exec['installHint'] = INSTALL_HINT;
  }
  return stringify(read.data);
}

/** Flags with the values behind them. */
function keptWords(words: readonly string[], login: Login): string[] {
  return KEPT_FLAGS[login].flatMap((flag) => {
    const value = words[words.indexOf(flag) + 1];
    return words.includes(flag) && value !== undefined ? [flag, value] : [];
  });
}
