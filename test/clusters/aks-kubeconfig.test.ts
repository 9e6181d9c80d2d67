import { parse } from 'yaml';
import { signingIn } from '../../constructs/clusters/aks/kubeconfig';
import { CERTIFICATE_KUBECONFIG, ENTRA_KUBECONFIG } from './support/aks';

/** The words of kubelogin in a kubeconfig. */
function wordsOf(kubeconfig: string): unknown {
  const { users } = parse(kubeconfig) as { users: { user: { exec: { args: unknown } } }[] };
  return users[0]?.user.exec.args;
}

describe('the kubeconfig of an AKS cluster', () => {
  it.each([
    ['azurecli', ['--server-id', 'server']],
    ['azd', ['--server-id', 'server']],
    ['msi', ['--server-id', 'server']],
    ['workloadidentity', ['--server-id', 'server']],
    ['spn', ['--environment', 'AzurePublicCloud', '--server-id', 'server', '--tenant-id', 'tenant']],
    [
      'devicecode',
      [
        ...['--environment', 'AzurePublicCloud', '--server-id', 'server'],
        ...['--client-id', 'client', '--tenant-id', 'tenant'],
      ],
    ],
  ] as const)('signs in by %s with the words of AKS that it takes', (login, words) => {
    expect(wordsOf(signingIn(ENTRA_KUBECONFIG, login))).toEqual(['get-token', '--login', login, ...words]);
  });

  it('keeps everything else, and says where kubelogin comes from', () => {
    const before: unknown = parse(ENTRA_KUBECONFIG);
    const after: unknown = parse(signingIn(ENTRA_KUBECONFIG, 'azurecli'));
    expect(after).toMatchObject({
      ...(before as object),
      users: [
        {
          name: 'clusterUser',
          user: { exec: { installHint: expect.stringContaining('https://') as unknown } },
        },
      ],
    });
  });

  it('keeps a certificate', () => {
    expect(parse(signingIn(CERTIFICATE_KUBECONFIG, 'azurecli'))).toEqual(parse(CERTIFICATE_KUBECONFIG));
  });

  it('is refused where it is none', () => {
    expect(() => signingIn('kind: Config', 'azurecli')).toThrow('AKS gives a kubeconfig that cannot be read');
  });
});
