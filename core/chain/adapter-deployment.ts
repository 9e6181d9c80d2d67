import { parseAdapterArgs, type AdapterFlags } from '../adapter';
import { messageOf } from '../errors';
import { commandLine } from '../kube/command-line';
import { servingContainers } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { ApiService } from '../kube/kinds/core';
import type { Container, Workload } from '../kube/kinds/pod';
import { mountedText, type MountedText } from '../kube/mounted-file';
import { refOf, refText } from '../kube/object';
import { resolveServiceUrl, type ServiceAddress } from '../kube/service-url';
import { adapterProgram, type AdapterProgram } from './adapter-program';
import { followApiService, type ApiBackend, type Report, type StepProblem } from './api-backend';
import { findKedaMetricsServers } from './keda-metrics-server';
import { METRICS_API_GROUPS } from './metrics-api-groups';

/** A step of the way from an APIService to the adapter's rules and its Prometheus. */
type AdapterStep =
  | ApiBackend['problems'][number]['step']
  | 'container'
  | 'flags'
  | 'listen'
  | 'config'
  | 'prometheus'
  | 'outside';

/** A step that leads nowhere. */
type AdapterProblem = StepProblem<AdapterStep>;

/**
 * A metrics adapter as the objects describe it: whatever is behind the Service of an APIService of
 * `custom.metrics.k8s.io` or `external.metrics.k8s.io`. What could not be found is absent, and `problems` says why.
 */
export interface AdapterDeployment extends Omit<ApiBackend, 'problems'> {
  /** All that lead to the same Service and port, in the order of the objects. */
  readonly apiServices: readonly ApiService[];
  readonly container?: Container | undefined;
  /** What the container runs; without one it is taken for upstream's. */
  readonly program: AdapterProgram;
  readonly flags?: AdapterFlags | undefined;
  /** The file behind `--config`. */
  readonly config?: MountedText | undefined;
  /** Where `--prometheus-url` leads. */
  readonly prometheus?: ServiceAddress | undefined;
  readonly problems: readonly AdapterProblem[];
}

/**
 * Every adapter that APIServices of the custom and external metrics APIs lead to, in the order of the objects. KEDA's
 * metrics API server is none.
 */
export function findAdapters(inventory: Inventory): readonly AdapterDeployment[] {
  const byAddress = new Map<string, ApiService[]>();
  const ofKeda = new Set(findKedaMetricsServers(inventory).flatMap(({ apiServices }) => apiServices));
  for (const apiService of inventory.apiServices) {
    if (!servesMetrics(apiService) || ofKeda.has(apiService)) continue;
    const address = addressText(apiService);
    const list = byAddress.get(address);
    if (list) list.push(apiService);
    else byAddress.set(address, [apiService]);
  }
  return [...byAddress.values()].map((apiServices) => describe(apiServices, inventory));
}

/** Whether an APIService is of the custom or the external metrics API. */
function servesMetrics(apiService: ApiService): boolean {
  return Object.values<string>(METRICS_API_GROUPS).includes(apiService.spec.group);
}

function addressText({ spec, metadata }: ApiService): string {
  const { service } = spec;
  return service ? `${service.namespace}/${service.name}:${service.port ?? 443}` : `local ${metadata.name}`;
}

function describe(apiServices: readonly ApiService[], inventory: Inventory): AdapterDeployment {
  const [first] = apiServices;
  const backend: ApiBackend = first ? followApiService(first, inventory) : { problems: [] };
  const { workload } = backend;
  if (!workload) return { apiServices, ...backend, program: 'prometheus-adapter' };
  const problems: AdapterProblem[] = [];
  const report: Report<AdapterStep> = (step, object, message, fix) =>
    problems.push({ step, object, message, fix });
  const container = findContainer(workload, report);
  const read = container ? readArguments(workload, container, inventory, report) : {};
  const program = adapterProgram(container ?? {});
  const { service, podPort } = backend;
  if (service && podPort !== undefined && read.flags && read.flags.serving.securePort !== podPort) {
    const { securePort } = read.flags.serving;
    report(
      'listen',
      refOf(service),
      `it leads to port ${podPort} of ${refText(refOf(workload))}, but the adapter listens on ${securePort} (--secure-port)`,
      `set targetPort of ${refText(refOf(service))} to ${securePort}`,
    );
  }
  return {
    apiServices,
    ...backend,
    container,
    program,
    ...read,
    problems: [...backend.problems, ...problems],
  };
}

/** The container that runs an adapter for Prometheus: the one that is told where its rules or its Prometheus are. */
function findContainer(workload: Workload, report: Report<AdapterStep>): Container | undefined {
  const container = servingContainers(workload.spec.template.spec).find((candidate) =>
    commandLine(candidate).some((word) => /^--(config|prometheus-url)(=|$)/.test(word)),
  );
  if (!container) {
    report(
      'container',
      refOf(workload),
      'no container has a --config or --prometheus-url argument, so the metrics that it serves are not known',
      'give the adapter --config and --prometheus-url, unless it is not an adapter for Prometheus',
    );
  }
  return container;
}

function readArguments(
  workload: Workload,
  container: Container,
  inventory: Inventory,
  report: Report<AdapterStep>,
): Pick<AdapterDeployment, 'flags' | 'config' | 'prometheus'> {
  const ref = refOf(workload);
  const what = `container ${container.name}`;
  const flags = attempt(
    () => parseAdapterArgs(argumentsOf(container)),
    (reason) =>
      report('flags', ref, `${what}: ${reason}`, `correct the arguments of ${what} in ${refText(ref)}`),
  );
  if (!flags) return {};
  const config = attempt(
    () => mountedText(workload, container, flags.configPath, inventory),
    (reason) =>
      report('config', ref, `${what}: ${reason}`, `mount a ConfigMap with the rules at ${flags.configPath}`),
  );
  const prometheus = resolveServiceUrl(flags.prometheusUrl, namespaceOf(workload), inventory);
  if (!('reason' in prometheus)) return { flags, config, prometheus };
  report(
    prometheus.outside ? 'outside' : 'prometheus',
    ref,
    `${what}: --prometheus-url=${flags.prometheusUrl} ${prometheus.reason}`,
    `set --prometheus-url to http://<service>.<namespace>.svc:<port>/ of Prometheus in ${refText(ref)}`,
  );
  return { flags, config };
}

/** The words after the program's own name. */
function argumentsOf(container: Container): readonly string[] {
  const words = commandLine(container);
  const first = words.findIndex((word) => word.startsWith('-'));
  return first < 0 ? [] : words.slice(first);
}

function attempt<T>(step: () => T, fail: (reason: string) => void): T | undefined {
  try {
    return step();
  } catch (error) {
    fail(messageOf(error));
    return undefined;
  }
}
