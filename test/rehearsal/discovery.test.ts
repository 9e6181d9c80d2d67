import { appProgram, playPlain, valuesOf } from './fixture';

const PORTS = 'ports: [{ name: http, port: 80, targetPort: http }]';
const ENDPOINT = 'endpoints: [{ port: http }]';
const PROBE = 'readinessProbe: { httpGet: { path: /, port: http }';

/** The values of the app's metric, which grows by itself, in a chain whose YAML is changed. */
function values(change: (yaml: string) => string): readonly (number | null)[] {
  const timeline = playPlain({ programs: [appProgram(['seconds'])] }, change);
  return valuesOf(timeline, 'app').filter((value) => value !== null);
}

describe('a ServiceMonitor that keeps ready addresses only', () => {
  const keepReady =
    "relabelings: [{ sourceLabels: [__meta_kubernetes_endpoint_ready], regex: 'true', action: keep }]";
  const found = (publishNotReadyAddresses: boolean) =>
    values((yaml) =>
      yaml
        .replace(PROBE, 'readinessProbe: { tcpSocket: { port: 9 }')
        .replace(PORTS, `${PORTS}, publishNotReadyAddresses: ${publishNotReadyAddresses}`)
        .replace(ENDPOINT, `endpoints: [{ port: http, ${keepReady} }]`),
    );

  it('finds no pod that is not ready', () => {
    expect(found(false)).toEqual([]);
  });

  it('finds it where the Service publishes such addresses, as ready', () => {
    expect(found(true)).not.toEqual([]);
  });
});

it('finds init containers that have ended, as Prometheus does', () => {
  const init = "initContainers: [{ name: wait, image: 'curlimages/curl:8', command: [sleep, 1s] }]";
  const rules = [
    "{ sourceLabels: [__meta_kubernetes_pod_container_name], regex: 'wait', action: keep }",
    "{ sourceLabels: [__address__], targetLabel: __address__, replacement: '$1:8080' }",
  ].join(', ');
  const found = values((yaml) =>
    yaml
      .replace(/^( +)containers:(?=\n +- name: app\n)/m, `$1${init}\n$&`)
      .replace('serviceMonitorSelector: {}', 'podMonitorSelector: {}')
      .replace('serviceMonitorNamespaceSelector: {}', 'podMonitorNamespaceSelector: {}')
      .replace('kind: ServiceMonitor', 'kind: PodMonitor')
      .replace(ENDPOINT, () => `podMetricsEndpoints: [{ relabelings: [${rules}] }]`),
  );
  expect(found).not.toEqual([]);
});
