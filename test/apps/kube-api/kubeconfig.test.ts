import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { issueServing } from '../../../apps/adapter/certificates/issue';
import { kubeconfigAccess } from '../../../apps/kube-api';
import { LOOPBACK_TLS } from './certificate';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  path = join(folder, 'config');
});
afterEach(() => rm(folder, { recursive: true }));

/** A kubeconfig with one cluster and one user of these fields. */
function config(cluster: object, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'home', user: 'me', namespace: 'default' } }],
    clusters: [{ name: 'home', cluster: { server: 'https://api.test:6443', ...cluster } }],
    users: [{ name: 'me', user }],
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function access(cluster: object, user: object) {
  await writeFile(path, config(cluster, user));
  return kubeconfigAccess(path);
}

describe('a kubeconfig file', () => {
  it('is read as kubectl writes it', async () => {
    await writeFile(
      path,
      `apiVersion: v1
kind: Config
preferences: {}
clusters:
- cluster:
    certificate-authority-data: ${base64('an authority')}
    server: https://10.0.0.1:6443
    tls-server-name: kubernetes.default
  name: other
- name: main
  cluster:
    insecure-skip-tls-verify: false
    server: https://10.0.0.2:6443/prefix
contexts:
- context: {cluster: main, user: ''}
  name: anonymous
- context:
    cluster: other
    user: admin
  name: admin@other
current-context: admin@other
users:
- name: admin
  user:
    client-certificate-data: ${base64(LOOPBACK_TLS.cert)}
    client-key-data: ${base64(LOOPBACK_TLS.key)}
    token: "0123"
`,
    );
    const current = await kubeconfigAccess(path);
    expect(current.url.href).toBe('https://10.0.0.1:6443/');
    expect(await current.credentials()).toEqual({
      ca: 'an authority',
      certificate: { cert: LOOPBACK_TLS.cert, key: LOOPBACK_TLS.key },
      serverName: 'kubernetes.default',
      token: '0123',
    });
    const anonymous = await kubeconfigAccess(path, { context: 'anonymous' });
    expect([anonymous.url.pathname, await anonymous.credentials()]).toEqual(['/prefix', {}]);
  });

  it('names files from where it lies', async () => {
    const { cert, key } = LOOPBACK_TLS;
    for (const [name, text] of Object.entries({ ca: 'the ca\n', cert, key, token: 'the token\n' }))
      await writeFile(join(folder, name), text);
    const found = await access(
      { 'certificate-authority': 'ca' },
      { 'client-certificate': 'cert', 'client-key': join(folder, 'key'), tokenFile: 'token', token: 'old' },
    );
    expect(await found.credentials()).toEqual({
      ca: 'the ca\n',
      certificate: { cert, key },
      token: 'the token',
    });
  });

  it('may have a name and a password', async () => {
    const found = await access({}, { username: 'me', password: 'secret' });
    expect(await found.credentials()).toEqual({ basic: { username: 'me', password: 'secret' } });
  });

  it('is read again after a while; what cannot be read leaves what was', async () => {
    await writeFile(path, config({}, { token: 'first' }));
    let clock = 0;
    const problems: string[] = [];
    const found = await kubeconfigAccess(path, {
      now: () => clock,
      onProblem: (message) => problems.push(message),
    });
    await found.credentials();
    await writeFile(path, config({ server: 'https://moved.test' }, { token: 'second' }));
    expect(await found.credentials()).toEqual({ token: 'first' });
    clock += 10_000;
    expect([await found.credentials(), found.url.host]).toEqual([{ token: 'second' }, 'moved.test']);
    await writeFile(path, 'clusters: [');
    clock += 10_000;
    expect(await found.credentials()).toEqual({ token: 'second' });
    expect(problems).toEqual([expect.stringMatching(/^.*config: not YAML: .*; what it said before stays$/s)]);
  });

  it('that is read between the new certificate and its key leaves both as they were', async () => {
    const [before, after] = [0, 1].map(() => issueServing(['me'], { notBeforeMs: 0, notAfterMs: 4e12 }));
    const put = async (name: string, text = '') => writeFile(join(folder, name), text);
    await put('cert', before?.certificate);
    await put('key', before?.key);
    await writeFile(path, config({}, { 'client-certificate': 'cert', 'client-key': 'key' }));
    let clock = 0;
    const problems: string[] = [];
    const found = await kubeconfigAccess(path, {
      now: () => clock,
      onProblem: (message) => problems.push(message),
    });
    await put('cert', after?.certificate);
    expect(await found.credentials()).toEqual({
      certificate: { cert: before?.certificate, key: before?.key },
    });
    expect(problems).toEqual([expect.stringMatching(/client-certificate and client-key cannot be used: /)]);
    await put('key', after?.key);
    clock += 10_000;
    expect(await found.credentials()).toEqual({ certificate: { cert: after?.certificate, key: after?.key } });
  });

  it.each<[string, object, object, RegExp]>([
    ['a server that is not checked', { 'insecure-skip-tls-verify': true }, {}, /insecure-skip-tls-verify/],
    ['a proxy', { 'proxy-url': 'http://p' }, {}, /proxy-url "http:\/\/p"/],
    ['a plugin', {}, { exec: { command: 'aws', args: ['eks'] } }, /exec plugin "aws"/],
    ['a provider', {}, { 'auth-provider': { name: 'gcp' } }, /auth-provider "gcp"/],
    ['impersonation', {}, { as: 'admin' }, /impersonation of "admin"/],
  ])('with %s is refused', async (_, cluster, user, message) => {
    const refused = access(cluster, user);
    await expect(refused).rejects.toThrow(NotSupportedError);
    await expect(refused).rejects.toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    ['that is another file', 'just text', /not a kubeconfig/],
    ['without a current context', '{}', /current-context is not set/],
    ['without its context', 'current-context: x', /context "x" is not in the file/],
    ['with half a certificate', config({}, { 'client-key-data': 'eA==' }), /have to be given together/],
    ['with a file that is not there', config({}, { tokenFile: 'gone' }), /gone: cannot be read/],
    ['with a server that is none', config({ server: 'api:1' }, {}), /"api:1" is not a URL of http/],
  ])('%s is an error', async (_, text, message) => {
    await writeFile(path, text);
    const refused = kubeconfigAccess(path);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});
