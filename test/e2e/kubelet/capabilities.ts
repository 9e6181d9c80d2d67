/** What containers have unless they give it up (`defaultUnixCaps` of containerd's `pkg/oci`). */
const DEFAULT = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
];
const FURTHER = [
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'BLOCK_SUSPEND',
  'BPF',
  'CHECKPOINT_RESTORE',
  'DAC_READ_SEARCH',
  'IPC_LOCK',
  'IPC_OWNER',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'NET_ADMIN',
  'NET_BROADCAST',
  'PERFMON',
  'SYSLOG',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'WAKE_ALARM',
];

export interface CapabilityWishes {
  readonly privileged: boolean;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
}

/** The capabilities of a container: `CAP_…`. What is added wins over what is dropped. */
export function capabilitiesOf({
  privileged,
  capabilities: { add, drop },
}: CapabilityWishes): readonly string[] {
  const all = [...DEFAULT, ...FURTHER];
  const has = (wishes: readonly string[], name: string): boolean =>
    wishes.some((wish) => wish === 'ALL' || wish.replace(/^CAP_/, '') === name);
  return all
    .filter((name) => privileged || has(add, name) || (DEFAULT.includes(name) && !has(drop, name)))
    .map((name) => `CAP_${name}`);
}
