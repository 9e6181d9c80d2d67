import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { adapterBundle } from './adapters';
import { until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { HttpsClient } from './https-client';
import { freePort } from './ports';
import { Program } from './program';
import { Prometheus } from './prometheus';
import { Relay } from './relay';
import { kubeconfigOf, RenderedAdapter, tokenOf } from './rendered-adapter';
import { removeFolder, temporaryFolder } from './warden';

const ADAPTER = { namespace: 'custom-metrics', name: 'custom-metrics-apiserver' };
const USER = `system:serviceaccount:${ADAPTER.namespace}:${ADAPTER.name}`;
const SERVER_NAME = `${ADAPTER.name}.${ADAPTER.namespace}.svc`;
const SECRET = `/api/v1/namespaces/${ADAPTER.namespace}/secrets/${ADAPTER.name}-serving-certificate`;
const AUTHORITY = `/api/v1/namespaces/cilium-monitoring/configmaps/${ADAPTER.name}-ca`;
const APISERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const VERSIONS = ['v1beta1', 'v1beta2'];
const MERGE = 'application/merge-patch+json';
const READY_TIMEOUT_MS = 120_000;

const VALUES = `/apis/custom.metrics.k8s.io/v1beta1/namespaces/backend/pods/*/hubble_http_requests_per_second`;
const SERIES = { reporter: 'server', destination_namespace: 'backend', destination_pod: 'backend-1-a' };

const stored = z.object({ data: z.record(z.string(), z.string()).default({}) });
const apiService = z.object({
  spec: z.object({ caBundle: z.string().default(''), insecureSkipTLSVerify: z.boolean().default(false) }),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});
const metricValues = z.object({
  items: z.array(z.object({ describedObject: z.object({ name: z.string() }), value: z.string() })),
});
const role = z.object({
  rules: z.array(z.object({ resources: z.array(z.string()).default([]), verbs: z.array(z.string()) })),
});
const audited = z.object({
  verb: z.string(),
  requestURI: z.string(),
  objectRef: z.object({ resource: z.string().default('') }).default({ resource: '' }),
  responseStatus: z.object({ code: z.number() }),
});

interface Replica {
  readonly port: number;
  readonly program: Program;
}

const folder = temporaryFolder('audit');
const auditLog = join(folder, 'audit.log');
const rendered = RenderedAdapter.of('kind', ADAPTER);
let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;
let relay: Relay;
let kubeconfig: string;
let configFile: string;
const replicas: Replica[] = [];

beforeAll(async () => {
  const policy = join(folder, 'policy.yaml');
  writeFileSync(
    policy,
    JSON.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata', users: [USER] }, { level: 'None' }],
    }),
  );
  plane = await ControlPlane.start({
    apiServer: { 'audit-policy-file': policy, 'audit-log-path': auditLog, 'audit-log-mode': 'blocking' },
  });
  exporter = await Exporter.start();
  prometheus = await Prometheus.start({ targets: { hubble: { port: exporter.port, intervalSeconds: 1 } } });
  relay = await Relay.start();
  await rendered.apply(plane, relay.port);
  await rendered.createPod(plane, { namespace: 'backend', name: 'backend-1' }, SERIES.destination_pod);
  kubeconfig = await kubeconfigOf(plane, ADAPTER);
  configFile = join(plane.folder, 'rendered-config.yaml');
  writeFileSync(configFile, rendered.configuration);
  exporter.add('hubble_http_requests_total', SERIES, 1);
  await until('the series is there', async () => {
    return (await prometheus.query('hubble_http_requests_total')).length > 0;
  });
  await startReplica();
});

afterAll(async () => {
  for (const { program } of replicas) await program.stop();
  await relay?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
  removeFolder(folder);
});

test('nothing rendered skips a check of certificates, or lets the adapter create', () => {
  expect(JSON.stringify(rendered.all)).not.toContain('insecureSkipTLSVerify":true');
  const roles = rendered.all.filter(
    ({ kind, metadata }) => kind.endsWith('Role') && metadata.name.startsWith(ADAPTER.name),
  );
  const verbs = roles.flatMap((object) => role.parse(object).rules.flatMap((rule) => rule.verbs));
  expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch', 'update', 'patch']));
});

test('the Secret, the APIServices and the ConfigMap that are rendered empty get filled', async () => {
  await available();
  const { 'ca.crt': authority = '' } = await secretContent();
  expect(authority).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(await bundles()).toEqual([authority, authority]);
  await until('the ConfigMap holds the authority', async () => (await published()) === authority);
});

test('values come through kube-apiserver', async () => {
  await valuesCome();
});

test('Prometheus can scrape it with the ConfigMap and its token, and nobody else', async () => {
  const [replica] = replicas;
  const status = async (token: string): Promise<number> => {
    const client = new HttpsClient({
      port: replica?.port ?? 0,
      ca: await published(),
      serverName: SERVER_NAME,
    });
    const reply = await client.request('/metrics', { headers: { authorization: `Bearer ${token}` } });
    client.close();
    return reply.status;
  };
  const scraper = { namespace: 'cilium-monitoring', name: 'prometheus-cilium' };
  expect(await status(await tokenOf(plane, scraper))).toBe(200);
  expect(await status(await tokenOf(plane, { namespace: 'backend', name: 'default' }))).toBe(403);
  expect(await status('forged')).toBe(401);
});

test('a second replica serves the same certificate, and takes over', async () => {
  const before = await secretContent();
  await startReplica();
  expect(await secretContent()).toEqual(before);
  for (const { port } of replicas) expect(await alive(port)).toBe(200);
  const [first, second] = replicas;
  await first?.program.stop();
  replicas.shift();
  relay.targets = [second?.port ?? 0];
  await valuesCome();
  await startReplica();
});

test('what somebody empties is filled again', async () => {
  const { 'ca.crt': authority } = await secretContent();
  await patch(`${APISERVICES}/v1beta1.custom.metrics.k8s.io`, { spec: { caBundle: null } });
  await patch(AUTHORITY, { data: null });
  await until('the bundles are back', async () => {
    return (await bundles()).every((bundle) => bundle === authority) && (await published()) === authority;
  });
  await available();
  await valuesCome();
});

test('garbage in the Secret is replaced, by one replica for both', async () => {
  const garbage = Buffer.from('garbage').toString('base64');
  const data = { 'tls.crt': garbage, 'tls.key': garbage, 'ca.crt': garbage, 'ca.key': garbage };
  await patch(SECRET, { data });
  await until('there is a new certificate, and it is trusted', async () => {
    const { 'ca.crt': authority = '' } = await secretContent();
    return authority.startsWith('-----BEGIN') && (await bundles()).every((bundle) => bundle === authority);
  });
  await until('both replicas serve it', async () => {
    const answers = await Promise.all(replicas.map(({ port }) => alive(port).catch(() => 0)));
    return answers.every((answer) => answer === 200);
  });
  await available();
  await valuesCome();
});

test('it was refused nothing, and made nothing but reviews', () => {
  const seen = readFileSync(auditLog, 'utf8')
    .split('\n')
    // After the last line there is nothing, or one that is being written.
    .slice(0, -1)
    .map((line) => audited.parse(JSON.parse(line)));
  const refused = seen.filter(({ responseStatus }) => [401, 403].includes(responseStatus.code));
  expect(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([]);
  const of = (...verbs: readonly string[]): Set<string> =>
    new Set(seen.filter(({ verb }) => verbs.includes(verb)).map(({ objectRef: { resource } }) => resource));
  expect(of('create', 'delete', 'deletecollection')).toEqual(
    new Set(['tokenreviews', 'subjectaccessreviews']),
  );
  expect(of('update', 'patch')).toEqual(new Set(['secrets', 'apiservices', 'configmaps']));
  expect(of('watch')).toEqual(
    new Set(['secrets', 'apiservices', 'configmaps', 'pods', 'namespaces', 'customresourcedefinitions']),
  );
});

/** Starts one as its Deployment does, but for where things are on this machine. */
async function startReplica(): Promise<void> {
  const port = await freePort();
  const { args, env } = rendered.container;
  const program = Program.start({
    name: 'adapter',
    path: process.execPath,
    args: [
      adapterBundle(),
      ...args,
      `--config=${configFile}`,
      `--prometheus-url=${prometheus.url}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      ...['lister', 'authentication', 'authorization'].map((use) => `--${use}-kubeconfig=${kubeconfig}`),
    ],
    environment: env,
    logFile: join(plane.folder, `adapter-${port}.log`),
  });
  replicas.push({ port, program });
  await program.until(async () => (await alive(port, '/readyz')) === 200, READY_TIMEOUT_MS);
  relay.targets = replicas.map((replica) => replica.port);
}

/** What it answers to who believes what kube-apiserver believes. */
async function alive(port: number, path = '/livez'): Promise<number> {
  const [ca = ''] = await bundles();
  const client = new HttpsClient({ port, ca, serverName: SERVER_NAME });
  try {
    return (await client.request(path)).status;
  } finally {
    client.close();
  }
}

async function available(): Promise<void> {
  await until('the APIServices are available', async () => {
    const services = await apiServices();
    return services.every(({ status }) =>
      status.conditions.some(({ type, status: is }) => type === 'Available' && is === 'True'),
    );
  });
}

async function valuesCome(): Promise<void> {
  await until('the pod has requests', async () => {
    exporter.add('hubble_http_requests_total', SERIES, 100);
    const { status, text } = await plane.request(VALUES);
    if (status !== 200) return false;
    return metricValues
      .parse(JSON.parse(text))
      .items.some(
        ({ describedObject, value }) => describedObject.name === SERIES.destination_pod && value !== '0',
      );
  });
}

async function apiServices(): Promise<readonly z.output<typeof apiService>[]> {
  return Promise.all(
    VERSIONS.map(async (version) => {
      const { text } = await plane.request(`${APISERVICES}/${version}.custom.metrics.k8s.io`);
      const service = apiService.parse(JSON.parse(text));
      expect(service.spec.insecureSkipTLSVerify).toBe(false);
      return service;
    }),
  );
}

async function bundles(): Promise<readonly string[]> {
  return (await apiServices()).map(({ spec }) => Buffer.from(spec.caBundle, 'base64').toString());
}

async function published(): Promise<string> {
  const { text } = await plane.request(AUTHORITY);
  return stored.parse(JSON.parse(text)).data['ca.crt'] ?? '';
}

async function secretContent(): Promise<Readonly<Record<string, string>>> {
  const { text } = await plane.request(SECRET);
  const { data } = stored.parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

async function patch(path: string, body: object): Promise<void> {
  const { status, text } = await plane.request(path, { method: 'PATCH', body, contentType: MERGE });
  if (status !== 200) throw new Error(`PATCH ${path}: ${status} ${text}`);
}
