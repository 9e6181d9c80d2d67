/** The digest of every image. */
export const DIGEST = `sha256:${'a1'.repeat(32)}`;
/** What must never be seen outside of a secret. */
const TOKEN = 'token-of-the-administrator';

/** A kubeconfig of a cluster with that address. */
export function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'cluster',
    clusters: [{ name: 'cluster', cluster: { server } }],
    contexts: [{ name: 'cluster', context: { cluster: 'cluster', user: 'admin' } }],
    users: [{ name: 'admin', user: { token: TOKEN } }],
  });
}
