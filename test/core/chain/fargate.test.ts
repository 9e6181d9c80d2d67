import { fargateProfileOf, fargateRefusal, fargateSize } from '../../../core/chain';
import { podSpec } from '../../../core/kube/kinds/pod';

const GIBI = 2n ** 30n;

function sizeOf(requests: Record<string, string | number>, init?: Record<string, string | number>) {
  const size = fargateSize(
    podSpec.parse({
      containers: [{ name: 'main', resources: { requests } }],
      ...(init ? { initContainers: [{ name: 'first', resources: { requests: init } }] } : {}),
    }),
  );
  return size && [Number(size.cpu) / 1e9, Number((size.memory * 100n) / (GIBI * 1_000_000_000n)) / 100];
}

describe('the size of a pod on Fargate', () => {
  it.each<readonly [requests: Record<string, string | number>, vcpus: number, gibibytes: number]>([
    [{}, 0.25, 0.5],
    [{ cpu: '100m', memory: '64Mi' }, 0.25, 0.5],
    // 256 MiB are added.
    [{ cpu: '250m', memory: '257Mi' }, 0.25, 1],
    [{ cpu: '251m' }, 0.5, 1],
    [{ cpu: 1, memory: '8Gi' }, 2, 9],
    [{ memory: '3Gi' }, 0.5, 4],
    [{ cpu: 8, memory: '17Gi' }, 8, 20],
    [{ cpu: 16, memory: '119Gi' }, 16, 120],
  ])('for requests of %j is %d vCPU and %d GiB', (requests, vcpus, gibibytes) => {
    expect(sizeOf(requests)).toEqual([vcpus, gibibytes]);
  });

  it('is that of the largest init container, if that is more', () => {
    expect(sizeOf({ cpu: '100m' }, { cpu: 2 })).toEqual([2, 4]);
  });

  it('has an end', () => {
    expect(sizeOf({ cpu: 17 })).toBeUndefined();
    expect(sizeOf({ memory: '120Gi' })).toBeUndefined();
  });
});

describe('the profile of a pod', () => {
  const profile = (name: string, namespace: string, labels: Record<string, string> = {}) => ({
    name,
    namespace,
    labels,
  });
  const found = (profiles: ReturnType<typeof profile>[], namespace: string, labels = {}) =>
    fargateProfileOf({ fargate: { profiles, podStart: '1m' } }, namespace, labels)?.name;

  it('has its namespace, and labels that it has all of', () => {
    const profiles = [profile('a', 'demo', { scheduler: 'fargate', tier: 'web' })];
    expect(found(profiles, 'demo', { scheduler: 'fargate', tier: 'web', more: 'x' })).toBe('a');
    expect(found(profiles, 'demo', { scheduler: 'fargate' })).toBeUndefined();
    expect(found(profiles, 'demo2', { scheduler: 'fargate', tier: 'web' })).toBeUndefined();
  });

  it('takes wildcards', () => {
    expect(found([profile('a', 'prod*')], 'production')).toBe('a');
    expect(found([profile('a', 'prod?')], 'production')).toBeUndefined();
    expect(found([profile('a', 'prod?')], 'prod1')).toBe('a');
    expect(found([profile('a', '*', { 'team.*': 'b?ue' })], 'x', { 'team.io/colour': 'blue' })).toBe('a');
    expect(found([profile('a', '*', { 'team.*': 'b?ue' })], 'x', { teamXio: 'blue' })).toBeUndefined();
  });

  it('is the first by name, or the one that the pod asks for', () => {
    const profiles = [profile('b', 'demo'), profile('a', 'demo')];
    expect(found(profiles, 'demo')).toBe('a');
    expect(found(profiles, 'demo', { 'eks.amazonaws.com/fargate-profile': 'b' })).toBe('b');
    expect(found(profiles, 'demo', { 'eks.amazonaws.com/fargate-profile': 'c' })).toBe('a');
  });

  it('is none without Fargate', () => {
    expect(fargateProfileOf({}, 'demo', {})).toBeUndefined();
  });
});

describe('what Fargate refuses', () => {
  const refusal = (spec: object, container: object = {}) =>
    fargateRefusal(podSpec.parse({ containers: [{ name: 'main', ...container }], ...spec }));

  it.each<readonly [spec: object, container: object, reason: string]>([
    [{ hostNetwork: true, hostPID: true }, {}, 'fields not supported: HostNetwork, HostPID'],
    [{}, { securityContext: { privileged: true } }, 'invalid SecurityContext fields: Privileged'],
    [{}, { ports: [{ containerPort: 80, hostPort: 80 }] }, 'port contains HostIP or HostPort'],
    [
      { hostNetwork: true },
      { securityContext: { privileged: true }, ports: [{ containerPort: 80 }] },
      'fields not supported: HostNetwork, invalid SecurityContext fields: Privileged, port contains HostIP or HostPort',
    ],
    [
      { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] },
      {},
      'volumes not supported: logs is of an unsupported volume Type',
    ],
    [{}, { resources: { limits: { 'nvidia.com/gpu': 1 } } }, 'resources not supported: nvidia.com/gpu'],
  ])('is said in its words: %j %j', (spec, container, reason) => {
    expect(refusal(spec, container)).toBe(`Pod not supported on Fargate: ${reason}`);
  });

  it('is not an ordinary pod', () => {
    expect(
      refusal({ volumes: [{ name: 'tmp', emptyDir: {} }] }, { ports: [{ containerPort: 80 }] }),
    ).toBeUndefined();
  });

  it('is what is larger than its largest size', () => {
    expect(refusal({}, { resources: { requests: { cpu: 17 } } })).toBe(
      "Your pod's cpu/memory requirements exceed the max Fargate configuration",
    );
  });
});
