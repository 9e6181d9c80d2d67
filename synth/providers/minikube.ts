import { UsageError } from '../../core/errors';
import { Quantity } from '../../core/kube/quantity';
import { minorVersion, nodeCount, type ClusterDescriptor, type Stack } from '../../core/model';
import { command, script, step, type FunctionLibrary } from '../shell';
import { changedFlags } from './controller-manager';
import { builtImages, dockerfileCheck, type Provider, type ProviderInput } from './provider';
import { helmTool, kubectlTool } from './tools';

/** Oldest minikube that starts a Kubernetes minor; older minors work with every minikube accepted here. */
const MINIKUBE_FOR_MINOR: Readonly<Record<string, string>> = { '1.37': '1.39.0', '1.36': '1.39.0' };
const OLDEST_MINIKUBE = '1.38.0';
const OLDEST_DOCKER = '24.0';

/** Pods of one node where nothing else is said (`maxPods` of the kubelet). */
const DEFAULT_MAX_PODS = 110;
const BYTES_PER_MEBIBYTE = 1024 * 1024;

const FUNCTIONS: FunctionLibrary = {
  start_profile: String.raw`# start_profile OPTION...: a profile that exists keeps its settings.
start_profile() {
  profiles="$(minikube profile list --output json --light 2>&1)" || fail "\"minikube profile list\" fails: $profiles"
  case "$profiles" in
    *"\"ClusterName\":\"$CLUSTER\""*)
      printf 'profile %s exists\n' "$CLUSTER"
      minikube start --profile "$CLUSTER"
      ;;
    *) minikube start --profile "$CLUSTER" "$@" ;;
  esac
}`,

  load_image: String.raw`# load_image REFERENCE FOLDER
load_image() {
  build_image docker "$1" "$2"
  minikube image load "$1" --profile "$CLUSTER"
}`,
};

/**
 * A minikube profile: started with what the descriptor says, deleted as a whole.
 * @throws UsageError naming what minikube cannot make of the descriptor
 */
export function minikubeProvider({ stack }: ProviderInput): Provider {
  const { name, cluster } = stack;
  return {
    files: [],
    context: cluster.name,
    install: {
      about: [],
      functions: FUNCTIONS,
      start: [],
      tools: [
        command('need', 'minikube', oldestMinikube(cluster), 'minikube', 'version', '--short'),
        kubectlTool(cluster),
        ...(stack.releases.length > 0 ? [helmTool()] : []),
        ...(builtImages(stack).length > 0
          ? [`need docker ${OLDEST_DOCKER} docker version --format '{{.Server.Version}}'`]
          : []),
      ],
      imageCheck: dockerfileCheck,
      cluster: [step('cluster'), command('start_profile', ...minikubeOptions(stack)), ''],
      image: ({ reference, build }) => command('load_image', reference, build),
      release: 'release',
    },
    uninstall: script([`Removes the stack "${name}" with its cluster.`], {
      body: [command('minikube', 'delete', '--profile', cluster.name)],
    }),
  };
}

function oldestMinikube({ kubernetes }: ClusterDescriptor): string {
  return MINIKUBE_FOR_MINOR[minorVersion(kubernetes)] ?? OLDEST_MINIKUBE;
}

/**
 * Options of `minikube start`. Its nodes are all of one shape, the first of them being the control plane.
 * @throws UsageError naming what minikube cannot make of the descriptor
 */
export function minikubeOptions({ cluster, releases }: Pick<Stack, 'cluster' | 'releases'>): string[] {
  const { cpu, memory, pods } = nodeShape(cluster);
  const gates = Object.entries(cluster.featureGates ?? {}).map(([gate, on]) => `${gate}=${String(on)}`);
  const installsCilium = releases.some(({ chart }) => chart === 'cilium');
  return [
    `--kubernetes-version=v${cluster.kubernetes}`,
    `--nodes=${nodeCount(cluster)}`,
    `--cpus=${wholeCpus(cpu)}`,
    `--memory=${Math.floor(Quantity.parse(memory).approximateFloat() / BYTES_PER_MEBIBYTE)}m`,
    ...cniOption(cluster, installsCilium),
    ...(cluster.kubeProxy ? [] : ['--extra-config=kubeadm.skip-phases=addon/kube-proxy']),
    ...(pods === DEFAULT_MAX_PODS ? [] : [`--extra-config=kubelet.max-pods=${pods}`]),
    ...changedFlags(cluster).map(({ name, value }) => `--extra-config=controller-manager.${name}=${value}`),
    ...(gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : []),
  ];
}

/** minikube brings no network of its own where a Helm release of the stack does. */
function cniOption({ cni, networkPolicyEnforced }: ClusterDescriptor, installsCilium: boolean): string[] {
  if (cni === 'cilium') return [installsCilium ? '--cni=false' : '--cni=cilium'];
  if (cni === 'kindnet') return ['--cni=kindnet'];
  return networkPolicyEnforced ? ['--cni=calico'] : [];
}

function nodeShape({ nodes }: ClusterDescriptor): ClusterDescriptor['nodes'][number] {
  const [first, ...others] = nodes;
  if (!first) throw new UsageError('cluster: nodes is empty; minikube needs a node of role control-plane');
  const odd = others.find(
    ({ cpu, memory, pods }) => cpu !== first.cpu || memory !== first.memory || pods !== first.pods,
  );
  if (odd) {
    throw new UsageError(
      `cluster: a ${odd.role} has cpu ${odd.cpu}, memory ${odd.memory} and ${odd.pods} pods, but minikube makes all nodes alike; give it cpu ${first.cpu}, memory ${first.memory} and ${first.pods} pods`,
    );
  }
  const planes = nodes.filter(({ role }) => role === 'control-plane').map(({ count }) => count);
  const total = planes.reduce((sum, count) => sum + count, 0);
  if (total !== 1) {
    throw new UsageError(
      `cluster: there are ${total} nodes of role control-plane; describe exactly one for minikube`,
    );
  }
  return first;
}

function wholeCpus(cpu: string): number {
  const cpus = Quantity.parse(cpu).approximateFloat();
  if (Number.isInteger(cpus)) return cpus;
  throw new UsageError(`cluster: a node has cpu ${cpu}, but minikube takes whole CPUs; write such as 2`);
}
