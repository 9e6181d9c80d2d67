import { PROMETHEUS_PORT, urlMismatch } from '../core/chain';
import { resolveTargetPort } from '../core/kube/endpoints';
import type { ServiceAddress } from '../core/kube/service-url';
import { addressText } from './network';
import type { PrometheusServer } from './prometheus-server';
import type { Surroundings } from './surroundings';
import type { VirtualPod } from './virtual-pod';

/** A pod behind a Service, and the port that the Service leads to. */
interface ServedBy {
  readonly pod: VirtualPod;
  readonly port: number;
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
