import {
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  chmodSync,
  readdirSync,
  statSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../../package.json';
import { run } from './run';
import { image, start } from './started';

const IMAGE = image('adapter');
const ORIGIN = 'https://127.0.0.1:6443';

const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({ name: z.string(), version: z.string(), purl: z.string(), licenses: z.array(z.json()) }),
  ),
});
const inspected = z.object({
  OCIv1: z.object({ config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }) }),
});

const files = mkdtempSync(join(tmpdir(), 'plimsoll-adapter-'));
afterAll(() => rmSync(files, { recursive: true }));

/** Runs it with arguments that end it soon, and gives what it printed. */
async function printed(...args: readonly string[]): Promise<string> {
  const container = start({ image: IMAGE, args });
  expect(await container.exit).toBe(0);
  return container.output;
}

describe('the image of the adapter', () => {
  it('says its version and its flags', async () => {
    expect(await printed('--version')).toContain(version);
    const help = await printed('--help');
    for (const flag of ['--config', '--prometheus-url', '--metrics-relist-interval', '--secure-port']) {
      expect(help).toContain(flag);
    }
  });

  it('serves health over TLS with a root that cannot be written, as a user of its own', async () => {
    const container = start({
      image: IMAGE,
      args: served(),
      volumes: { '/etc/adapter': files },
      scratch: ['/tmp'],
      origin: ORIGIN,
      ca: join(files, 'tls.crt'),
    });
    const began = process.hrtime.bigint();
    expect((await container.answers('/livez')).status).toBe(200);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    process.stdout.write(`adapter: ${size()}, /livez after ${seconds.toFixed(2)} s\n`);
    expect(container.user).toBe('10001');
    container.kill('TERM');
    expect(await container.exit).toBe(0);
  });

  it('has one program, and nothing that could start another', () => {
    const { root } = start({ image: IMAGE, args: ['--version'] });
    const programs = filesBelow(root).filter((path) => {
      const { mode } = statSync(join(root, path));
      return (mode & 0o111) !== 0 && !/\.so(\.|$)|^usr\/lib(64)?\/|^usr\/lib\/[^/]+\//.test(path);
    });
    expect(programs).toEqual(['nodejs/bin/node']);
    expect(
      filesBelow(root).filter((path) => /(^|\/)(ba|da|a|z)?sh$|busybox|(^|\/)(npm|apt|dpkg)$/.test(path)),
    ).toEqual([]);
    expect(filesBelow(root).filter((path) => path.startsWith('app/'))).toEqual(['app/main.js']);
  });

  it('carries the bill of what is bundled, and the licence of each package', () => {
    const { root } = start({ image: IMAGE, args: ['--version'] });
    const { components, metadata } = bom.parse(
      JSON.parse(readFileSync(join(root, 'usr/share/sbom/plimsoll-adapter.cdx.json'), 'utf8')),
    );
    expect(metadata.component).toEqual({ name: 'plimsoll-adapter', version });
    const names = components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['zod', 'prom-client']));
    expect(names).not.toContain('esbuild');
    expect(components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
    const licences = readdirSync(join(root, 'usr/share/licenses'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => !licences.some((path) => path.startsWith(name)))).toEqual([]);
    expect(licences).toContain('plimsoll/LICENSE');
  });

  it('says what it is', () => {
    const { config } = inspected.parse(JSON.parse(run('buildah', 'inspect', '--type', 'image', IMAGE))).OCIv1;
    expect(config.User).toBe('10001:10001');
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'plimsoll/adapter',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-dirty)?$/) as string,
    });
  });
});

/** Arguments with which it needs no Kubernetes API to serve its health. */
function served(): readonly string[] {
  const [key, certificate] = [join(files, 'tls.key'), join(files, 'tls.crt')];
  run(
    'openssl',
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...[
      '-subj',
      '/CN=adapter',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
  );
  writeFileSync(join(files, 'config.yaml'), 'rules: []\n');
  for (const path of [files, key, certificate]) chmodSync(path, 0o755);
  const kubeconfig = join(files, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    [
      'apiVersion: v1',
      'kind: Config',
      'clusters: [{ name: none, cluster: { server: "http://127.0.0.1:9" } }]',
      'users: [{ name: none, user: {} }]',
      'contexts: [{ name: none, context: { cluster: none, user: none } }]',
      'current-context: none',
      '',
    ].join('\n'),
  );
  return [
    '--config=/etc/adapter/config.yaml',
    '--prometheus-url=http://127.0.0.1:9/',
    '--secure-port=6443',
    '--tls-cert-file=/etc/adapter/tls.crt',
    '--tls-private-key-file=/etc/adapter/tls.key',
    '--lister-kubeconfig=/etc/adapter/kubeconfig',
    '--authentication-kubeconfig=/etc/adapter/kubeconfig',
    '--authorization-kubeconfig=/etc/adapter/kubeconfig',
    '--authentication-tolerate-lookup-failure',
  ];
}

/** Regular files, relative to a folder. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    return found?.isFile() === true;
  });
}

/** As the builder prints it: `132 MB`. */
function size(): string {
  return run('buildah', 'images', '--format', '{{.Size}}', IMAGE);
}
