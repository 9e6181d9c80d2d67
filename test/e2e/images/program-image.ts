import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isProgramName, programModuleFolder, programPath } from '../../control-plane/programs';
import { PROGRAM_IMAGES, type ProgramImageName } from './catalog';
import type { ImageSettings } from './unpacked';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Users that the images of the programs name; podinfo's is that of Alpine's `adduser -S`. */
const USERS = {
  root: [0, 0],
  app: [100, 101],
  nginx: [101, 101],
  nobody: [65534, 65534],
  nonroot: [65532, 65532],
};
/** Where runtimes and the kubelet mount something in nearly every container. */
const MOUNT_FOLDERS = ['proc', 'dev', 'sys', 'tmp', 'run', 'var/run/secrets/kubernetes.io/serviceaccount'];
const MOUNT_FILES = ['etc/hosts', 'etc/hostname', 'etc/resolv.conf'];

/** Writes the root folder of an image that has nothing but programs of Go. */
export function fillProgramImage(name: ProgramImageName, rootFolder: string): ImageSettings {
  const image = PROGRAM_IMAGES[name];
  writeBase(rootFolder);
  for (const [program, path] of Object.entries(image.programs)) {
    if (isProgramName(program)) placeProgram(programPath(program), join(rootFolder, path));
  }
  for (const [source, path] of Object.entries('sources' in image ? image.sources : {})) {
    const folder = programModuleFolder('podinfo', 'github.com/stefanprodan/podinfo');
    // Go's module cache is read-only; its copy must be removable.
    cpSync(join(folder, source), join(rootFolder, path), { recursive: true, mode: 0 });
  }
  for (const path of 'writable' in image ? image.writable : []) {
    mkdirSync(join(rootFolder, path), { recursive: true });
    own(join(rootFolder, path), USERS[image.user === 'app' ? 'app' : 'nobody']);
  }
  if (name === 'prometheus') writePrometheusFile(join(rootFolder, 'etc/prometheus/prometheus.yml'));
  const { entrypoint, command, user, workingDir } = image;
  return { entrypoint: [...entrypoint], command: [...command], env: [PATH], user, workingDir };
}

/** Users, certificates, places for mounts: what the bases of such images have, besides a shell. */
export function writeBase(rootFolder: string): void {
  for (const folder of MOUNT_FOLDERS) mkdirSync(join(rootFolder, folder), { recursive: true });
  chmodSync(join(rootFolder, 'tmp'), 0o1777);
  mkdirSync(join(rootFolder, 'etc'), { recursive: true });
  for (const file of MOUNT_FILES)
    if (!existsSync(join(rootFolder, file))) writeFileSync(join(rootFolder, file), '');
  const users = Object.entries(USERS);
  const accounts = users.map(([user, [uid, gid]]) => `${user}:x:${uid}:${gid}:${user}:/:/sbin/nologin\n`);
  writeFileSync(join(rootFolder, 'etc/passwd'), accounts.join(''));
  writeFileSync(
    join(rootFolder, 'etc/group'),
    users.map(([user, [, gid]]) => `${user}:x:${gid}:\n`).join(''),
  );
  if (existsSync(CERTIFICATES)) {
    mkdirSync(join(rootFolder, dirname(CERTIFICATES)), { recursive: true });
    copyFileSync(CERTIFICATES, join(rootFolder, CERTIFICATES));
  }
}

/** A second name for the same file where that is possible: such programs have 100 MB. */
function placeProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    chmodSync(to, 0o755);
  }
}

function writePrometheusFile(file: string): void {
  writeFileSync(
    file,
    'scrape_configs:\n  - job_name: prometheus\n    static_configs:\n      - targets: [localhost:9090]\n',
  );
}

function own(path: string, [uid = 0, gid = 0]: readonly number[]): void {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) own(join(path, entry.name), [uid, gid]);
    else if (entry.isSymbolicLink()) lchownSync(join(path, entry.name), uid, gid);
    else if (entry.name !== 'podinfo') chownSync(join(path, entry.name), uid, gid);
  }
}
