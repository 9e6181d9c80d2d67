import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { goVolumes, nodeBase, runtimeBase } from './base';

/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');

/** Builds every image. */
export default function build(): void {
  buildImages([]);
}

/**
 * Builds images as a user does, from bases that stand in for those that the Dockerfiles name.
 * @param names folders of `apps/`; none for all
 */
export function buildImages(names: readonly string[]): void {
  const base = nodeBase();
  const options = ['--pull=never', '--layers', ...goVolumes()].map((option) => `--option=${option}`);
  const bases = [`--base=${base}`, `--go-base=${base}`, `--runtime-base=${runtimeBase()}`];
  execFileSync(
    process.execPath,
    [join(FOLDER, '../../scripts/images.js'), ...names, '--builder=buildah', ...bases, ...options],
    // No daemon, no other root: what is built is trusted.
    { stdio: 'inherit', env: { ...process.env, BUILDAH_ISOLATION: 'chroot' } },
  );
}
