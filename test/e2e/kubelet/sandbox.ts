import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf } from './addresses';
import { attempt, run } from './commands';

/** The namespaces that the containers of a pod share, and its address. */
export interface Sandbox {
  readonly podIP: string;
  /** Files that stand for namespaces; without one for the network that of the node is used. */
  readonly namespaces: readonly { readonly type: 'network' | 'ipc' | 'uts'; readonly path: string }[];
}

export interface SandboxProps {
  /** Where files are kept. */
  readonly folder: string;
  readonly hostname: string;
  /** A pod of the node's network has none of its own. */
  readonly podIP: string | undefined;
  readonly nodeAddress: string;
}

/** Every pod has the same neighbour, which is no host: the other end of its own cable. */
const GATEWAY = '169.254.1.1';
const GATEWAY_MAC = 'ee:ee:ee:ee:ee:ee';
const PINNED = { net: 'network', ipc: 'ipc', uts: 'uts' } as const;

/**
 * Makes the namespaces of a pod, kept by files, and its cable into the node's network. Both ends know each other's
 * hardware addresses: nothing waits for an answer to ARP.
 */
export async function createSandbox(props: SandboxProps): Promise<Sandbox> {
  const { folder, hostname, podIP, nodeAddress } = props;
  mkdirSync(folder, { recursive: true });
  const kinds = (['net', 'ipc', 'uts'] as const).filter((kind) => kind !== 'net' || podIP !== undefined);
  const pins = kinds.map((kind) => ({ kind, path: join(folder, kind) }));
  for (const { path } of pins) writeFileSync(path, '');
  const script = 'printf %s "$1" > /proc/sys/kernel/hostname && exec ip -batch -';
  await run(
    'unshare',
    [...pins.map(({ kind, path }) => `--${kind}=${path}`), 'sh', '-c', script, 'sh', hostname],
    podIP === undefined ? '' : inside(podIP),
  );
  if (podIP !== undefined) {
    await run('ip', ['-batch', '-'], outside(podIP, nodeAddress));
    // A pod that reaches itself through a service is sent back where it came from.
    writeFileSync(`/proc/sys/net/ipv4/conf/${cableOf(podIP)}/send_redirects`, '0');
  }
  return {
    podIP: podIP ?? nodeAddress,
    namespaces: pins.map(({ kind, path }) => ({ type: PINNED[kind], path })),
  };
}

/** Takes it away, as far as it is there. */
export async function removeSandbox({
  folder,
  podIP,
}: Pick<SandboxProps, 'folder' | 'podIP'>): Promise<void> {
  if (podIP !== undefined) await attempt('ip', ['link', 'delete', cableOf(podIP)]);
  await attempt('umount', ['-l', ...Object.keys(PINNED).map((kind) => join(folder, kind))]);
}

function cableOf(podIP: string): string {
  return `pod${hexOf(podIP)}`;
}

function macOf(podIP: string): string {
  return `0a:58:${(hexOf(podIP).match(/../g) ?? []).join(':')}`;
}

function inside(podIP: string): string {
  return [
    'link set lo up',
    `link add eth0 address ${macOf(podIP)} type veth peer name ${cableOf(podIP)} address ${GATEWAY_MAC} netns ${process.pid}`,
    `address add ${podIP}/32 dev eth0`,
    'link set eth0 up',
    `neighbour replace ${GATEWAY} lladdr ${GATEWAY_MAC} dev eth0 nud permanent`,
    `route add ${GATEWAY} dev eth0 scope link`,
    `route add default via ${GATEWAY} dev eth0`,
    '',
  ].join('\n');
}

function outside(podIP: string, nodeAddress: string): string {
  const cable = cableOf(podIP);
  return [
    `link set ${cable} up`,
    `neighbour replace ${podIP} lladdr ${macOf(podIP)} dev ${cable} nud permanent`,
    `route replace ${podIP}/32 dev ${cable} src ${nodeAddress}`,
    '',
  ].join('\n');
}
