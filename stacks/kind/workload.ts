import type { Stage } from '../../core/model';
import { HEALTH } from '../../core/workloads';
import { App, AppDeployment, AppService, Connection, type ServicePort } from '../../constructs';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** A backend and the load test that calls it. */
export interface Backend {
  readonly app: App<'http', 'autoscaled'>;
  readonly service: ServicePort;
  readonly caller: App;
  /** Requests a second that it is sent. */
  readonly load: number;
  /** Requests a second wanted per pod. */
  readonly target: number;
}

/** Both of them, by their identities alone. */
export function backendsOf({ load1, load2, target1, target2 }: Options): readonly Backend[] {
  return [backend(1, load1, target1), backend(2, load2, target2)];
}

function backend(number: number, load: number, target: number): Backend {
  const app = new App({
    namespace: NAMESPACES.backend,
    name: `backend-${number}`,
    ports: { http: 8080 },
    replicas: 'autoscaled',
  });
  const caller = new App({ namespace: NAMESPACES.load, name: `load-test-${number}` });
  return { app, service: app.service('http'), caller, load, target };
}

/** Deployments and Services, and the policies at which Cilium counts. */
export function workloadStage({ backendImage, policySides }: Options, backends: readonly Backend[]): Stage {
  return {
    name: 'workload',
    summary: 'the backends, and the policies that have Cilium count their requests',
    fill(chart) {
      for (const { app, service, caller } of backends) {
        new AppDeployment(chart, app.name, {
          app,
          image: backendImage,
          user: 10001,
          resources: { cpu: { request: '50m', limit: '200m' }, memory: '64Mi' },
          health: { port: 'http', ready: HEALTH.ready, live: HEALTH.live },
        });
        new AppService(chart, `${app.name}-service`, { port: service });
        new Connection(chart, `${caller.name}-to-${app.name}`, {
          from: caller,
          to: app.port('http'),
          http: { methods: ['GET', 'HEAD', 'POST'], by: policySides },
        });
      }
    },
  };
}
