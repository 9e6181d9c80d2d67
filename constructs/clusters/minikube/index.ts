import * as pulumi from '@pulumi/pulumi';
import { loadImage } from '../images/load-image';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import { shellCommand, type ShellCommand } from '../shell-command';
import type { MinikubeSettings } from './settings';

export { minikubeSettings } from './settings';

/** What a minikube profile is made from. */
export interface MinikubeInput extends ClusterInput<MinikubeSettings> {
  /** Options of `minikube start`, as the descriptor has it. */
  readonly startOptions: readonly string[];
}

const TOOLS = `need minikube 'https://minikube.sigs.k8s.io/docs/start/'
need kubectl 'https://kubernetes.io/docs/tasks/tools/'
profiles="$(minikube profile list --output json --light 2>&1)" || { printf '"minikube profile list" fails: %s\\n' "$profiles" >&2; exit 1; }
exists() { grep -Fq -- "\\"ClusterName\\":\\"$CLUSTER\\"" <<<"$profiles"; }`;

const KUBECONFIG = `kubectl config view --raw --minify --flatten --context "$CLUSTER"`;

const CREATE = `${TOOLS}
if exists; then
  printf 'a minikube profile "%s" is there already: set plimsoll:existingCluster to true to use it, plimsoll:clusterName for another name, or delete it with "minikube delete --profile %s"\\n' "$CLUSTER" "$CLUSTER" >&2
  exit 1
fi
mapfile -t options <<<"$OPTIONS"
minikube start --profile "$CLUSTER" "\${options[@]}" >&2
${KUBECONFIG}`;

const ADOPT = `${TOOLS}
if ! exists; then
  printf 'there is no minikube profile "%s": set plimsoll:existingCluster to false to have one made\\n' "$CLUSTER" >&2
  exit 1
fi
minikube start --profile "$CLUSTER" >&2
${KUBECONFIG}`;

const UPDATE = `${TOOLS}
if ! exists; then
  printf 'there is no minikube profile "%s" any more: "pulumi up --replace" with the URN of this command makes a new one\\n' "$CLUSTER" >&2
  exit 1
fi
${KUBECONFIG}`;

const DELETE = `${TOOLS}
minikube delete --profile "$CLUSTER" >&2`;

/**
 * A minikube profile on the machine where Pulumi runs. Anything that changes how it is started makes a new one, as a
 * profile keeps its settings. One that was there is started if it is stopped, used as it is, and stays.
 */
export function makeMinikube({ cluster, settings, startOptions }: MinikubeInput): RunningCluster {
  const { name } = cluster;
  const component = new pulumi.ComponentResource('plimsoll:clusters:Minikube', name);
  const parent = { parent: component };
  const resource = shellCommand('cluster', commandOf(name, settings, startOptions), parent);
  return {
    kubeconfig: pulumi.secret(resource.stdout),
    identity: resource.id,
    ready: [resource],
    images: {
      deliver: (image) =>
        loadImage(
          image,
          {
            load: 'minikube image load "$IMAGE" --profile "$CLUSTER"',
            cluster: name,
            clusterResource: resource,
          },
          parent,
        ),
    },
    connect: `minikube update-context --profile ${name}`,
    outputs: { clusterName: name },
    ...(settings.existingCluster ? {} : { goesWith: resource }),
  };
}

function commandOf(
  name: string,
  { existingCluster, driver }: MinikubeSettings,
  startOptions: readonly string[],
): ShellCommand {
  const common = { update: UPDATE, secretOutput: true };
  if (existingCluster) {
    return { ...common, create: ADOPT, environment: { CLUSTER: name }, triggers: [name] };
  }
  const options = [...startOptions, ...(driver === 'default' ? [] : [`--driver=${driver}`])].join('\n');
  return {
    ...common,
    create: CREATE,
    delete: DELETE,
    environment: { CLUSTER: name, OPTIONS: options },
    triggers: [name, options],
  };
}
