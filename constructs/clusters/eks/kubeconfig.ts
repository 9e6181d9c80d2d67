import * as pulumi from '@pulumi/pulumi';
import type { ControlPlane } from './cluster';
import type { Place } from './place';
import type { EksSettings } from './settings';

/** Where a cluster is, and who asks it. */
type Reach = Pick<EksSettings, 'region' | 'profile'>;

/** A kubeconfig whose tokens the AWS CLI gets, for the credentials of the settings. */
export function kubeconfigOf(
  controlPlane: Pick<ControlPlane, 'name' | 'endpoint' | 'authority'>,
  reach: Reach,
): pulumi.Output<string> {
  const { name, endpoint, authority } = controlPlane;
  return pulumi.secret(
    pulumi.all([name, endpoint, authority]).apply((parts) => JSON.stringify(kubeconfig(parts, reach))),
  );
}

function kubeconfig([name, server, authority]: [string, string, string], { region, profile }: Reach) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1beta1',
            command: 'aws',
            args: [
              ...['--region', region, 'eks', 'get-token', '--cluster-name', name, '--output', 'json'],
              // AWS_PROFILE would give way to keys in the environment.
              ...(profile === undefined ? [] : ['--profile', profile]),
            ],
            interactiveMode: 'Never',
          },
        },
      },
    ],
  };
}

/** The command that adds a cluster to somebody's own kubeconfig. */
export function connectCommand({ name, region }: Place, { profile }: Reach): string {
  const update = `aws eks update-kubeconfig --region ${region} --name ${name}`;
  return profile === undefined ? update : `${update} --profile ${profile}`;
}
