import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The programs as their images have them: one file each, in a folder that `remove` takes away. */
export function bundle(...apps: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-apps-'));
  for (const app of apps) {
    const words = ['run', '--silent', '--workspace=apps', 'bundle', '--'];
    execFileSync('npm', [...words, `${app}/main.ts`, `--outfile=${join(folder, `${app}.js`)}`], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  return {
    file: (app: string) => join(folder, `${app}.js`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
