import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImageLock, manifestFiles, synthesize } from '../../synth';
import { shop } from '../stacks/shop';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lockWith(content: string) {
  writeFileSync(join(folder, 'images.lock.json'), content);
  return readImageLock(folder);
}

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('the lock of images', () => {
  const stack = shop.define(shop.options.parse({}));
  const manifests = (lock?: ReturnType<typeof readImageLock>) =>
    [...manifestFiles(stack.name, synthesize(stack), lock).values()].map(({ content }) => content).join('');

  it('changes nothing where there is none', () => {
    expect(readImageLock(tmpdir()).size).toBe(0);
    expect(manifests(readImageLock(tmpdir()))).toBe(manifests());
  });

  it('adds digests to images and to arguments that name one, and to no other image', () => {
    const prometheus = 'quay.io/prometheus/prometheus:v3.14.0';
    const reloader = 'quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0';
    const before = manifests();
    const after = manifests(lockWith(JSON.stringify({ [prometheus]: DIGEST, [reloader]: DIGEST })));
    expect(after).toContain(`image: ${prometheus}@${DIGEST}`);
    expect(after).toContain(`--prometheus-config-reloader=${reloader}@${DIGEST}`);
    expect(after.replaceAll(`@${DIGEST}`, '')).toBe(before);
    expect(after).toMatch(/image: plimsoll\/adapter:0\.1\.0$/m);
  });

  it.each(['{', '{"a:1": "latest"}', '[]'])('refuses %s', (content) => {
    expect(() => lockWith(content)).toThrow(/npm run images:pin/);
  });
});
