import { createHash } from 'node:crypto';
import { clusterMetricsApp } from '../../../apps/cluster-metrics/app';
import { PATIENCE } from '../../../apps/kube-api';
import { FakeApiServer, reply } from '../kube-api/fake-api-server';
import { ask, start, stopAll } from '../running';

const NODES = '/api/v1/nodes';
const PODS = '/api/v1/pods';
const QUICK = { ...PATIENCE, retryMs: { first: 1, most: 4 } };
const CONFIG = { RESERVE_CPU: '30', OPPORTUNISTIC_SELECTOR: 'work/app=worker', SLOT_CPU: '1' };

let server: FakeApiServer;
beforeEach(async () => {
  server = await FakeApiServer.start();
});
afterEach(async () => {
  await stopAll();
  await server.stop();
});

function node(name: string, cpu: string, spec: object = {}) {
  const amounts = { cpu, memory: '82377453Ki', pods: '110' };
  return { metadata: { name }, spec, status: { capacity: amounts, allocatable: amounts } };
}

function pod(namespace: string, name: string, cpu: string, nodeName?: string, app = name) {
  return {
    metadata: { name, namespace, labels: { app } },
    spec: { ...(nodeName && { nodeName }), containers: [{ name: 'main', resources: { requests: { cpu } } }] },
    status: { phase: nodeName ? 'Running' : 'Pending' },
  };
}

/** The cluster of the document: 184 cores, of which others request 30 and workers 15. */
function documented(): void {
  for (const name of ['n1', 'n2', 'n3', 'n4', 'n5']) server.put(NODES, node(name, '32'));
  server.put(NODES, node('n6', '24'));
  server.put(PODS, pod('default', 'others', '30', 'n1'));
  for (let i = 0; i < 15; i++) server.put(PODS, pod('work', `w${i}`, '1', 'n2', 'worker'));
}

/** The exporter, once it watches both collections. */
async function exporter(environment: Readonly<Record<string, string>> = CONFIG) {
  const started = await start(clusterMetricsApp(QUICK), { KUBERNETES_API_URL: server.url, ...environment });
  await server.until(() => server.watching(NODES) === 1 && server.watching(PODS) === 1);
  return started;
}

async function values(url: string): Promise<Readonly<Record<string, number>>> {
  const { body } = await ask(`${url}/metrics`);
  return Object.fromEntries(
    body
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [name = '', value] = line.split(' ');
        return [name, Number(value)];
      }),
  );
}

const MOST_ASKED = 2000;

/** Resolves when a series has a value: events arrive in their own time. */
async function settles(url: string, name: string, value: number): Promise<void> {
  for (let asked = 0; asked < MOST_ASKED; asked++) if ((await values(url))[name] === value) return;
  throw new Error(`${name} does not become ${value}`);
}

describe('the exporter', () => {
  it('exports the capacity of the documented cluster, and the same again', async () => {
    documented();
    const { url } = await exporter();
    const first = await ask(`${url}/metrics`);
    expect(first).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(await values(url)).toMatchObject({
      cpu_capacity_total: 184_000,
      cpu_requests_total: 45_000,
      cpu_capacity_remaining: 139_000,
      pod_capacity_total: 660,
      mem_capacity_total: 494_264_718,
      opportunistic_cpu_requests_millicores: 15_000,
      opportunistic_slots: 124,
    });
    expect(await ask(`${url}/metrics`)).toEqual(first);
  });

  it('follows what happens: others come and slots go, a node is cordoned, a pod is over', async () => {
    documented();
    const { url } = await exporter();
    server.put(PODS, pod('shop', 'paying', '60'));
    await settles(url, 'opportunistic_slots', 64);
    server.put(NODES, node('n6', '24', { unschedulable: true }));
    await settles(url, 'opportunistic_slots', 40);
    // With the field selector, a pod that is over is deleted for those who watch.
    server.remove(PODS, pod('shop', 'paying', '60'));
    await settles(url, 'opportunistic_slots', 100);
  });

  it('counts no room on nodes whose taints keep pods away', async () => {
    server.put(NODES, node('n1', '8'));
    server.put(NODES, node('cp', '4', { taints: [{ key: 'x', effect: 'NoSchedule' }] }));
    server.put(NODES, node('soft', '2', { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] }));
    const { url } = await exporter();
    expect(await values(url)).toMatchObject({ cpu_capacity_total: 14_000, cpu_allocatable_total: 10_000 });
  });

  it('asks for pods that are not over, and only for what its role allows', async () => {
    await exporter();
    expect(new Set(server.seen.map(({ path }) => path))).toEqual(new Set([NODES, PODS]));
    expect(server.seen.find(({ path }) => path === PODS)?.query.get('fieldSelector')).toBe(
      'status.phase!=Succeeded,status.phase!=Failed',
    );
  });

  it('gives the same numbers as JSON', async () => {
    documented();
    const { url } = await exporter();
    const { type, body } = await ask(`${url}/api/capacity`);
    expect(type).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({
      cpu: { allocatable: 184_000, requested: 45_000, opportunistic: 15_000, remaining: 139_000 },
      nodes: { all: 6, open: 6 },
      slots: 124,
      reserveCpu: 30_000,
    });
  });
});

describe('while the cluster is not known', () => {
  const refusals = async (url: string) =>
    Promise.all(['/metrics', '/api/capacity', '/readyz', '/healthz', '/'].map((path) => ask(url + path)));

  it('before the lists are in, is not ready and exports nothing, but lives and says why', async () => {
    server.misbehave(({ path }) => path === PODS);
    const { url } = await start(clusterMetricsApp(QUICK), { KUBERNETES_API_URL: server.url });
    await server.until(() => server.watching(NODES) === 1);
    const answers = await refusals(url);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 200, 200]);
    expect(answers[0]?.body).toBe('no list of pods yet\n');
    expect(answers[4]?.body).toContain('The cluster is not known: no list of pods yet.');
  });

  it('withholds numbers that are too old', async () => {
    documented();
    const { url } = await exporter({ ...CONFIG, STALE_AFTER: '0s' });
    // The clock has moved on since the lists came in, or does while one asks.
    for (let asked = 0; asked < MOST_ASKED && (await ask(`${url}/readyz`)).status === 200; asked++);
    const answers = await refusals(url);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 200, 200]);
    expect(answers[0]?.body).toBe('nothing heard of the API server for 0 s\n');
  });

  it('is ready again as soon as the API server answers', async () => {
    for (let i = 0; i < 3; i++) {
      server.misbehave(
        ({ path }, response) => path === NODES && reply(response, 403, { message: 'forbidden' }),
      );
    }
    const { url, log } = await exporter();
    expect((await ask(`${url}/readyz`)).status).toBe(200);
    expect(log.filter(({ msg }) => msg === 'forbidden')).toHaveLength(3);
    expect(log.find(({ msg }) => msg === 'forbidden')).toMatchObject({ level: 'warn', path: NODES });
  });

  it('is not ready once it is told to stop', async () => {
    documented();
    const { url, app } = await exporter({ SHUTDOWN_DELAY: '500ms' });
    void app.stop();
    expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, body: 'stopping\n' });
  });
});

describe('the page', () => {
  it('shows the numbers, and lets a browser load nothing but itself', async () => {
    documented();
    const { url } = await exporter();
    const response = await fetch(`${url}/`);
    const page = await response.text();
    expect(page).toContain('<b>124</b>');
    expect(page).toContain('others <b>30 cores');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy.replaceAll(/'sha256-[^']*'/g, 'HASH').split('; ')).toEqual([
      "default-src 'none'",
      'style-src HASH',
      'script-src HASH',
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    for (const name of ['style', 'script']) {
      const [, content = ''] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page) ?? [];
      expect(content).not.toBe('');
      expect(policy).toContain(`'sha256-${createHash('sha256').update(content).digest('base64')}'`);
    }
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).not.toMatch(/ style="/);
  });
});

describe('the settings', () => {
  it.each([
    [{ SLOT_CPU: '0' }, 'SLOT_CPU=0: must be more than 0'],
    [{ OPPORTUNISTIC_SELECTOR: 'x' }, 'OPPORTUNISTIC_SELECTOR=x: write NAMESPACE/LABEL-SELECTOR'],
    [{ KUBERNETES_API_URL: 'localhost' }, 'KUBERNETES_API_URL="localhost": must be a URL'],
    [{ KUBERNETES_API_URL: 'ftp://127.0.0.1' }, 'KUBERNETES_API_URL="ftp://127.0.0.1": must be a URL'],
    [{ KUBERNETES_API_URL: 'https://proxy/k8s' }, 'must be a URL without a path'],
    [
      { KUBERNETES_API_URL: '', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: 'https' },
      'KUBERNETES_SERVICE_PORT="https": must be a whole number from 1 to 65535',
    ],
    [{ KUBERNETES_API_URL: '' }, 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set'],
  ])('refuse %j', async (environment, message) => {
    const started = start(clusterMetricsApp(), { KUBERNETES_API_URL: server.url, ...environment });
    await expect(started).rejects.toThrow(message);
  });
});
