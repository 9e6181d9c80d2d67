import type { Container, PodSpec } from '../kube/kinds/pod';
import type { Labels } from '../kube/selector';
import type { ClusterDescriptor } from '../model';
import { podRequests } from '../kube/pod-requests';

const NANO = 1_000_000_000n;
const GIBIBYTE = 1n << 30n;
/** What Fargate adds to the requests of a pod for kubelet, kube-proxy and containerd, in bytes. */
const OVERHEAD = 256n << 20n;
/** Label of a pod that chooses among the profiles which select it. */
const PROFILE_LABEL = 'eks.amazonaws.com/fargate-profile';
/** Volumes that live on a node, or on a disk that is attached to one. */
const UNSUPPORTED_VOLUMES = ['hostPath', 'awsElasticBlockStore'];
/** Resources of pods that are no devices. */
const PLAIN_RESOURCE = /^(cpu|memory|ephemeral-storage)$/;

type FargateProfile = NonNullable<ClusterDescriptor['fargate']>['profiles'][number];

/** What Fargate provides for one pod. */
export interface FargateSize {
  /** vCPUs in billionths. */
  readonly cpu: bigint;
  /** Billionths of a byte. */
  readonly memory: bigint;
}

/**
 * The sizes that a pod on Fargate can have (Amazon EKS User Guide, "Understand Fargate Pod configuration details"):
 * vCPUs in hundredths, and memory in halves of a gibibyte: the least, the most, and the step between.
 */
const SIZES: readonly (readonly [vcpus: number, memories: readonly number[]])[] = [
  [25, [1, 2, 4]],
  [50, range(2, 8, 2)],
  [100, range(4, 16, 2)],
  [200, range(8, 32, 2)],
  [400, range(16, 60, 2)],
  [800, range(32, 120, 8)],
  [1600, range(64, 240, 16)],
];

function range(least: number, most: number, step: number): readonly number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => least + index * step);
}

/** The profile that puts pods of a namespace with these labels on Fargate; of several, the first by name. */
export function fargateProfileOf(
  { fargate }: Pick<ClusterDescriptor, 'fargate'>,
  namespace: string,
  labels: Labels,
): FargateProfile | undefined {
  const matching = (fargate?.profiles ?? [])
    .filter((profile) => selects(profile, namespace, labels))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return matching.find(({ name }) => name === labels[PROFILE_LABEL]) ?? matching[0];
}

/** A pod has to have all labels of the profile. */
function selects(profile: FargateProfile, namespace: string, labels: Labels): boolean {
  if (!wildcard(profile.namespace).test(namespace)) return false;
  return Object.entries(profile.labels).every(([key, value]) => {
    const [name, text] = [wildcard(key), wildcard(value)];
    return Object.entries(labels).some(([label, actual]) => name.test(label) && text.test(actual));
  });
}

/** `*` stands for any characters, `?` for one. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

/** The smallest size that holds a pod's requests; undefined if none does. */
export function fargateSize(spec: PodSpec): FargateSize | undefined {
  const requests = podRequests(spec);
  const memory = requests.memory + OVERHEAD * NANO;
  for (const [vcpus, memories] of SIZES) {
    const cpu = (BigInt(vcpus) * NANO) / 100n;
    if (cpu < requests.cpu) continue;
    const found = memories
      .map((halves) => (BigInt(halves) * GIBIBYTE * NANO) / 2n)
      .find((size) => size >= memory);
    if (found !== undefined) return { cpu, memory: found };
  }
  return undefined;
}

/**
 * Why Fargate does not run a pod, in the words of its scheduler, except for devices, for which they are not known;
 * undefined if it does.
 */
export function fargateRefusal(spec: PodSpec): string | undefined {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const fields = hostFields(spec);
  const privileged = containers.some(({ securityContext }) => securityContext?.privileged === true);
  const volumes = (spec.volumes ?? []).filter((volume) => UNSUPPORTED_VOLUMES.some((type) => type in volume));
  const devices = new Set(containers.flatMap(devicesOf));
  const problems = [
    ...(fields.length > 0 ? [`fields not supported: ${fields.join(', ')}`] : []),
    ...(privileged ? ['invalid SecurityContext fields: Privileged'] : []),
    ...(usesHostPort(spec, containers) ? ['port contains HostIP or HostPort'] : []),
    ...(volumes.length > 0
      ? [
          `volumes not supported: ${volumes.map(({ name }) => `${name} is of an unsupported volume Type`).join(', ')}`,
        ]
      : []),
    ...(devices.size > 0 ? [`resources not supported: ${[...devices].join(', ')}`] : []),
  ];
  if (problems.length > 0) return `Pod not supported on Fargate: ${problems.join(', ')}`;
  return fargateSize(spec)
    ? undefined
    : "Your pod's cpu/memory requirements exceed the max Fargate configuration";
}

function hostFields({ hostNetwork, hostPID, hostIPC }: PodSpec): readonly string[] {
  return [
    ...(hostNetwork ? ['HostNetwork'] : []),
    ...(hostPID ? ['HostPID'] : []),
    ...(hostIPC ? ['HostIPC'] : []),
  ];
}

/** On the host's network, the API server makes every container port a host port. */
function usesHostPort({ hostNetwork }: PodSpec, containers: readonly Container[]): boolean {
  return containers.some(({ ports = [] }) =>
    ports.some((port) => hostNetwork === true || port.hostPort !== undefined || port['hostIP'] !== undefined),
  );
}

/** GPUs and other extended resources. */
function devicesOf({ resources }: Container): readonly string[] {
  const names = [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})];
  return names.filter((name) => !PLAIN_RESOURCE.test(name));
}
