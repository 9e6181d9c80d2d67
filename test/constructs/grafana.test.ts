import { z } from 'zod';
import { parseExpr } from '../../core/promql';
import { Grafana, PrometheusHandle, rate, requestDashboard, unchecked } from '../../constructs';
import { inventory, only } from './render';

const series = unchecked.series({ name: 'requests_total', type: 'counter', labels: ['pod', 'app'] });
const dashboard = requestDashboard({
  uid: 'shop',
  title: 'Shop',
  refresh: '10s',
  podLabel: 'pod',
  workloads: ['cart', 'stock'].map((name) => ({
    name,
    target: 25,
    requests: rate(series, '1m', { app: name }),
  })),
});
const objects = inventory(
  (chart) =>
    new Grafana(chart, 'g', {
      namespace: 'monitoring',
      image: 'grafana:13.2.3',
      prometheus: new PrometheusHandle('monitoring', 'main', {}).service,
      scrapeInterval: '10s',
      dashboards: [dashboard],
    }),
);
const file = (configMap: string, key: string) =>
  objects.configMaps.find(({ metadata }) => metadata.name === configMap)?.data?.[key] ?? '';

const model = z
  .object({
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string(),
        datasource: z.object({ uid: z.string() }),
        gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
        targets: z.array(z.object({ refId: z.string(), expr: z.string() })),
      }),
    ),
  })
  .parse(JSON.parse(file('grafana-dashboards', 'shop.json')));

describe('a provisioned Grafana', () => {
  it('has every mounted provisioning folder filled', () => {
    const { volumes = [] } = only(objects.deployments).spec.template.spec;
    const mounted = volumes.flatMap(({ configMap }) => (configMap?.name ? [configMap.name] : []));
    expect(mounted.sort()).toEqual(objects.configMaps.map(({ metadata }) => metadata.name).sort());
    expect(file('grafana-datasources', 'datasources.yaml')).toContain(
      'http://prometheus.monitoring.svc:9090',
    );
    expect(file('grafana-dashboard-providers', 'providers.yaml')).toContain('path: /etc/grafana/dashboards');
  });

  it('shows requests, requests per pod with the target, and replicas of each workload', () => {
    expect(model.panels.map(({ title }) => title)).toEqual([
      'cart: requests',
      'cart: requests per pod',
      'cart: replicas',
      'stock: requests',
      'stock: requests per pod',
      'stock: replicas',
    ]);
    expect(model.panels[1]?.targets.map(({ expr }) => expr)).toContain('25');
  });

  it('counts the pods that get requests, not the series of pods that are gone', () => {
    expect(model.panels[2]?.targets[0]?.expr).toBe(
      'count (sum by (pod) (rate(requests_total{app="cart"}[1m])) > 0)',
    );
  });

  it('leaves the plugins of its image alone', () => {
    const { env = [] } = only(only(objects.deployments).spec.template.spec.containers);
    expect(env).toContainEqual({ name: 'GF_PLUGINS_PREINSTALL_DISABLED', value: 'true' });
  });

  it('asks only what Prometheus understands, of the provisioned data source', () => {
    for (const { targets, datasource } of model.panels) {
      expect(file('grafana-datasources', 'datasources.yaml')).toContain(`uid: ${datasource.uid}`);
      for (const { expr } of targets) expect(() => parseExpr(expr)).not.toThrow();
    }
  });

  it('lays panels out side by side without overlap', () => {
    const cells = model.panels.flatMap(({ gridPos: { x, y, w } }) =>
      Array.from({ length: w }, (_, offset) => `${x + offset}/${y}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
  });
});
