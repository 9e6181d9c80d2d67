import { Inventory } from '../../core/kube/inventory';
import { Cilium, prometheusOperatorCrds } from '../../constructs';
import { only } from './render';

const cilium = new Cilium({
  version: '1.20.5',
  before: 'namespaces',
  apiServer: { host: 'demo-control-plane', port: 6443 },
  contextLabels: ['destination_namespace', 'destination_pod'],
});
const provided = new Inventory(cilium.release.provides);
const METRIC = 'httpV2:labelsContext=destination_namespace,destination_pod';

describe('Cilium', () => {
  it('is installed without kube-proxy and without its own Hubble monitor', () => {
    expect(cilium.release).toMatchObject({
      chart: 'cilium',
      version: '1.20.5',
      values: {
        kubeProxyReplacement: true,
        k8sServiceHost: 'demo-control-plane',
        k8sServicePort: 6443,
        hubble: { metrics: { enabled: [METRIC], serviceMonitor: { enabled: false } } },
      },
    });
  });

  it('provides the Hubble metrics of its values where its handle says', () => {
    const { port } = cilium.hubble;
    expect(only(provided.configMaps).data?.['hubble-metrics']).toBe(METRIC);
    const service = only(provided.services);
    expect(service.metadata).toMatchObject({
      name: port.service,
      namespace: port.namespace,
      labels: port.labels,
    });
    expect(service.spec.ports).toEqual([
      { name: port.name, port: port.number, protocol: 'TCP', targetPort: port.pod.name },
    ]);
  });

  it('provides agents on the network of their nodes that open the port', () => {
    const { metadata, spec } = only(provided.daemonSets);
    const { pod } = cilium.hubble.port;
    expect(metadata.namespace).toBe('kube-system');
    expect(spec.template.metadata?.labels).toMatchObject(pod.podLabels);
    expect(spec.template.spec.hostNetwork).toBe(true);
    expect(only(spec.template.spec.containers).ports).toContainEqual({
      name: pod.name,
      containerPort: pod.number,
      hostPort: pod.number,
      protocol: 'TCP',
    });
  });

  it('exports the listed context labels besides those of the metric', () => {
    expect(cilium.hubble.series('requests').labels).toEqual([
      'method',
      'protocol',
      'status',
      'reporter',
      'destination_namespace',
      'destination_pod',
    ]);
    expect(cilium.hubble.series('duration').labels).toEqual([
      'method',
      'reporter',
      'destination_namespace',
      'destination_pod',
    ]);
  });
});

describe("the Prometheus Operator's definitions", () => {
  it('are waited for', () => {
    const release = prometheusOperatorCrds({
      version: '31.0.0',
      namespace: 'monitoring',
      before: 'operators',
    });
    expect(release).toMatchObject({
      chart: 'prometheus-operator-crds',
      version: '31.0.0',
      before: 'operators',
    });
    expect(release.readyWhen).toContainEqual({
      kind: 'CustomResourceDefinition',
      name: 'servicemonitors.monitoring.coreos.com',
    });
  });
});
