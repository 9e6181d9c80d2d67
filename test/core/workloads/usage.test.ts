import type { Container } from '../../../core/kube/kinds/pod';
import { cpuLimitOf, isMetricsServer, metricsServerFlags, usageOf } from '../../../core/workloads';
import { bystander, type Program } from '../../../core/workloads/program';
import { CpuUse } from '../../../rehearsal/cpu-use';

const CONTAINER: Container = { name: 'main' };
const WORKLOAD = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'app', namespace: 'shop' },
  spec: { selector: {}, template: { spec: { containers: [CONTAINER] } } },
};
const BURNER: Program = { ...bystander('burner'), usage: { cpu: { idle: 1, perRequest: 0 }, memory: 1024 } };

describe('what a container uses', () => {
  it('is what its program knows, without a word of the scenario', () => {
    expect(usageOf(WORKLOAD, CONTAINER, BURNER, [])).toEqual(BURNER.usage);
    expect(usageOf(WORKLOAD, CONTAINER, bystander('other'), [])).toEqual({});
  });

  it('is what the scenario says, in cores, seconds and bytes', () => {
    const declared = { workload: 'shop/app', cpu: { idle: '5m', perRequest: '2ms' }, memory: '20Mi' };
    expect(usageOf(WORKLOAD, CONTAINER, BURNER, [declared])).toEqual({
      cpu: { idle: 0.005, perRequest: 0.002 },
      memory: 20 * 2 ** 20,
    });
    const memoryOnly = { workload: 'shop/app', memory: '1Ki' };
    expect(usageOf(WORKLOAD, CONTAINER, BURNER, [memoryOnly]).cpu?.idle).toBe(1);
  });

  it('is not that of another container or workload', () => {
    const cpu = { idle: '5m', perRequest: '0s' };
    const others = [
      { workload: 'shop/app', container: 'proxy', cpu },
      { workload: 'other/app', cpu },
    ];
    expect(usageOf(WORKLOAD, CONTAINER, bystander('app'), others)).toEqual({});
  });

  it('is throttled to its limit', () => {
    expect(cpuLimitOf({ ...CONTAINER, resources: { limits: { cpu: '150m' } } })).toBe(0.15);
    expect(cpuLimitOf({ ...CONTAINER, resources: { requests: { cpu: 1 } } })).toBeUndefined();
  });
});

describe('the CPU time of a container', () => {
  const used = (cpu: { idle: number; perRequest: number }, limit: number | undefined, requests: number) => {
    const use = new CpuUse(cpu, limit);
    const before = use.nanoseconds;
    use.advance(10_000, requests);
    return (use.nanoseconds - before) / 1e9;
  };

  it('grows with time and with requests', () => {
    expect(used({ idle: 0.1, perRequest: 0.01 }, undefined, 50)).toBeCloseTo(1.5, 6);
    expect(used({ idle: 0.1, perRequest: 0.01 }, 0.12, 50)).toBeCloseTo(1.2, 6);
    expect(used({ idle: 0.1, perRequest: 0.01 }, 0.12, 0)).toBeCloseTo(1, 6);
  });

  it('is never zero, for a start takes some', () => {
    expect(new CpuUse({ idle: 0, perRequest: 0 }, undefined).nanoseconds).toBeGreaterThan(0);
  });
});

describe('metrics-server', () => {
  it('is known by its image', () => {
    expect(isMetricsServer('registry.k8s.io/metrics-server/metrics-server:v0.9.0')).toBe(true);
    expect(isMetricsServer('example.org/metrics-server-adapter:1')).toBe(false);
    expect(isMetricsServer(undefined)).toBe(false);
  });

  it.each<readonly [args: readonly string[], resolutionMs: number, securePort: number]>([
    [[], 60_000, 443],
    [['--metric-resolution=15s', '--secure-port=10250'], 15_000, 10_250],
    [['--metric-resolution', '1m30s', '--secure-port', '4443'], 90_000, 4443],
    [['--metric-resolution=10s', '--kubelet-request-timeout=9s'], 10_000, 443],
  ])('with %j looks at its interval and listens on its port', (args, resolutionMs, securePort) => {
    expect(metricsServerFlags({ ...CONTAINER, args: [...args] }, 'it')).toEqual({ resolutionMs, securePort });
  });

  it('does not start with an interval below ten seconds, or below what kubelets may take', () => {
    const start = (arg: string) => () =>
      metricsServerFlags({ ...CONTAINER, args: [arg] }, 'container server');
    expect(start('--metric-resolution=9s')).toThrow('at least 10s, but value 9s provided');
    expect(start('--metric-resolution=11s')).toThrow('larger than kubelet-request-timeout');
    expect(start('--metric-resolution=15')).toThrow(
      'container server: --metric-resolution: invalid duration "15"',
    );
    expect(start('--secure-port=https')).toThrow(
      'container server: --secure-port=https must be a whole number',
    );
  });
});
