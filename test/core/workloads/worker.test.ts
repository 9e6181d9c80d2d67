import { programFor, WORKER_METRICS } from '../../../core/workloads';
import { readWorkerConfig } from '../../../core/workloads/worker-config';
import { setting } from './fixture';

function rates(container: string): Readonly<Record<string, number>> {
  const { series } = programFor(setting(`{ name: main, image: 'plimsoll/worker:0.1.0', ${container} }`), []);
  return Object.fromEntries(series.map(({ name, perSecond }) => [name, perSecond]));
}

const FROM_REQUEST =
  'env: [{ name: CPU_MILLICORES, valueFrom: { resourceFieldRef: { resource: requests.cpu, divisor: 1m } } }]';

describe('the opportunistic worker', () => {
  it('uses the CPU that its container requests', () => {
    const cpu = (resources: string) =>
      rates(`${FROM_REQUEST}, resources: { ${resources} }`)[WORKER_METRICS.series.cpu.name];
    expect(cpu('requests: { cpu: 1 }, limits: { cpu: 1200m }')).toBe(1);
    expect(cpu('requests: { cpu: 250m }')).toBe(0.25);
    expect(cpu('limits: { cpu: 2 }')).toBe(2);
  });

  it('uses a core if nobody tells it what to use', () => {
    expect(rates('resources: {}')['worker_cpu_seconds_total']).toBe(1);
    const told = 'env: [{ name: CPU_MILLICORES, value: "3000" }]';
    expect(rates(told)['worker_cpu_seconds_total']).toBe(3);
  });

  it('completes fewer chunks if they are larger, and writes checkpoints as told', () => {
    const counted = (env: string) => rates(`env: [${env}]`);
    const [small, large] = ['100000', '200000'].map(
      (size) => counted(`{ name: CHUNK_SIZE, value: '${size}' }`)['worker_chunks_total'] ?? 0,
    );
    expect(small).toBeGreaterThan(0);
    expect(large).toBe((small ?? 0) / 2);
    expect(counted('{ name: CHECKPOINT_PERIOD, value: 20s }')['worker_checkpoints_total']).toBe(0.05);
  });

  it('answers its own paths on its own port only, and counts no requests', () => {
    const program = programFor(setting("{ name: main, image: 'plimsoll/worker' }"), []);
    const request = { from: 'probe', method: 'GET', path: '/readyz' } as const;
    expect([program.status(8080, request), program.status(80, request)]).toEqual([200, undefined]);
    expect(program.status(8080, { ...request, path: '/no' })).toBe(404);
    expect(program.exposes(8080, '/metrics')).toBe(true);
    expect(program.series.map((series) => series.growth(request))).toEqual([0, 0, 0]);
    expect(program.notModelled).toEqual(['worker_steps_total']);
  });
});

describe('the configuration of the worker', () => {
  it.each([
    [{ CPU_MILLICORES: '0' }, 'CPU_MILLICORES=0: must be a whole number from 1 to 1000000'],
    [{ CHUNK_SIZE: '1e6' }, 'CHUNK_SIZE=1e6: must be a whole number'],
    [{ CHECKPOINT_PERIOD: '10' }, /^CHECKPOINT_PERIOD=10: must be a duration from 1s to 24h \(/],
    [{ CHECKPOINT_PERIOD: '500ms' }, 'CHECKPOINT_PERIOD=500ms: must be a duration from 1s to 24h'],
    [{ CHECKPOINT_PERIOD: '24h1s' }, 'CHECKPOINT_PERIOD=24h1s: must be a duration from 1s to 24h'],
  ])('refuses %j', (variables: Readonly<Record<string, string>>, message) => {
    expect(() => readWorkerConfig((name) => variables[name])).toThrow(message);
  });

  it('has defaults', () => {
    expect(readWorkerConfig(() => undefined)).toEqual({
      millicores: 1000,
      chunkSize: 1_000_000,
      checkpointPeriodMs: 10_000,
    });
  });
});
