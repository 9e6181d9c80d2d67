import type { Stage } from '../../core/model';
import { App, AppDeployment, AppService, type ServicePort } from '../../constructs';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/**
 * CPU of one nginx. A page on a connection of its own takes a tenth of a millisecond: measured at 0.09 ms with nginx 1.22
 * and 500 requests a second. Idle, with its probes, it uses less than the smallest amount.
 */
export const NGINX = { request: '25m', limit: '200m', idle: '1m', perRequest: '0.1ms' } as const;

/** What is scaled, and the Service in front of it. */
export interface Workload {
  readonly app: App<'http', 'autoscaled'>;
  readonly service: ServicePort;
}

/** An nginx, by its identity alone. */
export function workloadOf(): Workload {
  const app = new App({
    namespace: NAMESPACES.walkthrough,
    name: 'nginx',
    ports: { http: 8080 },
    replicas: 'autoscaled',
  });
  return { app, service: app.service('http', { name: 'workload', number: 80 }) };
}

/** Its Deployment and Service. */
export function workloadStage({ nginxImage }: Options, { app, service }: Workload): Stage {
  return {
    name: 'workload',
    summary: 'nginx, which is scaled',
    fill(chart) {
      new AppDeployment(chart, 'nginx', {
        app,
        image: nginxImage,
        user: 101,
        resources: { cpu: { request: NGINX.request, limit: NGINX.limit }, memory: '64Mi' },
        health: { port: 'http', ready: '/', live: '/' },
        mounts: [{ name: 'tmp', path: '/tmp' }],
      });
      new AppService(chart, 'workload', { port: service });
    },
  };
}
