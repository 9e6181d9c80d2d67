import type { Stage } from '../../core/model';
import { SPORTSBOOK_HEALTH } from '../../core/workloads';
import { App, AppDeployment, AppService, Connection, type ServicePort } from '../../constructs';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** The API that is scaled, and its Service. */
export interface Workload {
  readonly app: App<'http', 'autoscaled'>;
  readonly service: ServicePort;
}

/** The sportsbook's API, by its identity alone. */
export function workloadOf(): Workload {
  const app = new App({
    namespace: NAMESPACES.api,
    name: 'sb-api',
    ports: { http: 8080 },
    replicas: 'autoscaled',
  });
  return { app, service: app.service('http') };
}

/** Its Deployment and Service, and the ways of its callers to it. */
export function workloadStage(
  { apiImage }: Options,
  { app, service }: Workload,
  callers: readonly App[],
): Stage {
  return {
    name: 'workload',
    summary: 'the API',
    fill(chart) {
      new AppDeployment(chart, 'sb-api', {
        app,
        image: apiImage,
        user: 10001,
        resources: { cpu: { request: '100m', limit: '500m' }, memory: '128Mi' },
        health: { port: 'http', ready: SPORTSBOOK_HEALTH.ready, live: SPORTSBOOK_HEALTH.live },
      });
      new AppService(chart, 'sb-api-service', { port: service });
      for (const caller of callers) {
        new Connection(chart, `${caller.name}-to-sb-api`, { from: caller, to: app.port('http') });
      }
    },
  };
}
