import { programFor } from '../../../core/workloads';
import { setting } from './fixture';

const IMAGE = "image: 'docker.io/nginxinc/nginx-unprivileged:1.30.5'";
const nginx = programFor(setting(`{ name: nginx, ${IMAGE} }`), []);

describe('nginx', () => {
  it.each([
    ['GET', '/', 200],
    ['HEAD', '/index.html', 200],
    ['GET', '/nowhere', 404],
    ['POST', '/nowhere', 404],
    ['POST', '/', 405],
    ['PUT', '/nowhere', 405],
  ])('answers %s %s with %i', (method, path, status) => {
    expect(nginx.status(8080, { from: 'client', method, path })).toBe(status);
  });

  it('listens on the port of its image only, and has no metrics', () => {
    expect(nginx.status(80, { from: 'client', method: 'GET', path: '/' })).toBeUndefined();
    expect(nginx.exposes(8080, '/metrics')).toBe(false);
    expect(nginx.series).toEqual([]);
  });

  it.each([
    [
      'volumeMounts: [{ name: pages, mountPath: /usr/share/nginx/html }]',
      'files of its own in /usr/share/nginx/html',
    ],
    ['volumeMounts: [{ name: conf, mountPath: /etc/nginx/conf.d }]', 'files of its own in /etc/nginx/conf.d'],
    ['args: [nginx, -c, /tmp/nginx.conf]', 'a command of its own'],
  ])('refuses what may answer otherwise: %s', (more, reason) => {
    expect(() => programFor(setting(`{ name: nginx, ${IMAGE}, ${more} }`), [])).toThrow(
      `not supported: Deployment here/main, container nginx: nginx with ${reason}`,
    );
  });

  it('takes space to write for what it is', () => {
    const mounted = setting(`{ name: nginx, ${IMAGE}, volumeMounts: [{ name: tmp, mountPath: /tmp }] }`);
    expect(programFor(mounted, []).name).toBe('nginx');
  });
});
