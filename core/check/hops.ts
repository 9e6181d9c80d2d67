import { parseDocument } from 'yaml';
import { kedaWatches, KUBELET_PORT } from '../chain';
import { findServicePort, resolveTargetPort, workloadsBehind } from '../kube/endpoints';
import { parseImage } from '../kube/image';
import { DEFAULT_NAMESPACE, namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import type { Hop, Peer } from '../kube/network-policy';
import { refOf, refText } from '../kube/object';
import { resolveServiceUrl, type ServiceAddress } from '../kube/service-url';
import type { OutgoingCall } from '../workloads';
import type { CheckContext } from './context';
import { peersOf } from './network';

/** A connection that the chain needs. */
export interface NeededHop {
  /** What it is for: `Prometheus scrapes it`. */
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  /** All have to be open: one for each place where pods on the host's network can be. */
  readonly hops: readonly Hop[];
  /** The workload that looks up a name for it first. */
  readonly resolvedBy?: Workload | undefined;
}

/** A request that a load generator sends, and the workload that gets it. */
export interface Call {
  readonly from: Workload;
  readonly call: OutgoingCall;
  /** Workloads behind the Service, with the port of their pods; empty if it leads nowhere. */
  readonly to: readonly { readonly workload: Workload; readonly port: number }[];
}

const API_SERVER: Peer = { kind: 'entity', entity: 'kube-apiserver' };
/** That of the pod's own node, and those of the others. */
const KUBELETS: readonly Peer[] = [
  { kind: 'entity', entity: 'host' },
  { kind: 'entity', entity: 'remote-node' },
];

/** What load generators send. */
export function callsOf({ podMakers, programs, inventory }: CheckContext): readonly Call[] {
  return podMakers.flatMap((from) =>
    from.spec.template.spec.containers.flatMap((container) => {
      const calls = programs.of(from, container)?.calls ?? [];
      return calls.map((call) => ({ from, call, to: behind(call, inventory) }));
    }),
  );
}

/** Every connection between pods, and from the API server to pods, that the chain needs. */
export function neededHops(context: CheckContext): readonly NeededHop[] {
  return [
    ...loadHops(context),
    ...scrapeHops(context),
    ...adapterHops(context),
    ...resourceMetricsHops(context),
    ...kedaHops(context),
    ...dashboardHops(context),
  ];
}

function loadHops(context: CheckContext): NeededHop[] {
  return callsOf(context).flatMap(({ from, call, to }) =>
    to.map(({ workload, port }) => {
      const http = { method: call.method, path: call.path };
      return between(from, workload, port, `sends ${call.method} ${call.path} to it`, http);
    }),
  );
}

function scrapeHops({ scrapes }: CheckContext): NeededHop[] {
  return scrapes.flatMap(({ server, targets }) =>
    targets.flatMap(({ target, workload }) =>
      workload ? [{ ...between(server, workload, target.port, 'scrapes it'), resolvedBy: undefined }] : [],
    ),
  );
}

function adapterHops({ ruleBooks, inventory }: CheckContext): NeededHop[] {
  return ruleBooks.flatMap(({ adapter: { workload, podPort }, sources }) => {
    if (!workload) return [];
    const asked = [...sources.values()].flatMap(({ address }) =>
      address && !('reason' in address) ? behind(address, inventory) : [],
    );
    // Several sources may be the same server, with other paths or tenants.
    const servers = new Map(
      asked.map((server) => [`${refText(refOf(server.workload))} ${server.port}`, server]),
    );
    return [
      ...Array.from(servers.values(), (server) =>
        between(workload, server.workload, server.port, 'asks it for series'),
      ),
      ...(podPort === undefined ? [] : [fromApiServer(workload, podPort)]),
    ];
  });
}

/** The API server asks metrics-server, and that the kubelets of all nodes. */
function resourceMetricsHops({ metricsServer }: CheckContext): NeededHop[] {
  const { workload, podPort, container } = metricsServer ?? {};
  if (!workload || !container) return [];
  const hops = peersOf(workload).flatMap((from) =>
    KUBELETS.map((to): Hop => ({ from, to, port: KUBELET_PORT, protocol: 'TCP' })),
  );
  return [
    { purpose: 'asks them what pods use', from: refText(refOf(workload)), to: 'the kubelets', hops },
    ...(podPort === undefined ? [] : [fromApiServer(workload, podPort)]),
  ];
}

/** The API server asks KEDA's metrics API server, that the operator, and that Prometheus. */
function kedaHops({ keda, triggers, inventory }: CheckContext): NeededHop[] {
  return [
    ...keda.metricsServers.flatMap(({ workload, podPort, operator }) => [
      ...(podPort === undefined ? [] : [fromApiServer(workload, podPort)]),
      ...(operator ? behind(operator, inventory) : []).map((to) =>
        between(workload, to.workload, to.port, 'asks it for metrics'),
      ),
    ]),
    ...triggers.flatMap(({ ref, address }) => {
      const operator = keda.operators.find((each) => kedaWatches(each, ref.namespace ?? DEFAULT_NAMESPACE));
      if (!operator || 'reason' in address) return [];
      return behind(address, inventory).map((server) =>
        between(operator.workload, server.workload, server.port, 'asks it for the values of triggers'),
      );
    }),
  ];
}

/** Grafana asks the Prometheus of its provisioned data sources. */
function dashboardHops({ podMakers, inventory }: CheckContext): NeededHop[] {
  return podMakers.filter(isGrafana).flatMap((workload) =>
    dataSourceUrls(workload, inventory).flatMap((url) => {
      const address = resolveServiceUrl(url, namespaceOf(workload), inventory);
      const servers = 'reason' in address ? [] : behind(address, inventory);
      return servers.map((server) => between(workload, server.workload, server.port, 'shows its series'));
    }),
  );
}

function isGrafana(workload: Workload): boolean {
  return workload.spec.template.spec.containers.some(
    ({ image }) => image !== undefined && /(^|\/)grafana$/.test(parseImage(image).repository),
  );
}

/** The `url` of every data source in the ConfigMaps that a pod mounts. */
function dataSourceUrls(workload: Workload, inventory: Inventory): string[] {
  const mounted = (workload.spec.template.spec.volumes ?? []).flatMap(
    ({ configMap }) => configMap?.name ?? [],
  );
  return inventory.configMaps
    .filter((map) => mounted.includes(map.metadata.name) && namespaceOf(map) === namespaceOf(workload))
    .flatMap(({ data }) => Object.values(data ?? {}))
    .filter((text) => /^datasources:/m.test(text))
    .flatMap((text) => {
      const sources: unknown = parseDocument(text).toJS();
      return [...JSON.stringify(sources).matchAll(/"url":"([^"]+)"/g)].map((match) => match[1] ?? '');
    });
}

function behind(
  { namespace, service: name, port: number }: Pick<ServiceAddress, 'namespace' | 'service' | 'port'>,
  inventory: Inventory,
): { readonly workload: Workload; readonly port: number }[] {
  const found = findServicePort(inventory, namespace, name, number);
  if (!found) return [];
  return workloadsBehind(found.service, inventory.workloads).flatMap((workload) => {
    const port = resolveTargetPort(found.port, workload.spec.template.spec);
    return port === undefined ? [] : [{ workload, port }];
  });
}

function between(from: Workload, to: Workload, port: number, purpose: string, http?: Hop['http']): NeededHop {
  const hops = peersOf(from).flatMap((source) =>
    peersOf(to).map((target): Hop => ({ from: source, to: target, port, protocol: 'TCP', http })),
  );
  return { purpose, from: refText(refOf(from)), to: refText(refOf(to)), hops, resolvedBy: from };
}

function fromApiServer(workload: Workload, port: number): NeededHop {
  const hops = peersOf(workload).map((to): Hop => ({ from: API_SERVER, to, port, protocol: 'TCP' }));
  return { purpose: 'asks it for metrics', from: 'the API server', to: refText(refOf(workload)), hops };
}
