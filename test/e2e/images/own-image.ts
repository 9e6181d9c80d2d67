import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../../../package.json';
import { run } from '../../images/run';
import type { OwnImageName } from './catalog';
import type { ImageSettings } from './unpacked';

const inspected = z.object({
  OCIv1: z.object({
    config: z.object({
      User: z.string().default(''),
      Env: z.array(z.string()).default([]),
      Entrypoint: z.array(z.string()).default([]),
      Cmd: z.array(z.string()).default([]),
      WorkingDir: z.string().default('/'),
    }),
  }),
});

/** Writes the root folder of an image that buildah has, and reads its settings. */
export function fillOwnImage(name: OwnImageName, rootFolder: string): ImageSettings {
  const image = `localhost/plimsoll/${name}:${version}`;
  const container = run('buildah', 'from', '--pull-never', image);
  try {
    const mounted = run('buildah', 'mount', container);
    execFileSync('cp', ['--archive', '--reflink=auto', `${mounted}/.`, rootFolder]);
  } finally {
    run('buildah', 'rm', container);
  }
  mkdirSync(join(rootFolder, 'var/run/secrets/kubernetes.io/serviceaccount'), { recursive: true });
  const text: unknown = JSON.parse(run('buildah', 'inspect', '--type', 'image', image));
  const { User, Env, Entrypoint, Cmd, WorkingDir } = inspected.parse(text).OCIv1.config;
  return {
    entrypoint: Entrypoint,
    command: Cmd,
    env: Env,
    user: User,
    workingDir: WorkingDir === '' ? '/' : WorkingDir,
  };
}
