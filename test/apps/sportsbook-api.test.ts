import { hostname } from 'node:os';
import { sportsbookApiApp } from '../../apps/sportsbook-api/app';
import { RecentMaximum } from '../../apps/sportsbook-api/request-times';
import { ask, start, stopAll } from './running';

afterEach(stopAll);

const METRICS = '/actuator/prometheus';

function labels(uri: string, status = 200, outcome = 'SUCCESS'): string {
  return (
    '{application_state="nj",environment="dev",error="none",exception="none",' +
    `method="GET",outcome="${outcome}",status="${status}",uri="${uri}"}`
  );
}

describe('the sportsbook API', () => {
  it('greets, and is healthy in the words of Spring Boot', async () => {
    const { url } = await start(sportsbookApiApp);
    expect((await ask(`${url}/api`)).body).toBe(`Hello from ${hostname()}\n`);
    for (const path of ['', '/liveness', '/readiness']) {
      expect(await ask(`${url}/actuator/health${path}`)).toMatchObject({
        status: 200,
        body: '{"status":"UP"}',
      });
    }
    expect((await ask(`${url}/healthz`)).status).toBe(404);
  });

  it('knows a series from its first request on', async () => {
    const { url } = await start(sportsbookApiApp);
    const first = await ask(url + METRICS);
    expect(first).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: '' });
    await ask(`${url}/api`);
    await ask(`${url}/api`);
    await ask(`${url}/nothing`);
    await ask(`${url}/actuator/health/readiness`);
    const { body } = await ask(url + METRICS);
    const lines = body.split('\n');
    expect(lines.filter((line) => line.startsWith('http_server_requests_seconds_count')).sort()).toEqual(
      [
        `http_server_requests_seconds_count${labels('/**', 404, 'CLIENT_ERROR')} 1`,
        `http_server_requests_seconds_count${labels('/actuator/health/**')} 1`,
        `http_server_requests_seconds_count${labels(METRICS)} 1`,
        `http_server_requests_seconds_count${labels('/api')} 2`,
      ].sort(),
    );
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toEqual([
      '# TYPE http_server_requests_seconds summary',
      '# TYPE http_server_requests_seconds_max gauge',
    ]);
    const time = (part: string) => valueOf(lines, `http_server_requests_seconds_${part}${labels('/api')}`);
    expect(time('max')).toBeGreaterThan(0);
    expect(time('sum')).toBeGreaterThanOrEqual(time('max'));
    expect(time('sum')).toBeLessThan(2 * time('max') + 1e-9);
  });

  it('wants no requests once it stops', async () => {
    const { url, app } = await start(sportsbookApiApp, { SHUTDOWN_DELAY: '300ms' });
    await ask(url + METRICS);
    const stopped = app.stop();
    expect(await ask(`${url}/actuator/health/readiness`)).toMatchObject({
      status: 503,
      body: '{"status":"OUT_OF_SERVICE"}',
    });
    expect((await ask(`${url}/actuator/health/liveness`)).status).toBe(200);
    expect((await ask(url + METRICS)).body).toContain(
      `http_server_requests_seconds_count${labels('/actuator/health/**')} 1\n`,
    );
    await stopped;
  });
});

function valueOf(lines: readonly string[], series: string): number {
  return Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length));
}

describe('the longest of the last minutes', () => {
  const minutes = (count: number) => count * 60_000;

  it('is remembered for three minutes from the turn of a ring, and then forgotten', () => {
    const longest = new RecentMaximum(0);
    longest.record(5, minutes(0.5));
    longest.record(3, minutes(1.5));
    expect([1.6, 2.9, 3.1, 3.9, 4.1].map((at) => longest.at(minutes(at)))).toEqual([5, 5, 3, 3, 0]);
  });

  it('is nothing after a long silence', () => {
    const longest = new RecentMaximum(0);
    longest.record(5, 0);
    expect(longest.at(minutes(1000))).toBe(0);
    longest.record(2, minutes(1000.5));
    expect(longest.at(minutes(1001))).toBe(2);
  });
});
