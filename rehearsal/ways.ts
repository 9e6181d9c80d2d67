import { PROMETHEUS_PORT, urlMismatch, type ApiBackend } from '../core/chain';
import { resolveTargetPort, type ServiceAddress } from '../core/kube/endpoints';
import { refOf, refText } from '../core/kube/object';
import { addressText } from './network';
import type { PrometheusServer } from './prometheus-server';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';

/** A pod behind a Service, and the port that the Service leads to. */
interface ServedBy {
  readonly pod: VirtualPod;
  readonly port: number;
}

/** An extension API server: what messages call it, the port it listens on, and whether it does. */
interface ExtensionServer {
  readonly name: string;
  readonly listens: number | undefined;
  readonly runs: boolean;
}

/**
 * Why the API server gets no answer from an extension API server; undefined if it gets one. The way is that of the
 * aggregation layer: Service, endpoint, network, program.
 */
export function wayIn(
  { endpoints, network }: Surroundings,
  { service, servicePort }: Pick<ApiBackend, 'service' | 'servicePort'>,
  { name: server, listens, runs }: ExtensionServer,
): string | undefined {
  if (!service) return 'the Service behind the API does not exist';
  if (!servicePort) return `${refText(refOf(service))} does not have the port that the APIService names`;
  const { namespace = '', name } = refOf(service);
  const [pod] = endpoints.find(namespace, name)?.ready ?? [];
  const address = `Service ${namespace}/${name}`;
  if (!pod) return `${address} has no ready endpoint`;
  const port = resolveTargetPort(servicePort, pod.spec);
  if (port === undefined) return `${address} has no container port "${servicePort.targetPort}" to lead to`;
  const blocked = network.blocked('kube-apiserver', pod, port);
  if (blocked !== undefined) return `from the API server to ${server}, ${blocked}`;
  if (!runs) return `${server} does not run`;
  return port === listens
    ? undefined
    : `${address} leads to port ${port}, and ${server} listens on ${listens}`;
}

/** The pod that a client's request to a Service ends at, or why it ends nowhere. */
export function wayToService(
  { endpoints, network }: Surroundings,
  from: VirtualPod,
  address: Pick<ServiceAddress, 'namespace' | 'service' | 'port'>,
): ServedBy | string {
  const dns = network.dnsProblem(from);
  if (dns !== undefined) return dns;
  const target = endpoints.find(address.namespace, address.service);
  if (!target) return `Service ${address.namespace}/${address.service} does not exist`;
  const servicePort = target.service.spec.ports?.find(({ port }) => port === address.port);
  if (!servicePort) return `the Service has no port ${address.port}`;
  const [pod] = target.ready;
  if (!pod) return 'no pod behind the Service is ready';
  const port = resolveTargetPort(servicePort, pod.spec);
  if (port === undefined) return `no container port is called "${servicePort.targetPort}"`;
  return network.blocked(from, pod, port) ?? { pod, port };
}

/** The Prometheus that a client's URL leads to, or why there is none. */
export function wayToPrometheus(
  surroundings: Surroundings,
  from: VirtualPod,
  address: ServiceAddress,
): PrometheusServer | string {
  const where = `Prometheus at ${addressText(address)}`;
  const found = wayToService(surroundings, from, address);
  if (typeof found === 'string') return `${where}: ${found}`;
  const { pod, port } = found;
  const server = port === PROMETHEUS_PORT ? surroundings.operator.serverIn(pod) : undefined;
  if (!server) return `${where}: port ${port} of Pod ${pod.name} is not that of a Prometheus`;
  const mismatch = urlMismatch(address, server.prometheus);
  return mismatch === undefined ? server : `${where}: ${mismatch}`;
}
