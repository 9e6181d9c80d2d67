import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, serviceName, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { FaultyPrometheus } from './faulty-prometheus';
import { CertificateAuthority } from './pki';
import { Prometheus } from './prometheus';
import { tokenOf } from './rendered-adapter';

const PROGRAM = join(__dirname, '../../cli/bin/plimsoll.js');
const METRICS = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const READER = { namespace: 'default', name: 'reader' };

const resources = { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } };
const metricsQuery = 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)';
const CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
      resources,
      name: { matches: '^(.*)_total$' },
      metricsQuery,
    },
    { seriesQuery: '{__name__=~"^queue_.*",pod!=""}', resources, metricsQuery },
    { seriesQuery: 'never_exported', resources, metricsQuery },
  ],
});

const explained = z.object({
  rule: z.string().optional(),
  query: z.string().optional(),
  values: z.array(z.object({ object: z.string().optional(), value: z.string() })),
  missing: z.object({ reason: z.string(), text: z.string() }).optional(),
});

let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;
let before: FaultyPrometheus;
let adapter: AggregatedServer;
/** Files and options of the command line. */
let authority: string;
let reader: readonly string[];

beforeAll(async () => {
  plane = await ControlPlane.start();
  exporter = await Exporter.start();
  prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
  before = await FaultyPrometheus.start(prometheus);
  await createPods();
  for (const [pod, value] of [
    ['web-0', 25],
    ['web-1', 3.5],
  ] as const) {
    exporter.set('http_requests_total', { namespace: 'default', pod }, value);
  }
  exporter.set('queue_depth', { namespace: 'default' }, 7);
  await until('the target is scraped', async () => {
    return (await prometheus.query('http_requests_total')).length === 2;
  });
  adapter = await startOurAdapter(plane, before, {
    config: CONFIG,
    flags: ['--metrics-relist-interval=10m'],
  });
  await adapter.discovered();
  await adapter.register(CUSTOM_METRICS);
  await mayReadMetrics(`system:serviceaccount:${READER.namespace}:${READER.name}`);
  await mayReadMetrics('jane');
  authority = write('ca.crt', plane.caBundle);
  const file = write('token', await tokenOf(plane, READER));
  reader = ['--token-file', file];
});

afterAll(async () => {
  await adapter?.stop();
  await before?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
});

describe('plimsoll rules explain --adapter', () => {
  test('tells a service account with a token what kube-apiserver answers, and how it came about', async () => {
    const { exitCode, stdout, stderr } = await explain(...reader, ...of('http_requests', '*'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^rule {4}rules\[0\], from http_requests_total\n/);
    expect(stdout).toContain(
      '\nquery   sum(http_requests_total{namespace="default",pod=~"silent-0|web-0|web-1"}) by (pod)\n',
    );
    expect(stdout).toMatch(/\nfusion {2}one query answers for the objects of many autoscalers: /);
    expect(stdout).toContain('\nvalue   web-0: 25\nvalue   web-1: 3500m\n');
    const { text } = await plane.request(`${METRICS}/*/http_requests`);
    expect([...text.matchAll(/"value":"([^"]*)"/g)].map(([, value]) => value)).toEqual(['25', '3500m']);
  });

  test('tells it to who has a certificate of the cluster, as JSON', async () => {
    const { exitCode, stdout } = await explain(
      ...certificate('jane'),
      ...of('http_requests', 'web-0'),
      '--json',
    );
    expect(exitCode).toBe(0);
    expect(explained.parse(JSON.parse(stdout))).toEqual({
      rule: 'rules[0]',
      query: 'sum(http_requests_total{namespace="default",pod="web-0"}) by (pod)',
      values: [{ object: 'web-0', value: '25' }],
    });
  });

  test.each([
    [
      'a metric that no rule makes',
      of('http_request', '*'),
      'other-name',
      /^it makes http_requests, not http_request; did you mean "http_requests"\?$/,
    ],
    [
      'a rule whose series have not the label that it asks for',
      of('queue_depth', '*'),
      'no-series',
      /^\{.*\} selects nothing: no series queue_depth has pod!=""$/,
    ],
    [
      'a series that nothing exports',
      of('never_exported', '*'),
      'query-empty',
      /^the query has no result: there is no series never_exported$/,
    ],
    [
      'a namespace without pods',
      of('http_requests', '*', 'kube-public'),
      'no-objects',
      /^the cluster has no pods in namespace kube-public$/,
    ],
    [
      'a pod without series',
      of('http_requests', 'silent-0'),
      'query-empty',
      /^the query has no result: no series http_requests_total has pod="silent-0" \(there is web-0, web-1\)$/,
    ],
  ])('ends with 1 and names the first link that failed: %s', async (_, words, reason, text) => {
    const { exitCode, stdout, stderr } = await explain(...reader, ...words, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    const { missing, values } = explained.parse(JSON.parse(stdout));
    expect(values).toEqual([]);
    expect(missing).toEqual({ reason, text: expect.stringMatching(text) as string });
  });

  test('ends with 1 while the source is down, and says so', async () => {
    before.fault = (_asked, response) => {
      response.destroy();
      return true;
    };
    try {
      const { exitCode, stdout } = await explain(...reader, ...of('http_requests', 'web-0'));
      expect(exitCode).toBe(1);
      // Of the rule and the query it needs no source.
      expect(stdout).toMatch(/^rule {4}rules\[0\], from http_requests_total\n/);
      expect(stdout).toContain('\nquery   sum(http_requests_total{');
      expect(stdout).toMatch(/\nmissing query-failed\n {8}there is no answer to the query: /);
    } finally {
      before.fault = () => false;
    }
  });
});

describe('ends with 2 and writes nothing', () => {
  const asked = of('http_requests', 'web-0');

  test('for who may not read the metric', async () => {
    const said = await refused(certificate('nobody'));
    expect(said).toContain('refuses: explaining a metric needs the same right as reading it, get on it');
    expect(said).toContain('User "nobody" cannot get resource "pods/http_requests"');
  });

  test('for a token that kube-apiserver does not know', async () => {
    expect(await refused(['--token', 'of-nobody'])).toContain('does not know who asks: give --token');
  });

  test('of an adapter whose certificate is of another authority', async () => {
    const file = write('other-ca.crt', CertificateAuthority.create('other').certificate);
    const said = await refused(reader, { authority: file });
    expect(said).toContain('name the file with it by --ca-file, as caBundle of its APIService has it');
  });

  test('by way of kube-apiserver, which passes on no explanations', async () => {
    const said = await refused(certificate('admin', ['system:masters']), {
      port: plane.apiServer.port,
      serverName: 'kubernetes.default.svc',
    });
    expect(said).toContain('prometheus-adapter and the Kubernetes API explain nothing');
  });

  async function refused(credentials: readonly string[], address: Partial<Address> = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await explainAt(address, [...credentials, ...asked]);
    expect([exitCode, stdout]).toEqual([2, '']);
    return stderr;
  }
});

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Address {
  readonly port: number;
  readonly serverName: string;
  readonly authority: string;
}

function explain(...words: readonly string[]): Promise<Ran> {
  return explainAt({}, words);
}

/** Runs the program as people do; this process answers Prometheus meanwhile. */
function explainAt(address: Partial<Address>, words: readonly string[]): Promise<Ran> {
  const {
    port,
    serverName,
    authority: file,
  } = {
    ...{ port: adapter.port, serverName: serviceName(adapter.name), authority },
    ...address,
  };
  const server = ['--adapter', `https://127.0.0.1:${port}`, '--server-name', serverName, '--ca-file', file];
  const all = [PROGRAM, 'rules', 'explain', ...server, ...words];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, all, (_, stdout, said) => {
      // The first run may have to compile the project.
      const stderr = said.replace(/^plimsoll: compiling.*\n/, '');
      resolve({ exitCode: child.exitCode ?? NaN, stdout, stderr });
    });
  });
}

function of(metric: string, pod: string, namespace = 'default'): string[] {
  return ['--metric', metric, '--for', `pods/${namespace}/${pod}`];
}

/** Options of somebody whom the cluster's authority vouches for. */
function certificate(user: string, groups: readonly string[] = []): string[] {
  const identity = plane.identity(user, groups);
  return ['--cert', write(`${user}.crt`, identity.certificate), '--key', write(`${user}.key`, identity.key)];
}

function write(name: string, content: string): string {
  const path = join(plane.folder, `explain-${name}`);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

async function mayReadMetrics(user: string): Promise<void> {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'metrics-reader' };
  await plane.create(`${RBAC}/clusterroles`, {
    metadata: { name: roleRef.name },
    rules: [{ apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['get'] }],
  });
  await plane.create(`${RBAC}/clusterrolebindings`, {
    metadata: { name: `metrics-reader:${user}` },
    roleRef,
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
}

/** Two pods with series, and one without; nobody runs them. */
async function createPods(): Promise<void> {
  const core = '/api/v1/namespaces/default';
  for (const name of ['default', READER.name]) {
    await plane.create(`${core}/serviceaccounts`, { metadata: { name } });
  }
  for (const name of ['web-0', 'web-1', 'silent-0']) {
    await plane.create(`${core}/pods`, {
      metadata: { name },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
  }
}
