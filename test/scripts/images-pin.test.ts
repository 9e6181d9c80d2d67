import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const MANIFEST = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}';
const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`;
const TOKEN = 'a-token';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-pin-'));
const lock = join(folder, 'images.lock.json');
const asked: string[] = [];
let server: Server;
let registry = '';

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  rmSync(lock, { force: true });
  asked.length = 0;
});

/** A registry: `open/…` is for everybody, `token/…` for who has a token, `lying/…` tells a wrong digest. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '', `http://${registry}`);
  asked.push(`${pathname}${search}`);
  if (pathname === '/token') return void response.end(JSON.stringify({ token: TOKEN }));
  if (pathname.startsWith('/v2/token/') && request.headers.authorization !== `Bearer ${TOKEN}`) {
    const challenge = `Bearer realm="http://${registry}/token",service="fake",scope="repository:token/app:pull"`;
    return void response.writeHead(401, { 'www-authenticate': challenge }).end();
  }
  if (pathname.startsWith('/v2/private/')) {
    return void response.writeHead(401, { 'www-authenticate': 'Basic realm="fake"' }).end();
  }
  if (!pathname.endsWith('/manifests/1.0')) return void response.writeHead(404).end();
  const digest = pathname.startsWith('/v2/lying/') ? `sha256:${'0'.repeat(64)}` : DIGEST;
  response.writeHead(200, { 'docker-content-digest': digest }).end(MANIFEST);
}

async function pin(...references: readonly string[]) {
  const script = join(__dirname, '../../scripts/images-pin.js');
  const child = spawn(process.execPath, [script, `--lock=${lock}`, ...references], { stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = await new Promise((resolve) => child.once('close', resolve));
  return { exit, output };
}

function locked(): unknown {
  return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(lock, 'utf8')));
}

describe('images:pin', () => {
  it('writes the digest of what each tag names, sorted', async () => {
    const references = [`${registry}/open/b:1.0`, `${registry}/open/a:1.0`];
    expect((await pin(...references)).exit).toBe(0);
    expect(locked()).toEqual({ [references[0] ?? '']: DIGEST, [references[1] ?? '']: DIGEST });
    expect(readFileSync(lock, 'utf8').indexOf('open/a')).toBeLessThan(
      readFileSync(lock, 'utf8').indexOf('open/b'),
    );
  });

  it('gets a token where the registry wants one', async () => {
    expect((await pin(`${registry}/token/app:1.0`)).exit).toBe(0);
    expect(locked()).toEqual({ [`${registry}/token/app:1.0`]: DIGEST });
    expect(asked).toContain('/token?service=fake&scope=repository%3Atoken%2Fapp%3Apull');
  });

  const refused: readonly (readonly [string, () => string, RegExp])[] = [
    ['an unknown tag', () => `${registry}/open/a:2.0`, /open\/a:2\.0: .* answers 404/],
    ['a private image', () => `${registry}/private/a:1.0`, /wants credentials/],
    [
      'a digest that is not that of the answer',
      () => `${registry}/lying/a:1.0`,
      /says that its digest is sha256:0000/,
    ],
    ['a registry that cannot be reached', () => '127.0.0.1:9/open/a:1.0', /127\.0\.0\.1:9 cannot be reached/],
    ['a reference without a tag', () => `${registry}/open/a`, /write registry and tag/],
  ];
  it.each(refused)('leaves the file as it is for %s', async (_, reference, message) => {
    writeFileSync(lock, '{}\n');
    const { exit, output } = await pin(`${registry}/open/a:1.0`, reference());
    expect(exit).toBe(1);
    expect(output).toMatch(message);
    expect(output).toContain(`${lock} was not changed`);
    expect(readFileSync(lock, 'utf8')).toBe('{}\n');
    expect(existsSync(`${lock}.new`)).toBe(false);
  });
});
