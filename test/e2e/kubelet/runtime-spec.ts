import { Quantity } from '../../../core/kube/quantity';
import { capabilitiesOf } from './capabilities';
import type { Container } from './pod';
import type { Sandbox } from './sandbox';
import type { ProcessUser } from './users';

/** A folder or file that a container sees. */
export interface BoundMount {
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
}

export interface RuntimeSpecProps {
  readonly container: Container;
  readonly root: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: ProcessUser;
  readonly sandbox: Sandbox;
  readonly hostPID: boolean;
  readonly mounts: readonly BoundMount[];
  readonly cgroupsPath: string;
  /** Whether the machine can limit what a container uses. */
  readonly limits: boolean;
  readonly unifiedCgroups: boolean;
}

const MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/sys/firmware',
  '/proc/scsi',
];
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
const QUOTA_PERIOD_US = 100_000;

/** The `config.json` of a container as containerd would write it (OCI runtime specification 1.0). */
export function runtimeSpec(props: RuntimeSpecProps): unknown {
  const { container, root, args, env, cwd, user, mounts } = props;
  const { securityContext: security } = container;
  const capabilities = capabilitiesOf(security);
  return {
    ociVersion: '1.0.2',
    root: { path: root, readonly: security.readOnlyRootFilesystem },
    process: {
      terminal: false,
      user,
      args,
      env,
      cwd,
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: security.allowPrivilegeEscalation === false,
    },
    mounts: [
      ...systemMounts(props),
      // What lies in another one has to come after it.
      ...[...mounts].sort((a, b) => depth(a.destination) - depth(b.destination)).map(bound),
    ],
    linux: linuxPart(props),
  };
}

function linuxPart(props: RuntimeSpecProps): unknown {
  const { container, sandbox, hostPID, cgroupsPath, limits, unifiedCgroups } = props;
  const { privileged } = container.securityContext;
  return {
    namespaces: [
      { type: 'mount' },
      ...(hostPID ? [] : [{ type: 'pid' }]),
      ...(unifiedCgroups && limits ? [{ type: 'cgroup' }] : []),
      ...sandbox.namespaces,
    ],
    ...(limits
      ? { cgroupsPath, resources: resources(container) }
      : { resources: { devices: devices(privileged) } }),
    maskedPaths: privileged ? [] : MASKED,
    readonlyPaths: privileged ? [] : READ_ONLY,
  };
}

function resources({ resources: { requests, limits }, securityContext }: Container): unknown {
  const milli = (text: string | number | undefined): number | undefined =>
    text === undefined ? undefined : Number(Quantity.parse(text).milliValue());
  const [request, limit] = [milli(requests['cpu'] ?? limits['cpu']), milli(limits['cpu'])];
  const memory = limits['memory'];
  return {
    devices: devices(securityContext.privileged),
    cpu: {
      shares: Math.max(2, Math.floor(((request ?? 0) * 1024) / 1000)),
      ...(limit === undefined || limit === 0
        ? {}
        : { quota: Math.max(1000, (limit * QUOTA_PERIOD_US) / 1000), period: QUOTA_PERIOD_US }),
    },
    ...(memory === undefined ? {} : { memory: { limit: Number(Quantity.parse(memory).value()) } }),
  };
}

function devices(privileged: boolean): unknown {
  return [{ allow: privileged, access: 'rwm' }];
}

function systemMounts({ limits, container }: RuntimeSpecProps): readonly unknown[] {
  const tmpfs = (destination: string, ...options: readonly string[]) => ({
    ...{ destination, type: 'tmpfs', source: 'tmpfs' },
    options: ['nosuid', ...options],
  });
  const closed = ['nosuid', 'noexec', 'nodev'];
  const access = container.securityContext.privileged ? 'rw' : 'ro';
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: closed },
    tmpfs('/dev', 'strictatime', 'mode=755', 'size=65536k'),
    {
      ...{ destination: '/dev/pts', type: 'devpts', source: 'devpts' },
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    tmpfs('/dev/shm', 'noexec', 'nodev', 'mode=1777', 'size=65536k'),
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: closed },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...closed, access] },
    ...(limits
      ? [
          {
            destination: '/sys/fs/cgroup',
            type: 'cgroup',
            source: 'cgroup',
            options: [...closed, 'relatime', 'ro'],
          },
        ]
      : []),
  ];
}

function bound({ source, destination, readOnly }: BoundMount): unknown {
  return {
    ...{ source, destination, type: 'bind' },
    options: ['rbind', 'rprivate', readOnly ? 'ro' : 'rw'],
  };
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}
