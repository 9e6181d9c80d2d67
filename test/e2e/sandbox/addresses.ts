/** Addresses of a run, which its own network namespace has for itself. */

/** Both ends stay in the namespace: what it is for is to hold addresses and to be up. */
const NODES_INTERFACE = 'nodes0';
const NODES_PEER = 'nodes1';

export const POD_RANGE = '10.244.0.0/16';
export const SERVICE_RANGE = '10.96.0.0/16';
/** The first of the range, which kube-apiserver gives to Service default/kubernetes. */
export const KUBERNETES_SERVICE = '10.96.0.1';
export const DNS_SERVICE = '10.96.0.10';
export const DNS_DOMAIN = 'cluster.local';
export const API_SERVER_PORT = 6443;

/** Address of the nth node, from 0; the first is also where the control plane listens. */
export function nodeAddress(index: number): string {
  return `172.20.0.${index + 1}`;
}

/** What the nth node gives its pods. */
export function podCidr(index: number): string {
  return `10.244.${index}.0/24`;
}

/** Which node has an address, or has given it to a pod; undefined if it is of neither kind. */
export function nodeIndexOf(address: string): number | undefined {
  const [, host, pods] = /^(?:172\.20\.0\.(\d+)|10\.244\.(\d+)\.\d+)$/.exec(address) ?? [];
  if (host !== undefined) return Number(host) - 1;
  return pods === undefined ? undefined : Number(pods);
}

/** Commands of iproute2, without `ip`, that make the addresses in an empty network namespace. */
export function addressCommands(nodes: number): readonly (readonly string[])[] {
  const words = (text: string): readonly string[] => text.split(' ');
  return [
    words('link set lo up'),
    words(`link add ${NODES_INTERFACE} type veth peer name ${NODES_PEER}`),
    words(`link set ${NODES_INTERFACE} up`),
    words(`link set ${NODES_PEER} up`),
    ...Array.from({ length: nodes }, (_, index) =>
      words(`addr add ${nodeAddress(index)}/32 dev ${NODES_INTERFACE}`),
    ),
    // Addresses of Services are rewritten after a route was found for them, so there has to be one.
    words(`route add ${SERVICE_RANGE} dev ${NODES_INTERFACE} src ${nodeAddress(0)}`),
    words(`route add default dev ${NODES_INTERFACE} src ${nodeAddress(0)}`),
  ];
}

/** Settings of the network namespace, by their paths below `/proc/sys/net`. */
export const NETWORK_SETTINGS: Readonly<Record<string, string>> = {
  'ipv4/ip_forward': '1',
  'ipv4/conf/all/rp_filter': '0',
  'ipv4/conf/default/rp_filter': '0',
  // Port 53 and the like, for programs that are not root in their pods.
  'ipv4/ip_unprivileged_port_start': '0',
};
