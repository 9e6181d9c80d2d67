import { podMakers, prometheusWorkload, operatedService, staticDiscovery } from '../../../core/chain';
import { Inventory } from '../../../core/kube/inventory';
import { objectsOf } from '../check/fixture';

const OBJECTS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: a }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: a, labels: { app: web } }
spec: { containers: [{ name: web }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: a, labels: { team: a } }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }, { name: raw, port: 90 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: b }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

function inventory(): Inventory {
  return new Inventory(objectsOf(OBJECTS).map(({ object }) => object));
}

describe('what makes pods', () => {
  it('is every workload, and every bare Pod as its own template', () => {
    expect(podMakers(inventory())).toMatchObject([
      { kind: 'Deployment', metadata: { name: 'web' } },
      {
        kind: 'Pod',
        metadata: { name: 'web' },
        spec: { replicas: 1, template: { metadata: { labels: { app: 'web' } } } },
      },
    ]);
  });
});

describe('what makes pods by way of Jobs', () => {
  const template =
    'template: { metadata: { labels: { app: load } }, spec: { restartPolicy: Never, containers: [{ name: a }] } }';
  const jobs = new Inventory(
    objectsOf(`
apiVersion: batch/v1
kind: CronJob
metadata: { name: often, namespace: a }
spec: { schedule: '@daily', jobTemplate: { spec: { ${template} } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: a }
spec: { ${template} }
`).map(({ object }) => object),
  );

  it('is in the form of a workload, with the labels that the pods of a Job get', () => {
    expect(podMakers(jobs).map(({ kind, spec }) => [kind, spec.template.metadata?.labels])).toEqual([
      ['Job', { app: 'load', 'batch.kubernetes.io/job-name': 'once', 'job-name': 'once' }],
      ['CronJob', { app: 'load' }],
    ]);
  });

  it('is discovered as made by a Job', () => {
    expect(staticDiscovery(jobs).state.pods.map(({ owner }) => owner)).toEqual([
      { kind: 'Job', name: 'once' },
      { kind: 'Job', name: 'often' },
    ]);
  });
});

describe('static discovery', () => {
  const discovery = staticDiscovery(inventory());
  const { state } = discovery;

  it('has one ready pod with an address of its own for everything that makes pods', () => {
    expect(state.pods.map(({ phase, ready }) => ({ phase, ready }))).toEqual([
      { phase: 'Running', ready: true },
      { phase: 'Running', ready: true },
    ]);
    expect(new Set(state.pods.map(({ ip }) => ip)).size).toBe(2);
    expect(state.pods.map((pod) => discovery.makerOf(pod)?.kind)).toEqual(['Deployment', 'Pod']);
  });

  it('gives a Service the ports that its pods have, and no pods of another namespace', () => {
    expect(state.services).toMatchObject([
      {
        namespace: 'a',
        labels: { team: 'a' },
        endpoints: [
          {
            ports: [
              { name: 'http', port: 8080, protocol: 'TCP' },
              { name: 'raw', port: 90, protocol: 'TCP' },
            ],
          },
          { ports: [{ name: 'raw', port: 90 }] },
        ],
      },
      { namespace: 'b', endpoints: [] },
    ]);
  });
});

describe('a Prometheus object', () => {
  const prometheus = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus' as const,
    metadata: { name: 'main', namespace: 'monitoring' },
    spec: { portName: 'http', podMetadata: { labels: { team: 'a' } } },
  };

  it('becomes a StatefulSet and a Service that selects its pods', () => {
    const discovery = staticDiscovery(
      new Inventory([prometheusWorkload(prometheus), operatedService(prometheus)]),
    );
    expect(discovery.state.services).toMatchObject([
      { name: 'prometheus-operated', endpoints: [{ ports: [{ name: 'http', port: 9090 }] }] },
    ]);
    expect(discovery.state.pods).toMatchObject([{ labels: { team: 'a', prometheus: 'main' } }]);
  });
});
