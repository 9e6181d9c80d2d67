import { UsageError } from '../errors';
import { parseImage } from '../kube/image';
import type { Container } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { DeclaredProgram } from '../model';
import { backend } from './backend';
import { readCapacityConfig } from './capacity-config';
import { ciliumAgent } from './cilium-agent';
import { clusterMetrics } from './cluster-metrics';
import { curl } from './curl';
import { declaredProgram } from './declared';
import { listeningPort, readEnvironment } from './environment';
import { envoy } from './envoy';
import { hey } from './hey';
import { kubeStateMetrics } from './kube-state-metrics';
import { loadTest, loadTester } from './load-generators';
import { metricsServer } from './metrics-server';
import { nginx } from './nginx';
import { nodeExporter } from './node-exporter';
import { podinfo } from './podinfo';
import { bystander, type Program, type Setting } from './program';
import { promFake } from './prom-fake';
import { sampleAppIn } from './sample-app';
import { sportsbookApi } from './sportsbook-api';
import { vegeta } from './vegeta';
import { worker } from './worker';
import { readWorkerConfig } from './worker-config';

type Model = (setting: Setting) => Program;

/** Models by image repository, without the registry of Docker Hub. */
const MODELS: ReadonlyMap<string, Model> = new Map([
  ['plimsoll/backend', (setting) => backend(listeningPort(setting))],
  [
    'plimsoll/cluster-metrics',
    (setting) => clusterMetrics(readEnvironment(setting, readCapacityConfig), listeningPort(setting)),
  ],
  [
    'plimsoll/worker',
    (setting) => worker(readEnvironment(setting, readWorkerConfig), listeningPort(setting)),
  ],
  ['plimsoll/load-test', loadTest],
  ['plimsoll/prom-fake', (setting) => promFake(listeningPort(setting))],
  ['plimsoll/sample-app', sampleAppIn],
  ['plimsoll/sportsbook-api', (setting) => sportsbookApi(listeningPort(setting))],
  ['peterevans/vegeta', vegeta],
  ['williamyeh/hey', hey],
  ['curlimages/curl', curl],
  ['ghcr.io/fluxcd/flagger-loadtester', loadTester],
  ['quay.io/cilium/cilium', ciliumAgent],
  ['ghcr.io/stefanprodan/podinfo', podinfo],
  ['stefanprodan/podinfo', podinfo],
  ['nginxinc/nginx-unprivileged', nginx],
  ['ghcr.io/nginx/nginx-unprivileged', nginx],
  ['envoyproxy/envoy', envoy],
  ['envoyproxy/envoy-distroless', envoy],
  ['registry.k8s.io/kube-state-metrics/kube-state-metrics', kubeStateMetrics],
  ['quay.io/prometheus/node-exporter', nodeExporter],
  ['prom/node-exporter', nodeExporter],
  ['registry.k8s.io/metrics-server/metrics-server', metricsServer],
  ...[
    'plimsoll/adapter',
    'registry.k8s.io/prometheus-adapter/prometheus-adapter',
    'quay.io/prometheus/prometheus',
    'prom/prometheus',
    'quay.io/prometheus-operator/prometheus-operator',
    'quay.io/prometheus-operator/prometheus-config-reloader',
    'grafana/grafana',
    'registry.k8s.io/coredns/coredns',
    'registry.k8s.io/pause',
    'quay.io/cilium/operator-generic',
    'quay.io/cilium/cilium-envoy',
    'quay.io/cilium/hubble-relay',
    'quay.io/cilium/hubble-ui',
    'quay.io/cilium/hubble-ui-backend',
    'ghcr.io/kedacore/keda',
    'ghcr.io/kedacore/keda-metrics-apiserver',
    'ghcr.io/kedacore/keda-admission-webhooks',
  ].map((repository): [string, Model] => [repository, () => bystander(repository.replace(/^.*\//, ''))]),
]);

/**
 * The program that a container runs, found by its image: what the scenario declares, or what is known here.
 * @throws UsageError with the YAML to add to the scenario if the image is not known
 * @throws UsageError, NotSupportedError if the container's arguments or configuration cannot be read
 */
export function programFor(setting: Setting, declared: readonly DeclaredProgram[]): Program {
  const { container, workload } = setting;
  const model = modelOf(container, declared);
  if (model) return model(setting);
  const repository = repositoryOf(container.image ?? '');
  throw new UsageError(
    `${refText(refOf(workload))}: what image ${repository} does is not known. Say it in the scenario:\n\n` +
      yamlFor(repository, container.ports?.[0]?.name),
  );
}

/** Whether a container runs a program that is declared or known here, so that `programFor` finds it. */
export function isKnownProgram(container: Container, declared: readonly DeclaredProgram[]): boolean {
  return modelOf(container, declared) !== undefined;
}

function modelOf({ name, image }: Container, declared: readonly DeclaredProgram[]): Model | undefined {
  // The operator adds containers to Prometheus' pod without saying where their images are from.
  if (image === undefined) return () => bystander(name);
  const repository = repositoryOf(image);
  const declaration = declared.find((program) => repositoryOf(program.image) === repository);
  if (declaration) return (setting) => declaredProgram(declaration, setting);
  return MODELS.get(repository) ?? MODELS.get(withoutRegistry(repository));
}

/** Whether an image is that of the Prometheus Operator. */
export function isPrometheusOperator(image: string | undefined): boolean {
  return image !== undefined && parseImage(image).repository.endsWith('/prometheus-operator');
}

/** Whether an image is that of this project's metrics adapter, in any registry. */
export function isPlimsollAdapter(image: string | undefined): boolean {
  return image !== undefined && withoutRegistry(repositoryOf(image)) === 'plimsoll/adapter';
}

/** Whether an image is that of prometheus-adapter, in any registry. */
export function isPrometheusAdapter(image: string): boolean {
  return /(^|\/)prometheus-adapter$/.test(parseImage(image).repository);
}

/** Which part of KEDA an image holds; undefined if none. */
export function kedaPart(image: string | undefined): 'operator' | 'metrics-server' | undefined {
  const repository = image === undefined ? '' : parseImage(image).repository;
  if (/(^|\/)kedacore\/keda$/.test(repository)) return 'operator';
  return /(^|\/)kedacore\/keda-metrics-apiserver$/.test(repository) ? 'metrics-server' : undefined;
}

/** Without the registry of Docker Hub, which may be left out. */
function repositoryOf(image: string): string {
  const { repository } = parseImage(image);
  return repository.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
}

/** `plimsoll/backend` of `registry.example.com:5000/team/plimsoll/backend`: our images are pushed to any registry. */
function withoutRegistry(repository: string): string {
  return repository.replace(/^.+\/(?=plimsoll\/[^/]+$)/, '');
}

function yamlFor(repository: string, port: string | undefined): string {
  return [
    'programs:',
    `  - image: ${repository}`,
    ...(port === undefined ? [] : [`    port: ${port}`]),
    '    series: # leave empty if it exports no metrics',
    '      - name: http_requests_total',
    '        type: counter # or gauge',
    '        labels: {}',
    '        growsWith: [requests] # any of requests, probes, scrapes, seconds',
    '',
  ].join('\n');
}
