import type { Stage } from '../../core/model';
import { HEALTH } from '../../core/workloads';
import { App, AppDeployment, AppService, type ServicePort } from '../../constructs';
import { ownImage } from '../own-images';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** The program whose value is set by hand, and its Service. */
export interface Source {
  readonly app: App<'http'>;
  readonly service: ServicePort;
}

/** prom-fake, by its identity alone. */
export function sourceOf(): Source {
  const app = new App({ namespace: NAMESPACES.walkthrough, name: 'prom-fake', ports: { http: 8080 } });
  return { app, service: app.service('http') };
}

/** Its Deployment and Service. */
export function sourceStage({ registry }: Options, { app, service }: Source): Stage {
  return {
    name: 'source',
    summary: 'prom-fake, whose value is set by hand, from inside the cluster alone',
    fill(chart) {
      new AppDeployment(chart, 'prom-fake', {
        app,
        image: ownImage('prom-fake', registry).reference,
        user: 10001,
        resources: { cpu: { request: '50m', limit: '200m' }, memory: '64Mi' },
        health: { port: 'http', ready: HEALTH.ready, live: HEALTH.live },
      });
      new AppService(chart, 'prom-fake-service', { port: service });
    },
  };
}
