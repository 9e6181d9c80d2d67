import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBase } from './program-image';
import type { ImageSettings } from './unpacked';

/** As nginx-unprivileged has it: another port than 80, and nothing written outside of /tmp. */
const CONFIGURATION = `worker_processes 1;
error_log /dev/stderr notice;
pid /tmp/nginx.pid;
events {
  worker_connections 1024;
}
http {
  proxy_temp_path /tmp/proxy_temp;
  client_body_temp_path /tmp/client_temp;
  fastcgi_temp_path /tmp/fastcgi_temp;
  uwsgi_temp_path /tmp/uwsgi_temp;
  scgi_temp_path /tmp/scgi_temp;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /dev/stdout;
  sendfile on;
  keepalive_timeout 65;
  server {
    listen 8080;
    root /usr/share/nginx/html;
    index index.html;
  }
}
`;

/** Writes the root folder of Debian's nginx: its packages unpacked, none of their scripts run. */
export function fillNginxImage(rootFolder: string): ImageSettings {
  const archive = `${rootFolder}.tar`;
  try {
    const packages = '--include=base-files,nginx-light';
    execFileSync('mmdebstrap', ['--quiet', '--variant=extract', packages, 'bookworm', archive], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    execFileSync('tar', ['--extract', `--file=${archive}`, `--directory=${rootFolder}`, '--exclude=./dev/*']);
  } finally {
    rmSync(archive, { force: true });
  }
  writeBase(rootFolder);
  mkdirSync(join(rootFolder, 'usr/share/nginx/html'), { recursive: true });
  writeFileSync(join(rootFolder, 'usr/share/nginx/html/index.html'), '<h1>Welcome to nginx!</h1>\n');
  writeFileSync(join(rootFolder, 'etc/nginx/nginx.conf'), CONFIGURATION);
  return {
    entrypoint: [],
    command: ['nginx', '-e', '/dev/stderr', '-g', 'daemon off;'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    user: '101',
    workingDir: '/',
  };
}
