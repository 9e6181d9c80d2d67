import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { goVolumes, nodeBase, runtimeBase } from './base';

/** Builds every image as a user does, from bases that stand in for those that the Dockerfiles name. */
export default function build(): void {
  const base = nodeBase();
  const options = ['--pull=never', '--layers', ...goVolumes()].map((option) => `--option=${option}`);
  const bases = [`--base=${base}`, `--go-base=${base}`, `--runtime-base=${runtimeBase()}`];
  execFileSync(
    process.execPath,
    [join(__dirname, '../../scripts/images.js'), '--builder=buildah', ...bases, ...options],
    // No daemon, no other root: what is built is trusted.
    { stdio: 'inherit', env: { ...process.env, BUILDAH_ISOLATION: 'chroot' } },
  );
}
