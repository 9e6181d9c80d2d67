import { defineScenario, type ScenarioInput } from '../../../core/model';
import { BACKEND_METRICS, HEALTH, programFor, type Program } from '../../../core/workloads';
import { setting } from './fixture';

function declare(...programs: NonNullable<ScenarioInput['programs']>) {
  return defineScenario({ duration: '1m', programs }, 'test').programs;
}

const ECHO = "{ name: main, image: 'plimsoll/backend:0.1.0' }";

function growth(program: Program, from: 'client' | 'probe' | 'scrape', path: string): Record<string, number> {
  return Object.fromEntries(
    program.series.map((series) => [series.name, series.growth({ from, method: 'GET', path })]),
  );
}

describe('the catalogue of programs', () => {
  it.each([
    'plimsoll/backend',
    'plimsoll/backend:1',
    'docker.io/plimsoll/backend@sha256:00',
    'index.docker.io/plimsoll/backend:1',
    'registry.example.com:5000/plimsoll/backend:1',
    'ghcr.io/a/team/plimsoll/backend@sha256:00',
  ])('finds %s by its repository', (image) => {
    expect(programFor(setting(`{ name: main, image: '${image}' }`), []).name).toBe('backend');
  });

  it.each(['ghcr.io/notplimsoll/backend:1', 'ghcr.io/plimsoll/backend/fork:1'])(
    'does not take %s for one of its own',
    (image) => {
      expect(() => programFor(setting(`{ name: main, image: '${image}' }`), [])).toThrow('is not known');
    },
  );

  it('prefers what the scenario declares', () => {
    const program = programFor(setting(ECHO), declare({ image: 'plimsoll/backend', startsIn: '2s' }));
    expect(program.startsInMs).toBe(2000);
  });

  it('tells what to write for an image it does not know', () => {
    const unknown = "{ name: main, image: 'ghcr.io/shop/cart:2', ports: [{ name: web, containerPort: 80 }] }";
    const find = () => programFor(setting(unknown), []);
    expect(find).toThrow('Deployment here/main: what image ghcr.io/shop/cart does is not known');
    expect(find).toThrow(/ {2}- image: ghcr\.io\/shop\/cart\n {4}port: web\n/);
  });
});

describe('the echo program', () => {
  const program = programFor(setting(ECHO), []);

  it('counts each of its paths, whoever asks', () => {
    const none = { echo_requests_total: 0, a_requests_total: 0, b_requests_total: 0 };
    expect(growth(program, 'client', '/echo')).toEqual({ ...none, echo_requests_total: 1 });
    expect(growth(program, 'probe', '/a')).toEqual({ ...none, a_requests_total: 1 });
    expect(growth(program, 'probe', HEALTH.ready)).toEqual(none);
  });

  it('answers its own paths on its own port only', () => {
    const ask = (port: number, path: string) => program.status(port, { from: 'client', method: 'GET', path });
    expect([ask(8080, '/b'), ask(8080, HEALTH.ready), ask(8080, '/other'), ask(80, '/b')]).toEqual([
      200,
      200,
      404,
      undefined,
    ]);
    expect(program.exposes(8080, BACKEND_METRICS.path)).toBe(true);
  });
});

describe('a program that the scenario declares', () => {
  const container =
    "{ name: main, image: 'shop/cart', ports: [{ name: web, containerPort: 80 }, { name: admin, containerPort: 81 }] }";
  const series: NonNullable<ScenarioInput['programs']>[number]['series'] = [
    { name: 'hits_total', type: 'counter', labels: { zone: 'a' }, growsWith: ['requests', 'probes'] },
    { name: 'age_seconds', type: 'counter', growsWith: ['seconds'] },
    {
      name: 'queue_length',
      type: 'gauge',
      value: 3,
      steps: [
        { at: '1m', value: 7 },
        { at: '30s', value: 5 },
      ],
    },
  ];

  it('grows with what it says', () => {
    const program = programFor(setting(container), declare({ image: 'shop/cart', port: 'admin', series }));
    expect(growth(program, 'client', '/x')).toEqual({ hits_total: 1, age_seconds: 0, queue_length: 0 });
    expect(growth(program, 'probe', '/x')['hits_total']).toBe(1);
    expect(growth(program, 'scrape', '/metrics')['hits_total']).toBe(0);
    expect(program.series.map(({ perSecond }) => perSecond)).toEqual([0, 1, 0]);
    expect(program.series[2]).toMatchObject({
      start: 3,
      steps: [
        { atMs: 30_000, value: 5 },
        { atMs: 60_000, value: 7 },
      ],
    });
  });

  it('may have a series that requests set, and one that appears late', () => {
    const setBy = { method: 'POST', path: '/value' };
    const program = programFor(
      setting(container),
      declare({
        image: 'shop/cart',
        series: [
          { name: 'told', type: 'gauge', setBy, appears: 'with-first-count' },
          { name: 'hits_total', type: 'counter', growsWith: ['requests'] },
        ],
      }),
    );
    const ask = (method: string, path: string, body?: string) => {
      const request = { from: 'client', method, path, body } as const;
      return [program.status(80, request), program.series[0]?.sets?.(request)];
    };
    expect(ask('POST', '/value', '50')).toEqual([200, 50]);
    expect(ask('POST', '/value', ' 1.5e2\n')).toEqual([200, 150]);
    expect([ask('POST', '/value', 'much'), ask('POST', '/value')]).toEqual([
      [400, undefined],
      [400, undefined],
    ]);
    expect([ask('GET', '/value'), ask('POST', '/', '7')]).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    expect(program.series.map(({ appears }) => appears)).toEqual(['with-first-count', 'at-start']);
  });

  it('exposes its series at the port and path that it names, and answers on all its ports', () => {
    const program = programFor(setting(container), declare({ image: 'shop/cart', port: 'admin', series }));
    expect(program.exports).toMatchObject({ port: 'admin', path: '/metrics' });
    expect(program.exports?.series['hits_total']?.labels).toEqual(['zone']);
    expect([
      program.exposes(81, '/metrics'),
      program.exposes(80, '/metrics'),
      program.exposes(81, '/'),
    ]).toEqual([true, false, false]);
    const ask = (port: number) => program.status(port, { from: 'client', method: 'GET', path: '/any' });
    expect([ask(80), ask(81), ask(82)]).toEqual([200, 200, undefined]);
  });

  it('may name a port by number, declared or not, or none at all', () => {
    const at = (port: number | undefined) =>
      programFor(
        setting(container),
        declare({ image: 'shop/cart', ...(port === undefined ? {} : { port }), series }),
      );
    expect([80, 81, 9000].map((port) => at(9000).exposes(port, '/metrics'))).toEqual([false, false, true]);
    expect([80, 81, 9000].map((port) => at(undefined).exposes(port, '/metrics'))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
