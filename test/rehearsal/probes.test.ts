import type { Container, Probe } from '../../core/kube/kinds/pod';
import type { Program } from '../../core/workloads';
import { containerLife } from '../../rehearsal/probes';
import { ProgramRun } from '../../rehearsal/program-run';

const START = 1000;

/** A program that answers `/` on port 80 that long after its start. */
function program(startsInMs = 0): Program {
  return {
    name: 'web',
    notModelled: [],
    series: [],
    calls: [],
    status: (port, { path }) => (port === 80 ? (path === '/' ? 200 : 500) : undefined),
    exposes: () => false,
    startsInMs,
  };
}

function life(probes: Partial<Container>, startsInMs = 0) {
  const container = { name: 'web', ports: [{ name: 'http', containerPort: 80 }], ...probes };
  return containerLife(container, new ProgramRun(program(startsInMs), START));
}

const get = (fields: Partial<Probe> = {}): Probe => ({ httpGet: { path: '/', port: 'http' }, ...fields });

describe('probes', () => {
  it('without any a container is ready as soon as it runs', () => {
    expect(life({}, 30_000)).toMatchObject({ readyAtMs: START, killedAtMs: undefined });
  });

  it.each<[string, Partial<Probe>, number, number]>([
    ['at its first success', {}, 0, 0],
    ['at the first probe after it answers', { periodSeconds: 5 }, 7000, 10_000],
    ['at the first probe, if it answers exactly then', { periodSeconds: 5 }, 5000, 5000],
    ['not before the initial delay', { initialDelaySeconds: 3, periodSeconds: 5 }, 0, 3000],
    ['after as many successes as asked for', { periodSeconds: 5, successThreshold: 3 }, 0, 10_000],
    ['in the rhythm of 10 seconds that is the default', {}, 1, 10_000],
  ])('readiness: ready %s', (_, fields, startsInMs, expected) => {
    expect(life({ readinessProbe: get(fields) }, startsInMs).readyAtMs).toBe(START + expected);
  });

  it.each<[string, Probe]>([
    ['a port that nothing listens on', { httpGet: { port: 81 } }],
    ['a port name that the container does not have', { httpGet: { port: 'web' } }],
    ['a path that is answered with an error', { httpGet: { path: '/broken', port: 80 } }],
    ['a TCP port that nothing listens on', { tcpSocket: { port: 81 } }],
  ])('readiness: never ready by %s', (_, readinessProbe) => {
    expect(life({ readinessProbe })).toMatchObject({ readyAtMs: undefined, killedAtMs: undefined });
  });

  it('a command that fetches a URL of its own pod is a request like any other', () => {
    const exec = (...command: string[]): Probe => ({ exec: { command } });
    const fetches = life({ readinessProbe: exec('podcli', 'check', 'http', 'localhost:80/') });
    expect(fetches.readyAtMs).toBe(START);
    expect(fetches.traffic).toEqual([
      expect.objectContaining({ request: { from: 'probe', port: 80, method: 'GET', path: '/' } }),
    ]);
    const broken = life({ readinessProbe: exec('/usr/bin/curl', '-f', 'http://127.0.0.1:80/broken') });
    expect(broken).toMatchObject({
      readyAtMs: undefined,
      unready: 'readiness probe GET /broken on port 80',
    });
    expect(life({ readinessProbe: exec('cat', '/tmp/ready') })).toMatchObject({
      readyAtMs: START,
      traffic: [],
    });
  });

  it('liveness: killed after as many failures in a row as allowed', () => {
    const livenessProbe = get({ periodSeconds: 5, failureThreshold: 2 });
    expect(life({ livenessProbe }, 60_000).killedAtMs).toBe(START + 5000);
    expect(life({ livenessProbe }, 6000).killedAtMs).toBe(START + 5000);
    expect(life({ livenessProbe }, 5000).killedAtMs).toBeUndefined();
  });

  it('startup: the others wait for it, and it kills what never starts', () => {
    const startupProbe = get({ periodSeconds: 2, failureThreshold: 10 });
    const others = { readinessProbe: get({ periodSeconds: 5 }), livenessProbe: get({ failureThreshold: 1 }) };
    expect(life({ startupProbe, ...others }, 7000)).toMatchObject({
      readyAtMs: START + 10_000,
      killedAtMs: undefined,
    });
    expect(life({ startupProbe, ...others }, 60_000).killedAtMs).toBe(START + 18_000);
  });

  it('are sent for as long as they are asked for, and count once the program answers', () => {
    const { traffic } = life(
      { startupProbe: get({ periodSeconds: 1 }), readinessProbe: get({ periodSeconds: 5 }) },
      2000,
    );
    expect(traffic).toEqual([
      expect.objectContaining({ firstMs: START + 2000, periodMs: 1000, untilMs: START + 2001 }),
      expect.objectContaining({ firstMs: START + 5000, periodMs: 5000, untilMs: Number.POSITIVE_INFINITY }),
    ]);
  });
});
