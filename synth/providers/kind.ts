import { stringify } from 'yaml';
import { minorVersion, type ClusterDescriptor } from '../../core/model';
import { textFile } from '../generated-file';
import { command, script, step, type FunctionLibrary } from '../shell';
import { changedFlags } from './controller-manager';
import { dockerfileCheck, type Provider, type ProviderInput } from './provider';
import { helmTool, kubectlTool } from './tools';

/** The first Kubernetes minor that kind configures with kubeadm's `v1beta4`, where flags are lists (kind pull request 4173). */
const FIRST_LIST_MINOR = 36;

/**
 * Oldest kind that has an image of a Kubernetes minor; older minors work with every kind that this project's scripts
 * accept.
 */
const KIND_FOR_MINOR: Readonly<Record<string, string>> = { '1.37': '0.33.0', '1.36': '0.32.0' };
const OLDEST_KIND = '0.30.0';
const OLDEST_DOCKER = '24.0';

const FUNCTIONS: FunctionLibrary = {
  create_cluster: String.raw`create_cluster() {
  clusters="$(kind get clusters 2>&1)" || fail "\"kind get clusters\" fails: $clusters"
  if grep -Fx -- "$CLUSTER" <<<"$clusters" >/dev/null; then
    printf 'cluster %s exists\n' "$CLUSTER"
    kind export kubeconfig --name "$CLUSTER"
  else
    kind create cluster --name "$CLUSTER" --config kind.yaml
  fi
}`,

  load_image: String.raw`# load_image REFERENCE FOLDER
load_image() {
  build_image docker "$1" "$2"
  kind load docker-image "$1" --name "$CLUSTER"
}`,
};

/** A cluster of containers on this machine: made from `kind.yaml`, deleted as a whole. */
export function kindProvider({ stack: { name, cluster } }: ProviderInput): Provider {
  return {
    files: [['kind.yaml', textFile(kindConfig(cluster))]],
    context: `kind-${cluster.name}`,
    install: {
      about: [],
      functions: FUNCTIONS,
      start: [],
      tools: [
        `need docker ${OLDEST_DOCKER} docker version --format '{{.Server.Version}}'`,
        command('need', 'kind', oldestKind(cluster), 'kind', 'version'),
        kubectlTool(cluster),
        helmTool(),
      ],
      imageCheck: dockerfileCheck,
      cluster: [step('cluster'), 'create_cluster', ''],
      image: ({ reference, build }) => command('load_image', reference, build),
      release: 'release',
    },
    uninstall: script([`Removes the stack "${name}" with its cluster.`], {
      body: [command('kind', 'delete', 'cluster', '--name', cluster.name)],
    }),
  };
}

/** The kind release that a cluster needs at least. */
function oldestKind(cluster: ClusterDescriptor): string {
  return KIND_FOR_MINOR[minorVersion(cluster.kubernetes)] ?? OLDEST_KIND;
}

/** `kind.yaml`: a `kind.x-k8s.io/v1alpha4` Cluster with the nodes, network, controller flags and feature gates of the descriptor. */
export function kindConfig(cluster: ClusterDescriptor): string {
  const image = `kindest/node:v${cluster.kubernetes}`;
  const patches = autoscalingPatch(cluster);
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name: cluster.name,
    networking: {
      ...(cluster.cni === 'kindnet' ? {} : { disableDefaultCNI: true }),
      ...(cluster.kubeProxy ? {} : { kubeProxyMode: 'none' }),
    },
    ...(cluster.featureGates ? { featureGates: cluster.featureGates } : {}),
    ...(patches === undefined ? {} : { kubeadmConfigPatches: [stringify(patches)] }),
    nodes: cluster.nodes.flatMap(({ role, count }) => Array.from({ length: count }, () => ({ role, image }))),
  });
}

/** The controller manager's flags that differ from Kubernetes' defaults, as kubeadm takes them. */
function autoscalingPatch(cluster: ClusterDescriptor): object | undefined {
  const flags = changedFlags(cluster).map(({ name, value }) => ({ name, value }));
  if (flags.length === 0) return undefined;
  const lists = Number(minorVersion(cluster.kubernetes).split('.')[1]) >= FIRST_LIST_MINOR;
  return {
    apiVersion: `kubeadm.k8s.io/${lists ? 'v1beta4' : 'v1beta3'}`,
    kind: 'ClusterConfiguration',
    controllerManager: {
      extraArgs: lists ? flags : Object.fromEntries(flags.map(({ name, value }) => [name, value])),
    },
  };
}
