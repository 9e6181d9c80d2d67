import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const ROOT = join(__dirname, '../..');
const APPS = join(ROOT, 'apps');
const manifest = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(APPS, 'package.json'), 'utf8')));

// Programs that are run from the folder `build` find what is installed for the root.
test.each(Object.keys(manifest.dependencies))('a program without a bundle gets the same %s', (name) => {
  const resolvedFrom = (folder: string) => require.resolve(name, { paths: [folder] });
  expect(resolvedFrom(join(ROOT, 'build/apps/adapter'))).toBe(resolvedFrom(APPS));
});
