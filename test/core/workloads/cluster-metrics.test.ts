import { CLUSTER_METRICS, programFor } from '../../../core/workloads';
import { node, pod } from './cluster-state';
import { setting } from './fixture';

function exporter(env: Readonly<Record<string, string>> = {}) {
  const variables = Object.entries(env).map(([name, value]) => `{ name: ${name}, value: '${value}' }`);
  return programFor(
    setting(`{ name: main, image: 'plimsoll/cluster-metrics:0.1.0', env: [${variables.join(', ')}] }`),
    [],
  );
}

const STATE = {
  nodes: [node('n1', '184')],
  pods: [pod('a', '84870m'), pod('w', '2', { namespace: 'work', labels: { app: 'worker' } })],
};

describe('the exporter of cluster capacity', () => {
  it('exports every series of its contract once, and the same for the same state', () => {
    const program = exporter();
    const names = program.gauges?.(STATE).map(({ name }) => name);
    expect(names).toEqual(Object.values(CLUSTER_METRICS.series).map(({ name }) => name));
    expect(program.exports).toBe(CLUSTER_METRICS);
    expect(program.gauges?.(STATE)).toEqual(program.gauges?.(STATE));
  });

  it('is configured by its environment', () => {
    const values = (env: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        exporter(env)
          .gauges?.(STATE)
          .map(({ name, value }) => [name, value]) ?? [],
      );
    const configured = { RESERVE_CPU: '30', OPPORTUNISTIC_SELECTOR: 'work/app=worker', SLOT_CPU: '500m' };
    expect(values(configured)).toMatchObject({
      cpu_capacity_total: 184_000,
      cpu_requests_total: 86_870,
      cpu_capacity_remaining: 97_130,
      mem_capacity_total: 67_108_864,
      pod_requests_total: 2,
      opportunistic_cpu_requests_millicores: 2000,
      opportunistic_cpu_available_millicores: 69_130,
      opportunistic_slots: 138,
    });
    expect(values({ EXCLUDE_NAMESPACES: 'shop' })).toMatchObject({ cpu_requests_total: 2000 });
    expect(() => exporter({ SLOT_CPU: '-1' })).toThrow('SLOT_CPU=-1: must be more than 0');
  });

  it('answers its own paths on its own port only', () => {
    const program = exporter();
    const ask = (port: number, path: string) => program.status(port, { from: 'probe', method: 'GET', path });
    expect(
      ['/', '/metrics', '/api/capacity', '/healthz', '/readyz', '/x'].map((path) => ask(8080, path)),
    ).toEqual([200, 200, 200, 200, 200, 404]);
    expect(ask(8081, '/')).toBeUndefined();
    expect([program.exposes(8080, '/metrics'), program.exposes(8080, '/')]).toEqual([true, false]);
  });
});
