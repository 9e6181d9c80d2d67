import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container } from './container';
import { image, start } from './started';

const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Case {
  readonly name: string;
  readonly health?: string;
  readonly metrics?: string;
  readonly request: readonly [path: string, method: string, body?: string];
  readonly counted: string | RegExp;
}

const CASES: readonly Case[] = [
  { name: 'backend', request: ['/echo', 'POST', 'foo'], counted: '\necho_requests_total 1\n' },
  { name: 'prom-fake', request: ['/value', 'POST', '12.5'], counted: '\nprom_fake_value 12.5\n' },
  { name: 'sample-app', request: ['/', 'GET'], counted: '\nhttp_requests_total 1\n' },
  {
    name: 'sportsbook-api',
    health: '/actuator/health/readiness',
    metrics: '/actuator/prometheus',
    request: ['/api', 'GET'],
    counted: /^http_server_requests_seconds_count\{.*uri="\/api"\} 1$/m,
  },
];

describe('the images', () => {
  it.each(CASES)('$name starts, counts, and ends when it is told to', async (program) => {
    const { name, health = '/readyz', metrics = '/metrics', request, counted } = program;
    const container = start({ image: image(name), env: { SHUTDOWN_DELAY: '0s' } });
    expect((await container.answers(health)).status).toBe(200);
    expect(container.user).toBe('10001');
    expect(container.ask(...request).status).toBe(200);
    const scraped = container.ask(metrics);
    expect(scraped).toMatchObject({ status: 200, type: PROMETHEUS_TYPE });
    expect(scraped.body).toMatch(counted);
    container.kill('TERM');
    expect(await container.exit).toBe(0);
    const lines = container.output.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual([
      'listening',
      'stopping',
      'stopped',
    ]);
  });

  it('worker works, with threads of the same file, and gives way at once', async () => {
    const container = start({ image: image('worker'), env: { CHUNK_SIZE: '1000', CPU_MILLICORES: '200' } });
    expect((await container.answers('/readyz')).status).toBe(200);
    expect(container.user).toBe('10001');
    while (!/^worker_chunks_total [1-9]/m.test(container.ask('/metrics').body));
    container.kill('TERM');
    expect(await container.exit).toBe(0);
  });

  it('cluster-metrics lives without an API server, but exports nothing', async () => {
    const env = { KUBERNETES_API_URL: 'http://127.0.0.1:9', SHUTDOWN_DELAY: '0s' };
    const container = start({ image: image('cluster-metrics'), env });
    expect((await container.answers('/healthz')).status).toBe(200);
    expect(container.user).toBe('10001');
    expect(container.ask('/metrics')).toMatchObject({ status: 503, body: 'no list of nodes and pods yet\n' });
    container.kill('TERM');
    expect(await container.exit).toBe(0);
  });

  it('load-test sends what it is told to, and reports when it ends', async () => {
    const backend = start({ image: image('backend'), env: { SHUTDOWN_DELAY: '0s' } });
    await backend.answers('/readyz');
    const targets = mkdtempSync(join(tmpdir(), 'plimsoll-targets-'));
    writeFileSync(join(targets, 'targets'), 'GET http://127.0.0.1:8080/a\n');
    chmodSync(targets, 0o755);
    const attack = (duration: string) =>
      start({
        image: image('load-test'),
        args: ['attack', '-targets=/etc/vegeta/targets', '-rate=50/s', `-duration=${duration}`],
        volumes: { '/etc/vegeta': targets },
        network: backend,
      });
    const short = attack('1s');
    expect(await short.exit).toBe(0);
    expect(short.output).toMatch(/^Status Codes +\[code:count\] +200:50 *$/m);
    expect(counted(backend, 'a')).toBe(50);
    const endless = attack('0');
    while (counted(backend, 'a') === 50) await new Promise((resolve) => setTimeout(resolve, 50));
    endless.kill('TERM');
    expect(await endless.exit).toBe(0);
    expect(endless.output).toMatch(/^Success +\[ratio\] +100\.00%$/m);
    rmSync(targets, { recursive: true });

    const hey = start({
      image: image('load-test'),
      args: ['hey', '-n', '20', '-c', '2', 'http://127.0.0.1:8080/b'],
      network: backend,
    });
    expect(await hey.exit).toBe(0);
    const curl = start({
      image: image('load-test'),
      args: ['curl', '--silent', '--data', 'foo', 'http://127.0.0.1:8080/echo'],
      network: backend,
    });
    expect(await curl.exit).toBe(0);
    expect(curl.output).toBe('foo');
    expect(counted(backend, 'b')).toBe(20);
    expect(counted(backend, 'echo')).toBe(1);
  });
});

function counted(backend: Container, path: string): number {
  return Number(new RegExp(`^${path}_requests_total (\\d+)$`, 'm').exec(backend.ask('/metrics').body)?.[1]);
}
