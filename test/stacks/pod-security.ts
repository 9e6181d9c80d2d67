import { z } from 'zod';

/** What the level lets a container's `seccompProfile`, `appArmorProfile`, volumes and `sysctls` be. */
const CONFINED = ['RuntimeDefault', 'Localhost'];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
];
const SYSCTLS = [
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start'],
  ...['net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_local_reserved_ports'],
  ...['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl'],
  ...['net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
];

const typed = z.looseObject({ type: z.string().optional() });
const context = z.looseObject({
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  procMount: z.string().optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
  seccompProfile: typed.optional(),
  appArmorProfile: typed.optional(),
  seLinuxOptions: typed.extend({ user: z.string().optional(), role: z.string().optional() }).optional(),
  windowsOptions: z.looseObject({ hostProcess: z.boolean().optional() }).optional(),
  sysctls: z.array(z.looseObject({ name: z.string() })).optional(),
});
const host = z.looseObject({ host: z.string().optional() }).optional();
const handler = z.looseObject({ httpGet: host, tcpSocket: host }).optional();
const container = z.looseObject({
  name: z.string(),
  securityContext: context.optional(),
  ports: z.array(z.looseObject({ hostPort: z.number().optional() })).optional(),
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: z.looseObject({ postStart: handler, preStop: handler }).optional(),
});
const pod = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).optional(),
  spec: z.looseObject({
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    securityContext: context.optional(),
    volumes: z.array(z.looseObject({ name: z.string() })).optional(),
    containers: z.array(container),
    initContainers: z.array(container).optional(),
    ephemeralContainers: z.array(container).optional(),
  }),
});

type Context = z.infer<typeof context>;

/**
 * The controls of the Pod Security level `restricted` that a pod of Linux containers violates, each named like its
 * file in `policy` of k8s.io/pod-security-admission v0.36. Pods in a user namespace get no relaxation.
 */
export function violations(template: unknown): string[] {
  const { metadata, spec } = pod.parse(template);
  const own = spec.securityContext ?? {};
  const containers = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  const each = (holds: (securityContext: Context) => boolean) =>
    containers.every(({ securityContext = {} }) => holds(securityContext));
  const all = (holds: (securityContext: Context) => boolean) => holds(own) && each(holds);
  const handlers = containers.flatMap(({ livenessProbe, readinessProbe, startupProbe, lifecycle }) => [
    ...[livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop],
  ]);
  const controls: Readonly<Record<string, boolean>> = {
    allowPrivilegeEscalation: each(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation === false),
    appArmorProfile:
      all(({ appArmorProfile }) => !appArmorProfile || CONFINED.includes(appArmorProfile.type ?? '')) &&
      Object.entries(metadata?.annotations ?? {}).every(
        ([key, value]) =>
          !key.startsWith('container.apparmor.security.beta.kubernetes.io/') ||
          /^(runtime\/default|localhost\/.*|)$/.test(value),
      ),
    capabilities: each(
      ({ capabilities: { add = [], drop = [] } = {} }) =>
        drop.includes('ALL') && add.every((name) => name === 'NET_BIND_SERVICE'),
    ),
    hostNamespaces: !spec.hostNetwork && !spec.hostPID && !spec.hostIPC,
    hostPorts: containers.every(({ ports = [] }) => ports.every(({ hostPort }) => !hostPort)),
    hostProbesAndhostLifecycle: handlers.every((of) => !of?.httpGet?.host && !of?.tcpSocket?.host),
    privileged: each(({ privileged }) => !privileged),
    procMount: each(({ procMount }) => procMount === undefined || procMount === 'Default'),
    restrictedVolumes: (spec.volumes ?? []).every((volume) =>
      Object.keys(volume).every((key) => key === 'name' || VOLUMES.includes(key)),
    ),
    runAsNonRoot: each(({ runAsNonRoot }) => runAsNonRoot ?? own.runAsNonRoot ?? false),
    runAsUser: all(({ runAsUser }) => runAsUser !== 0),
    seLinuxOptions: all(
      ({ seLinuxOptions: { type = '', user, role } = {} }) => SELINUX_TYPES.includes(type) && !user && !role,
    ),
    seccompProfile:
      each(({ seccompProfile }) => CONFINED.includes((seccompProfile ?? own.seccompProfile)?.type ?? '')) &&
      (own.seccompProfile === undefined || CONFINED.includes(own.seccompProfile.type ?? '')),
    sysctls: (own.sysctls ?? []).every(({ name }) => SYSCTLS.includes(name)),
    windowsHostProcess: all(({ windowsOptions }) => !windowsOptions?.hostProcess),
  };
  return Object.entries(controls).flatMap(([control, holds]) => (holds ? [] : [control]));
}
