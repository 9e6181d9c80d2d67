import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type PeerCertificate } from 'node:tls';
import { join } from 'node:path';
import type { AggregatedServer } from './aggregated-server';
import { serviceName, until } from './aggregation';
import type { ControlPlane } from './control-plane';
import type { Exporter } from './exporter';
import {
  ALL_REQUESTS,
  ASK_ALWAYS,
  CONFIG,
  EXTERNAL_RULE,
  FaultScene,
  GOOD_RULE,
  NEVER,
  QUEUE,
  REQUESTS,
  RULES,
  metric,
  replace,
  value,
  values,
  vector,
} from './fault-scene';
import { Http2Load } from './http2-load';
import type { Prometheus } from './prometheus';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

let scene: FaultScene;
let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;

beforeAll(async () => {
  scene = await FaultScene.start();
  ({ plane, exporter, prometheus } = scene);
});

afterEach(async () => {
  await scene?.stopStarted();
});

afterAll(async () => {
  await scene?.stop();
});

describe('kube-apiserver', () => {
  test('restarted: values are answered meanwhile, and new objects are seen after it', async () => {
    const adapter = await scene.adapter(prometheus, { flags: [NEVER] });
    expect(await value(adapter, ALL_REQUESTS)).toBe('25');
    await plane.apiServer.stop();
    // Who asks past it is known by the front proxy's certificate, and may do everything.
    expect(await value(adapter, ALL_REQUESTS)).toBe('25');
    expect((await adapter.direct('/readyz')).status).toBe(200);
    const stranger = await adapter.direct(REQUESTS, 'somebody', ['system:authenticated']);
    expect(stranger.status).toBe(500);
    await plane.apiServer.start();
    await plane.create('/api/v1/namespaces/default/services', {
      metadata: { name: 'late' },
      spec: { ports: [{ port: 80 }] },
    });
    exporter.set('http_requests_total', { namespace: 'default', service: 'late' }, 3);
    await until('the new object has a value', async () => (await values(adapter, ALL_REQUESTS)).length === 2);
    exporter.remove('http_requests_total', { namespace: 'default', service: 'late' });
    await plane.request('/api/v1/namespaces/default/services/late', { method: 'DELETE' });
    await until('its absence is seen too', async () => (await values(adapter, ALL_REQUESTS)).length === 1);
  });

  test('rights that are taken away count no longer than the cache', async () => {
    const adapter = await scene.adapter(prometheus, {
      flags: [
        NEVER,
        '--authorization-webhook-cache-authorized-ttl=1s',
        '--authorization-webhook-cache-unauthorized-ttl=1s',
      ],
    });
    const asked = async () => (await adapter.direct(QUEUE, 'reader', ['system:authenticated'])).status;
    expect(await asked()).toBe(403);
    await plane.create(`${RBAC}/namespaces/default/roles`, {
      metadata: { name: 'queue-reader' },
      rules: [{ apiGroups: ['external.metrics.k8s.io'], resources: ['queue_depth'], verbs: ['list'] }],
    });
    await plane.create(`${RBAC}/namespaces/default/rolebindings`, {
      metadata: { name: 'queue-reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'queue-reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
    });
    await until('the right counts', async () => (await asked()) === 200);
    await plane.request(`${RBAC}/namespaces/default/rolebindings/queue-reader`, { method: 'DELETE' });
    await until('the right is gone', async () => (await asked()) === 403, 10_000);
  });
});

describe('files', () => {
  test('a configuration of garbage changes nothing and is told; the next good one counts', async () => {
    const configFile = join(plane.folder, 'replaced.yaml');
    const adapter = await scene.adapter(prometheus, { configFile, flags: [NEVER] });
    await adapter.discovered();
    for (const garbage of ['{{', 'rules: 7', '', '\0\0\0', 'plimsoll: {sources: {a: {url: "ftp://a"}}}']) {
      replace(configFile, garbage);
      await until(
        'the problem is told',
        async () => (await metric(adapter, 'config_last_reload_successful')) === 0,
      );
      expect((await adapter.direct('/readyz?verbose')).text).toMatch(/^\[!\]configuration failed: ./m);
      expect(await value(adapter, REQUESTS)).toBe('25');
      replace(configFile, CONFIG);
      await until('it is over', async () => (await metric(adapter, 'config_last_reload_successful')) === 1);
    }
    rmSync(configFile);
    await until(
      'its absence is told',
      async () => (await metric(adapter, 'config_last_reload_successful')) === 0,
    );
    expect(await value(adapter, REQUESTS)).toBe('25');
    replace(configFile, CONFIG);
    await until('the same file is good again', async () => {
      return (await metric(adapter, 'config_last_reload_successful')) === 1;
    });
    expect((await adapter.direct('/readyz?verbose')).text).toContain('[+]configuration ok');
  });

  test('a ConfigMap is swapped behind its symbolic link', async () => {
    const volume = join(plane.folder, 'config-volume');
    mkdirSync(volume);
    const swap = (name: string, config: string) => {
      mkdirSync(join(volume, name));
      writeFileSync(join(volume, name, 'config.yaml'), config);
      symlinkSync(name, join(volume, '..data_tmp'));
      renameSync(join(volume, '..data_tmp'), join(volume, '..data'));
    };
    swap('..first', CONFIG);
    symlinkSync(join('..data', 'config.yaml'), join(volume, 'config.yaml'));
    // The link stays: writing it again writes the file of the first version.
    const adapter = await scene.adapter(prometheus, {
      configFile: join(volume, 'config.yaml'),
      flags: [NEVER],
    });
    await adapter.discovered();
    swap('..second', JSON.stringify({ ...RULES, rules: [{ ...GOOD_RULE, name: { as: 'renamed' } }] }));
    await until('the new name is served', async () => {
      return (await adapter.direct(REQUESTS.replace('http_requests', 'renamed'))).status === 200;
    });
    expect((await adapter.direct(REQUESTS)).status).toBe(404);
    swap('..third', 'garbage: [');
    await until(
      'the garbage is told',
      async () => (await metric(adapter, 'config_last_reload_successful')) === 0,
    );
    expect((await adapter.direct(REQUESTS.replace('http_requests', 'renamed'))).status).toBe(200);
    swap('..fourth', CONFIG);
    await until('the first name is back', async () => (await adapter.direct(REQUESTS)).status === 200);
  });

  test('a reload cuts no request off', async () => {
    const configFile = join(plane.folder, 'reloaded.yaml');
    const faulty = await scene.faultyPrometheus();
    const source = (path: string) => ({ url: faulty.url, headers: { 'x-version': [path] } });
    const config = (version: string) =>
      JSON.stringify({
        ...RULES,
        externalRules: [{ ...EXTERNAL_RULE, plimsoll: { source: 'named' } }],
        plimsoll: { ...ASK_ALWAYS, sources: { named: source(version) } },
      });
    const adapter = await scene.adapter(faulty, { configFile, config: config('one'), flags: [NEVER] });
    expect(await value(adapter, QUEUE)).toBe('7');
    let release: (() => void) | undefined;
    const body = vector([{ labels: { namespace: 'default' }, value: '8' }]);
    faulty.fault = ({ path }, response) => {
      if (path !== '/api/v1/query' || release) return false;
      release = () => response.end(body);
      return true;
    };
    const waiting = adapter.direct(QUEUE);
    await until('it is asked', () => Promise.resolve(release !== undefined));
    replace(configFile, config('two'));
    await until('it is read', async () => {
      return (await metric(adapter, 'config_reloads_total{result="success"}')) > 0;
    });
    release?.();
    const { status, text } = await waiting;
    expect([status, text]).toEqual([200, expect.stringContaining('"8"')]);
  });

  test('a serving certificate that is replaced is shown to the next connection', async () => {
    const adapter = await scene.adapter(prometheus, { flags: [NEVER] });
    const before = await shownCertificate(adapter);
    const { certificate, key } = plane.servingIdentity([serviceName(adapter.name)]);
    // Not at the same moment: until the key comes too, the pair before stays.
    replace(adapter.files.certificateFile, certificate);
    expect((await adapter.direct('/readyz')).status).toBe(200);
    replace(adapter.files.keyFile, key);
    await until('the new one is shown', async () => {
      return (await shownCertificate(adapter)).fingerprint256 !== before.fingerprint256;
    });
    replace(adapter.files.certificateFile, 'garbage');
    await until('the garbage is told', async () => {
      return /^\[!\]certificate-renewal failed: ./m.test((await adapter.direct('/readyz?verbose')).text);
    });
    expect((await shownCertificate(adapter)).fingerprint256).not.toBe(before.fingerprint256);
  });
});

describe('SIGTERM', () => {
  test('under load cuts no request, and the process ends well', async () => {
    const adapter = await scene.adapter(prometheus, {
      flags: [NEVER, '--shutdown-delay-duration=1s', '--shutdown-grace-duration=10s'],
    });
    await adapter.discovered();
    let stopping = false;
    let answered = 0;
    const failed: string[] = [];
    const user = { 'x-remote-user': 'admin', 'x-remote-group': ['system:masters'] };
    const worker = async () => {
      const client = adapter.frontClient(1);
      while (!stopping) {
        try {
          const { status } = await client.request(REQUESTS, { headers: user });
          if (status === 200) answered += 1;
          else failed.push(String(status));
        } catch (error) {
          // A server that does not listen any more takes no requests, and the system ends connections that it had yet
          // to accept or to shake hands on, which with TLS 1.3 the client may have done already. A request that it had
          // taken and cut off would show in its exit code.
          const notBegun = /ECONN(REFUSED|RESET)|EPIPE|socket hang up|before secure TLS connection/;
          if (notBegun.test(String(error)) && adapter.log().includes('"stopping"')) return;
          failed.push(String(error));
        }
      }
    };
    const workers = Array.from({ length: 8 }, worker);
    await until('there is load', () => Promise.resolve(answered > 100));
    adapter.signal('SIGTERM');
    await until('it has ended', () => Promise.resolve(adapter.ended !== undefined));
    stopping = true;
    await Promise.all(workers);
    expect([adapter.ended, failed]).toEqual(['exit 0', []]);
    expect(adapter.log()).toContain('"stopped","cut":0');
  });

  test('under load over HTTP/2 says goodbye, and answers every request that it has taken', async () => {
    const adapter = await scene.adapter(prometheus, {
      flags: [NEVER, '--shutdown-delay-duration=1s', '--shutdown-grace-duration=10s'],
    });
    await adapter.discovered();
    const load = new Http2Load({
      ...{ port: adapter.port, ca: plane.caBundle, identity: plane.frontProxyIdentity },
      ...{ serverName: serviceName(adapter.name), connections: 4, streams: 4 },
      headers: { 'x-remote-user': 'admin', 'x-remote-group': ['system:masters'] },
    });
    const running = load.run(REQUESTS, () => adapter.log().includes('"stopping"'));
    await until('there is load', () => Promise.resolve(load.answered > 500));
    expect([load.failed, load.goodbyes]).toEqual([[], []]);
    adapter.signal('SIGTERM');
    await until('it has ended', () => Promise.resolve(adapter.ended !== undefined));
    load.stop();
    await running;
    expect([adapter.ended, load.failed]).toEqual(['exit 0', []]);
    expect(adapter.log()).toContain('"stopped","cut":0');
    // Each connection was told to go at the beginning, and those that came after it at the end.
    expect(load.goodbyes.length).toBeGreaterThanOrEqual(4);
    expect(new Set(load.goodbyes)).toEqual(new Set([0]));
  });

  test('a request that waits for a slow source is waited for', async () => {
    const faulty = await scene.faultyPrometheus();
    const adapter = await scene.adapter(faulty, { flags: [NEVER, '--shutdown-delay-duration=0s'] });
    expect(await value(adapter, QUEUE)).toBe('7');
    let release: (() => void) | undefined;
    faulty.fault = ({ path }, response) => {
      // The first listing may still be under way.
      if (path !== '/api/v1/query') return false;
      release = () => response.end(vector([{ labels: { namespace: 'default' }, value: '5' }]));
      return true;
    };
    const waiting = adapter.direct(QUEUE);
    await until('it is asked', () => Promise.resolve(release !== undefined));
    adapter.signal('SIGTERM');
    await until('it says so', () => Promise.resolve(adapter.log().includes('"stopping"')));
    release?.();
    expect((await waiting).status).toBe(200);
    await until('it has ended', () => Promise.resolve(adapter.ended !== undefined));
    expect(adapter.ended).toBe('exit 0');
  });
});

function shownCertificate(adapter: AggregatedServer): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const name = serviceName(adapter.name);
    const socket = connect({ host: '127.0.0.1', port: adapter.port, servername: name, ca: plane.caBundle });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
  });
}
