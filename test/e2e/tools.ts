import { spawnSync } from 'node:child_process';

/** Something that the runs need and this machine does not have. */
export interface MissingTool {
  readonly tool: string;
  readonly purpose: string;
  readonly howToGet: string;
}

/** Programs, each with what it is for and the package of Debian that has it. */
const PROGRAMS = [
  ['go', 'builds Kubernetes, Prometheus and the others', 'golang-go 1.26, or https://go.dev/dl'],
  ['runc', 'runs containers', 'runc'],
  ['buildah', 'builds the images of this project', 'buildah'],
  ['mmdebstrap', 'makes the bases of images', 'mmdebstrap'],
  ['ip', 'connects pods', 'iproute2'],
  ['unshare', 'keeps a run apart from the machine', 'util-linux'],
  ['nsenter', 'starts programs in the network of a pod', 'util-linux'],
  ['setpriv', 'starts programs as other users', 'util-linux'],
  ['nft', 'kube-proxy writes its rules with it', 'nftables'],
] as const;

/** What the kernel must allow: a script of a shell in namespaces of its own fails without it. */
const ABILITIES = [
  ['network namespaces', 'every pod has its own', 'true'],
  ['veth', 'connects pods', 'ip link add outer type veth peer name inner'],
  [
    'overlayfs',
    'containers share the files of their image',
    'mount -t tmpfs t /mnt && mkdir /mnt/l /mnt/u /mnt/w /mnt/m && ' +
      'mount -t overlay o -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w /mnt/m',
  ],
  [
    'NAT of nftables',
    'kube-proxy sends what goes to a Service to its pods',
    "nft 'add table ip t; add chain ip t c { type nat hook prerouting priority 0; }; add rule ip t c masquerade' ||" +
      " nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }; add rule ip t c masquerade'",
  ],
] as const;

/** What runs need besides Node, by trying it; empty where all is there. kube-proxy's nftables mode needs no `conntrack`. */
function missingTools(): readonly MissingTool[] {
  const programs = PROGRAMS.filter(([program]) => !answers('sh', '-c', `command -v ${program}`)).map(
    ([tool, purpose, name]) => ({ tool, purpose, howToGet: `Debian package: ${name}` }),
  );
  if (process.getuid?.() !== 0) {
    const purpose = 'namespaces, mounts and containers';
    return [{ tool: 'root', purpose, howToGet: 'run it with sudo' }, ...programs];
  }
  const names: readonly string[] = programs.map(({ tool }) => tool);
  // What cannot be tried is not said to be missing.
  if (['unshare', 'ip', 'nft'].some((name) => names.includes(name))) return programs;
  const abilities = ABILITIES.filter(
    ([, , script]) => !answers('unshare', '--net', '--mount', 'sh', '-c', script),
  ).map(([tool, purpose]) => ({
    tool,
    purpose,
    howToGet: 'another kernel, or a container that may do this (privileged)',
  }));
  return [...programs, ...abilities];
}

/** Ends the process with exit code 2 and a message that names all that is missing, if anything is. */
export function requireTools(): void {
  const missing = missingTools();
  if (missing.length === 0) return;
  const lines = missing.map(({ tool, purpose, howToGet }) => `  ${tool}: ${purpose}. ${howToGet}\n`);
  process.stderr.write(`This machine cannot run clusters. Missing:\n${lines.join('')}`);
  process.exit(2);
}

function answers(command: string, ...words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}
