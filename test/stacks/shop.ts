import { z } from 'zod';
import { DEFAULT_AUTOSCALING, defineScenario, type StackDefinition } from '../../core/model';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  Connection,
  CORE_DNS,
  DnsAccess,
  Entity,
  MetricsAdapter,
  MetricsAdapterHandle,
  PodMonitor,
  PrometheusHandle,
  PrometheusInstance,
  PrometheusOperator,
  prometheusOperatorCrds,
  rate,
  RestrictedNamespace,
} from '../../constructs';

/** What the program exports: everything after this is checked against it, by the compiler. */
const CHECKOUT_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    orders: { name: 'orders_total', type: 'counter', help: 'Orders taken.', labels: ['country'] },
  },
} as const;

const options = z.strictObject({
  orders: z.number().min(0).default(60).describe('orders a second'),
  perPod: z.string().default('20').describe('orders a second wanted per pod'),
});

export const shop: StackDefinition<typeof options> = {
  name: 'shop',
  summary: 'a checkout scaled on the orders that each pod takes',
  options,
  define({ orders, perPod }) {
    const app = new App({
      namespace: 'shop',
      name: 'checkout',
      ports: { http: 8080 },
      replicas: 'autoscaled',
    });
    const checkout = app.exports(CHECKOUT_METRICS);
    const prometheus = new PrometheusHandle('monitoring', 'shop', { team: 'shop' });
    const rules = new AdapterRules();
    const orderRate = rules.pods({
      as: 'orders_per_second',
      reading: rate(checkout.series('orders'), '2m'),
      namespace: 'namespace',
      pod: 'pod',
    });
    const apiServerPort = 6443;
    return {
      name: 'shop',
      summary: shop.summary,
      cluster: {
        provider: 'kind',
        name: 'shop',
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
      ],
      stages: [
        {
          name: 'namespaces',
          summary: 'closed namespaces',
          fill(chart) {
            for (const name of ['shop', 'monitoring', 'custom-metrics']) {
              new RestrictedNamespace(chart, name, { name, podSecurity: '1.36' });
              new DnsAccess(chart, `${name}-dns`, { namespace: name });
            }
          },
        },
        {
          name: 'monitoring',
          summary: 'Prometheus, and a monitor for the checkout',
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
            new PodMonitor(chart, 'checkout', {
              name: 'checkout',
              namespace: 'monitoring',
              labels: prometheus.monitorLabels,
              interval: '15s',
              exporter: checkout,
            });
            new Connection(chart, 'scrape', { from: prometheus.app, to: app.port('http') });
          },
        },
        {
          name: 'adapter',
          summary: 'orders as a custom metric',
          fill(chart) {
            new MetricsAdapter(chart, 'adapter', {
              handle: new MetricsAdapterHandle('custom-metrics', 'adapter'),
              image: 'plimsoll/adapter:0.1.0',
              rules,
              prometheus: prometheus.service,
              relistInterval: '1m',
              apiServerPort,
            });
          },
        },
        {
          name: 'checkout',
          summary: 'the checkout and its autoscaler',
          fill(chart) {
            new AppDeployment(chart, 'checkout', {
              app,
              image: 'registry.example.com/checkout:1.0.0',
              user: 10001,
              resources: { cpu: { request: '100m', limit: '500m' }, memory: '128Mi' },
              health: { port: 'http', ready: '/healthz', live: '/healthz' },
            });
            new AppService(chart, 'service', { port: app.service('http') });
            new Connection(chart, 'customers', { from: Entity.outside, to: app.port('http') });
            new Autoscaler(chart, 'autoscaler', {
              target: app,
              min: 1,
              max: 10,
              metrics: [orderRate.average(perPod)],
            });
          },
        },
      ],
      images: [{ name: 'checkout', reference: 'registry.example.com/checkout:1.0.0' }],
      forwards: [],
      scenario: defineScenario(
        {
          duration: '15m',
          // What Plimsoll cannot know of an image, the scenario says.
          programs: [
            {
              image: 'registry.example.com/checkout',
              port: 'http',
              series: [
                { name: 'orders_total', type: 'counter', labels: { country: 'nl' }, growsWith: ['requests'] },
              ],
            },
          ],
          clients: [{ name: 'customers', to: 'shop/checkout:8080', steps: [{ at: '1m', rate: orders }] }],
          expect: [{ autoscaler: 'shop/checkout', replicasAt: { '10m': 3 }, neverAbove: 4 }],
        },
        'scenario of shop',
      ),
    };
  },
};
