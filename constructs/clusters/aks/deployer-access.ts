import type * as pulumi from '@pulumi/pulumi';
import { shellCommand } from '../shell-command';
import type { Place } from './place';
import { grant } from './roles';
import type { AksSettings } from './settings';

/** Azure says that a role may take five minutes to be known to a cluster: three times as long is given, in seconds. */
const PAUSE = 10;
const ATTEMPTS = 90;

const WAIT = `need kubectl 'https://kubernetes.io/docs/tasks/tools/'
need kubelogin 'https://azure.github.io/kubelogin/install.html'
file="$(mktemp)"
trap 'rm -f "$file"' EXIT
printf '%s' "$CLUSTER_KUBECONFIG" >"$file"
said=''
for _ in $(seq "$ATTEMPTS"); do
  said="$(kubectl --kubeconfig "$file" auth can-i create clusterroles.rbac.authorization.k8s.io 2>&1)" && exit 0
  sleep "$PAUSE"
done
printf 'the cluster does not let whoever runs Pulumi administer it, although the role is granted: kubectl says "%s"\\n' "$said" >&2
exit 1`;

/**
 * In Entra, making a cluster gives no right inside it: whoever runs Pulumi gets one, and everything in the cluster waits
 * until the cluster knows of it.
 * @returns what to wait for
 */
export function deployerAccess(
  place: Place,
  { deployerAdmin, localAccounts }: Pick<AksSettings, 'deployerAdmin' | 'localAccounts'>,
  cluster: pulumi.CustomResource,
  kubeconfig: pulumi.Output<string>,
): readonly pulumi.Resource[] {
  if (localAccounts || deployerAdmin === 'none') return [];
  const granted = grant(place, 'deployer-administers-cluster', {
    role: 'Azure Kubernetes Service RBAC Cluster Admin',
    principalId: place.deployer.objectId,
    principal: deployerAdmin,
    scope: cluster.id,
  });
  const known = shellCommand(
    'deployer-is-known-to-cluster',
    {
      create: WAIT,
      update: WAIT,
      environment: {
        CLUSTER_KUBECONFIG: kubeconfig,
        ATTEMPTS: String(ATTEMPTS),
        PAUSE: String(PAUSE),
      },
      triggers: [granted.id],
    },
    { parent: place.azure.parent, deletedWith: cluster },
  );
  return [known];
}
