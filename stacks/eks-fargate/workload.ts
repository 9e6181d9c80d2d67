import type { Stage } from '../../core/model';
import { App, AppDeployment, AppService, Connection, EnvoyProxy, type ServicePort } from '../../constructs';
import { NAMESPACES, ON_FARGATE } from './cluster';
import type { Options } from './options';

const PODINFO_PORTS = { http: 9898, 'http-metrics': 9797, grpc: 9999 };
const PROXY_PORTS = { proxy: 8080, stats: 9902 };
/** Seconds between two runs of a probe; each of the two is a request to podinfo that no client sent. */
export const PROBE_PERIOD_SECONDS = 10;
/** Thousandths of a CPU that a pod requests. */
export const CPU_REQUEST_MILLIS = 100;

type PodinfoPort = keyof typeof PODINFO_PORTS;
type ProxiedPort = PodinfoPort | keyof typeof PROXY_PORTS;

/** What is scaled, and the Service in front of it. */
export interface Workload {
  readonly podinfo: App<PodinfoPort, 'autoscaled'>;
  /** podinfo with Envoy in its pods. */
  readonly proxied: App<ProxiedPort, 'autoscaled'>;
  readonly service: ServicePort;
}

/** podinfo with and without Envoy, by its identity alone; the Service leads to Envoy where that counts. */
export function workloadOf({ metric }: Options): Workload {
  const identity = {
    namespace: NAMESPACES.demo,
    name: 'podinfo',
    replicas: 'autoscaled',
    podLabels: { 'app.kubernetes.io/name': 'podinfo', ...ON_FARGATE },
  } as const;
  const podinfo = new App({ ...identity, ports: PODINFO_PORTS });
  const proxied = new App({ ...identity, ports: { ...PODINFO_PORTS, ...PROXY_PORTS } });
  const service =
    metric === 'envoy' ? proxied.service('proxy', { number: 80 }) : podinfo.service('http', { number: 80 });
  return { podinfo, proxied, service };
}

/** podinfo's Deployment and Service, and the ways of its callers to it. */
export function workloadStage(
  chosen: Options,
  { podinfo, proxied, service }: Workload,
  callers: readonly App[],
): Stage {
  return {
    name: 'workload',
    summary: 'podinfo on Fargate',
    fill(chart) {
      const container = podinfoContainer(chosen);
      if (chosen.metric === 'envoy') {
        const { sidecar } = new EnvoyProxy(chart, 'envoy', {
          app: proxied,
          image: chosen.envoyImage,
          listener: 'proxy',
          to: 'http',
          stats: 'stats',
        });
        new AppDeployment(chart, 'podinfo', { app: proxied, ...container, sidecars: [sidecar] });
      } else {
        new AppDeployment(chart, 'podinfo', { app: podinfo, ...container });
      }
      new AppService(chart, 'service', { port: service });
      for (const caller of callers) {
        new Connection(chart, `${caller.name}-to-podinfo`, { from: caller, to: service.pod });
      }
    },
  };
}

/** The container of podinfo's pods; its probes run a command in it, which sends a request to podinfo. */
function podinfoContainer({ podinfoImage }: Options) {
  const { http, 'http-metrics': metrics, grpc } = PODINFO_PORTS;
  const probe = (path: string) => ['podcli', 'check', 'http', `localhost:${http}${path}`];
  return {
    image: podinfoImage,
    command: [
      './podinfo',
      `--port=${http}`,
      `--port-metrics=${metrics}`,
      `--grpc-port=${grpc}`,
      '--grpc-service-name=podinfo',
      '--level=info',
    ],
    user: 100,
    // Fargate gives a pod of this request a quarter of a vCPU, so it gets no more in any case.
    resources: { cpu: { request: `${CPU_REQUEST_MILLIS}m`, limit: '250m' }, memory: '64Mi' },
    health: { ready: probe('/readyz'), live: probe('/healthz'), periodSeconds: PROBE_PERIOD_SECONDS },
    mounts: [{ name: 'data', path: '/data' }],
  };
}
