import { z } from 'zod';
import {
  App,
  AppDeployment,
  AppService,
  Connection,
  CORE_DNS,
  DnsAccess,
  Entity,
  Keda,
  KedaConnections,
  PodMonitor,
  PrometheusHandle,
  PrometheusInstance,
  PrometheusOperator,
  prometheusOperatorCrds,
  prometheusTrigger,
  rate,
  RestrictedNamespace,
  ScaledObject,
} from '../../constructs';
import { DEFAULT_AUTOSCALING, defineScenario, type StackDefinition } from '../../core/model';

const METRICS = {
  port: 'web',
  path: '/metrics',
  series: {
    requests: {
      name: 'http_server_requests_seconds_count',
      type: 'counter',
      help: 'Requests.',
      labels: ['uri'],
    },
  },
} as const;

const options = z.strictObject({});

/** A stack with KEDA, made of the constructs alone. */
export const sportsbook: StackDefinition<typeof options> = {
  name: 'sportsbook',
  summary: 'a REST service scaled by KEDA',
  options,
  define() {
    const api = new App({ namespace: 'shop', name: 'api', ports: { web: 8080 }, replicas: 'autoscaled' });
    const prometheus = new PrometheusHandle('monitoring', 'main', { team: 'shop' });
    const keda = new Keda({ namespace: 'keda', version: '2.20.2', before: 'monitoring', watches: ['shop'] });
    const apiServerPort = 6443;
    return {
      name: 'sportsbook',
      summary: sportsbook.summary,
      cluster: {
        provider: 'kind',
        name: 'sportsbook',
        kubernetes: '1.36.1',
        nodes: [{ role: 'control-plane', count: 1, cpu: '4', memory: '8Gi', pods: 110 }],
        cni: 'cilium',
        networkPolicyEnforced: true,
        kubeProxy: true,
        serviceBalancing: 'connection',
        daemonSets: true,
        autoscaling: DEFAULT_AUTOSCALING,
      },
      provided: CORE_DNS,
      releases: [
        prometheusOperatorCrds({ version: '31.0.0', namespace: 'monitoring', before: 'monitoring' }),
        keda.release,
      ],
      stages: [
        {
          name: 'namespaces',
          summary: 'closed namespaces',
          fill(chart) {
            for (const name of ['shop', 'monitoring', 'keda']) {
              new RestrictedNamespace(chart, name, { name, podSecurity: '1.36' });
              new DnsAccess(chart, `${name}-dns`, { namespace: name });
            }
            new KedaConnections(chart, 'keda-connections', {
              keda,
              prometheus: prometheus.service,
              apiServerPort,
            });
          },
        },
        {
          name: 'monitoring',
          summary: 'Prometheus',
          fill(chart) {
            new PrometheusOperator(chart, 'operator', {
              namespace: 'monitoring',
              image: 'quay.io/prometheus-operator/prometheus-operator:v0.93.0',
              reloaderImage: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0',
              apiServerPort,
            });
            new PrometheusInstance(chart, 'prometheus', {
              prometheus,
              image: 'quay.io/prometheus/prometheus:v3.14.0',
              version: 'v3.14.0',
              scrapeInterval: '15s',
              discovers: ['shop'],
              apiServerPort,
            });
            new PodMonitor(chart, 'api', {
              name: 'api',
              namespace: 'monitoring',
              labels: prometheus.monitorLabels,
              interval: '15s',
              exporter: api.exports(METRICS),
            });
            new Connection(chart, 'scrape', { from: prometheus.app, to: api.port('web') });
          },
        },
        {
          name: 'api',
          summary: 'the service and its ScaledObject',
          fill(chart) {
            new AppDeployment(chart, 'api', {
              app: api,
              image: 'registry.example.com/api:1.0.0',
              user: 10001,
              resources: { cpu: { request: '100m', limit: '500m' }, memory: '128Mi' },
              health: { port: 'web', ready: '/health', live: '/health' },
            });
            new AppService(chart, 'service', { port: api.service('web') });
            new Connection(chart, 'customers', { from: Entity.outside, to: api.port('web') });
            new ScaledObject(chart, 'scaler', {
              target: api,
              name: 'api-scaler',
              min: 2,
              max: 10,
              triggers: [
                prometheusTrigger({
                  prometheus: prometheus.service,
                  reading: rate(api.exports(METRICS).series('requests'), '2m', { uri: '/api' }),
                  threshold: 100,
                }),
              ],
              behavior: { scaleDown: { stabilizationWindowSeconds: 120 } },
            });
          },
        },
      ],
      images: [{ name: 'api', reference: 'registry.example.com/api:1.0.0' }],
      forwards: [],
      scenario: defineScenario(
        {
          duration: '12m',
          noise: false,
          programs: [
            {
              image: 'registry.example.com/api',
              port: 'web',
              series: [
                {
                  name: 'http_server_requests_seconds_count',
                  type: 'counter',
                  labels: { uri: '/api' },
                  growsWith: ['requests'],
                },
              ],
            },
          ],
          clients: [
            {
              name: 'customers',
              to: 'shop/api:8080',
              steps: [
                { at: '1m', rate: 250 },
                { at: '6m', rate: 0 },
              ],
            },
          ],
          expect: [{ autoscaler: 'shop/api-scaler', replicasAt: { '5m': 3, '12m': 2 }, neverAbove: 3 }],
        },
        'scenario of sportsbook',
      ),
    };
  },
};
