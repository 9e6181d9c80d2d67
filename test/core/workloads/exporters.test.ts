import { KUBE_STATE_METRICS, NODE_EXPORTER_METRICS, programFor, wholeName } from '../../../core/workloads';
import { setting } from './fixture';

const KUBE_STATE = 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0';
const NODE = 'quay.io/prometheus/node-exporter:v1.12.1';

function run(image: string, ...args: string[]) {
  return programFor(setting(`{ name: main, image: '${image}', args: ${JSON.stringify(args)} }`), []);
}

function exported(...args: string[]): string[] {
  return Object.values(run(KUBE_STATE, ...args).exports?.series ?? {}).map(({ name }) => name);
}

/** Whether it may export a series that is not known here. */
function more(...args: string[]): boolean {
  return run(KUBE_STATE, ...args).exportsMore?.('kube_node_info') ?? false;
}

const ALL = Object.values(KUBE_STATE_METRICS.series).map(({ name }) => name);

describe('kube-state-metrics', () => {
  it('exports everything unless it is told otherwise, and more than is known here', () => {
    expect(exported()).toEqual(ALL);
    expect(more()).toBe(true);
  });

  it('exports series of the resources that it is told', () => {
    expect(exported('--resources=deployments,nodes')).toEqual([
      'kube_deployment_status_replicas',
      'kube_deployment_status_replicas_ready',
    ]);
    expect(more('--resources=deployments')).toBe(true);
  });

  it('exports what a list lets through, which matches anywhere in a name', () => {
    expect(exported('--metric-allowlist=status_replicas$')).toEqual(['kube_deployment_status_replicas']);
    expect(exported('--metric-allowlist=kube_deployment_status_replicas')).toEqual([
      'kube_deployment_status_replicas',
      'kube_deployment_status_replicas_ready',
    ]);
    expect(exported('--metric-denylist=^kube_(pod|hor)')).toEqual([
      'kube_deployment_status_replicas',
      'kube_deployment_status_replicas_ready',
    ]);
  });

  it.each([
    [`--metric-allowlist=${ALL.map(wholeName).join(',')}`, false],
    ['--metric-allowlist=^kube_pod_status_phase$', false],
    ['--metric-allowlist=^kube_pod_status_phase$,^kube_node_info$', true],
    // It has kube_deployment_status_replicas_available as well.
    ['--metric-allowlist=kube_deployment_status_replicas', true],
  ])('exports only what is known if a list names whole series: %s', (list, expected) => {
    expect(more(list)).toBe(expected);
  });

  it('refuses a list that it would refuse', () => {
    expect(() => run(KUBE_STATE, '--metric-allowlist=kube_(pod')).toThrow(
      /^Deployment here\/main, container main: --metric-allowlist: .*kube_\(pod/,
    );
  });

  it('is ready on its own port and alive on that of its metrics', () => {
    const program = run(KUBE_STATE, '--port=9000');
    const ask = (port: number, path: string) => program.status(port, { from: 'probe', method: 'GET', path });
    expect([ask(9000, '/livez'), ask(9000, '/readyz'), ask(8081, '/readyz'), ask(8080, '/livez')]).toEqual([
      200,
      404,
      200,
      undefined,
    ]);
    expect([program.exposes(9000, '/metrics'), program.exposes(8081, '/metrics')]).toEqual([true, false]);
  });

  it('says that its values are not modelled', () => {
    expect(run(KUBE_STATE, '--resources=deployments').notModelled).toEqual([
      'kube_deployment_status_replicas',
      'kube_deployment_status_replicas_ready',
    ]);
  });
});

describe('node_exporter', () => {
  it('exports at the address that it is told', () => {
    const at = (...args: string[]) =>
      [9100, 9200].map((port) => run(NODE, ...args).exposes(port, '/metrics'));
    expect(at()).toEqual([true, false]);
    expect(at('--web.listen-address=[$(NODE_IP)]:9200')).toEqual([false, true]);
  });

  it('exports more than is known here, and no value is modelled', () => {
    const program = run(NODE);
    const { notModelled, exports } = program;
    expect(
      ['node_load5', 'go_goroutines', 'nodes', 'kube_node_info'].map((name) => program.exportsMore?.(name)),
    ).toEqual([true, true, false, false]);
    expect(exports).toBe(NODE_EXPORTER_METRICS);
    expect(notModelled).toContain('node_memory_MemAvailable_bytes');
  });

  it('answers at its root and its metrics, and nowhere else', () => {
    const ask = (port: number, path: string) =>
      run(NODE).status(port, { from: 'probe', method: 'GET', path });
    expect([ask(9100, '/'), ask(9100, '/metrics'), ask(9100, '/healthz'), ask(9101, '/')]).toEqual([
      200,
      200,
      404,
      undefined,
    ]);
  });
});
