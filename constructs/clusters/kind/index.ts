import * as pulumi from '@pulumi/pulumi';
import { loadImage } from '../images/load-image';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import { shellCommand, type ShellCommand } from '../shell-command';
import type { KindSettings } from './settings';

/** What a kind cluster is made from. */
export interface KindInput extends ClusterInput<KindSettings> {
  /** `kind.yaml`: nodes, network, flags and feature gates, as the descriptor says. */
  readonly config: string;
}

const TOOLS = `need docker 'https://docs.docker.com/engine/install/'
need kind 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation'
clusters="$(kind get clusters 2>&1)" || { printf '"kind get clusters" fails: %s\\n' "$clusters" >&2; exit 1; }
exists() { grep -Fxq -- "$CLUSTER" <<<"$clusters"; }`;

const KUBECONFIG = `kind get kubeconfig --name "$CLUSTER"`;

const CREATE = `${TOOLS}
if exists; then
  printf 'a kind cluster "%s" is there already: set plimsoll:existingCluster to true to use it, plimsoll:clusterName for another name, or delete it with "kind delete cluster --name %s"\\n' "$CLUSTER" "$CLUSTER" >&2
  exit 1
fi
kind create cluster --name "$CLUSTER" --config - <<<"$CONFIG" >&2
${KUBECONFIG}`;

const ADOPT = `${TOOLS}
if ! exists; then
  printf 'there is no kind cluster "%s": set plimsoll:existingCluster to false to have one made; there is: %s\\n' "$CLUSTER" "\${clusters//$'\\n'/, }" >&2
  exit 1
fi
${KUBECONFIG}`;

const UPDATE = `${TOOLS}
if ! exists; then
  printf 'there is no kind cluster "%s" any more: "pulumi up --replace" with the URN of this command makes a new one\\n' "$CLUSTER" >&2
  exit 1
fi
${KUBECONFIG}`;

const DELETE = `${TOOLS}
kind delete cluster --name "$CLUSTER" >&2`;

/**
 * A cluster of containers on the machine where Pulumi runs. Another Kubernetes version, or anything else of its
 * configuration, makes a new one: kind cannot change a cluster. One that was there is used as it is, and stays.
 */
export function makeKind({ cluster, settings, config }: KindInput): RunningCluster {
  const { name } = cluster;
  const component = new pulumi.ComponentResource('plimsoll:clusters:Kind', name);
  const parent = { parent: component };
  const resource = shellCommand('cluster', commandOf(name, settings, config), parent);
  return {
    kubeconfig: pulumi.secret(resource.stdout),
    identity: resource.id,
    ready: [resource],
    images: {
      deliver: (image) =>
        loadImage(
          image,
          {
            load: 'kind load docker-image "$IMAGE" --name "$CLUSTER"',
            cluster: name,
            clusterResource: resource,
          },
          parent,
        ),
    },
    connect: `kind export kubeconfig --name ${name}`,
    outputs: { clusterName: name },
    ...(settings.existingCluster ? {} : { goesWith: resource }),
  };
}

function commandOf(name: string, { existingCluster }: KindSettings, config: string): ShellCommand {
  const common = { update: UPDATE, secretOutput: true };
  if (existingCluster) {
    return { ...common, create: ADOPT, environment: { CLUSTER: name }, triggers: [name] };
  }
  return {
    ...common,
    create: CREATE,
    delete: DELETE,
    environment: { CLUSTER: name, CONFIG: config },
    triggers: [name, config],
  };
}
