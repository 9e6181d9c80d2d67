import { z } from 'zod';

const quantity = z.union([z.string(), z.number()]);
const quantities = z.record(z.string(), quantity).default({});
const strings = z.array(z.string()).default([]);
const texts = z.record(z.string(), z.string()).default({});
const port = z.union([z.string(), z.number()]);

const keyRef = z.object({
  name: z.string().default(''),
  key: z.string(),
  optional: z.boolean().default(false),
});
const fieldRef = z.object({ fieldPath: z.string() });
const resourceFieldRef = z.object({
  containerName: z.string().optional(),
  resource: z.string(),
  divisor: quantity.optional(),
});
const envSource = z.object({
  fieldRef: fieldRef.optional(),
  resourceFieldRef: resourceFieldRef.optional(),
  configMapKeyRef: keyRef.optional(),
  secretKeyRef: keyRef.optional(),
});
const envVar = z.object({
  name: z.string(),
  value: z.string().default(''),
  valueFrom: envSource.optional(),
});
const objectRef = z.object({ name: z.string().default(''), optional: z.boolean().default(false) });
const envFrom = z.object({
  prefix: z.string().default(''),
  configMapRef: objectRef.optional(),
  secretRef: objectRef.optional(),
});

const httpGet = z.object({
  host: z.string().optional(),
  path: z.string().default('/'),
  port,
  scheme: z.string().default('HTTP'),
  httpHeaders: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
const handler = z.object({
  exec: z.object({ command: strings }).optional(),
  httpGet: httpGet.optional(),
  tcpSocket: z.object({ host: z.string().optional(), port }).optional(),
  grpc: z.object({ port: z.number() }).optional(),
  sleep: z.object({ seconds: z.number() }).optional(),
});
const probe = handler.extend({
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  successThreshold: z.number().default(1),
  failureThreshold: z.number().default(3),
  terminationGracePeriodSeconds: z.number().optional(),
});

const volumeMount = z.object({
  name: z.string(),
  mountPath: z.string(),
  subPath: z.string().default(''),
  subPathExpr: z.string().default(''),
  readOnly: z.boolean().default(false),
});
const containerSecurity = z.object({
  runAsUser: z.number().optional(),
  runAsGroup: z.number().optional(),
  runAsNonRoot: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().default(false),
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().default(false),
  capabilities: z.object({ add: strings, drop: strings }).default({ add: [], drop: [] }),
});
const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  command: strings,
  args: strings,
  workingDir: z.string().default(''),
  restartPolicy: z.string().optional(),
  ports: z
    .array(
      z.object({
        name: z.string().optional(),
        containerPort: z.number(),
        hostPort: z.number().optional(),
      }),
    )
    .default([]),
  env: z.array(envVar).default([]),
  envFrom: z.array(envFrom).default([]),
  resources: z.object({ requests: quantities, limits: quantities }).default({ requests: {}, limits: {} }),
  volumeMounts: z.array(volumeMount).default([]),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  lifecycle: z.object({ postStart: handler.optional(), preStop: handler.optional() }).default({}),
  terminationMessagePath: z.string().default('/dev/termination-log'),
  terminationMessagePolicy: z.string().default('File'),
  securityContext: containerSecurity.prefault({}),
});

const items = z
  .array(z.object({ key: z.string(), path: z.string(), mode: z.number().optional() }))
  .optional();
const projectedObject = objectRef.extend({ items });
const downwardItems = z
  .array(
    z.object({
      path: z.string(),
      mode: z.number().optional(),
      fieldRef: fieldRef.optional(),
      resourceFieldRef: resourceFieldRef.optional(),
    }),
  )
  .default([]);
const projection = z.object({
  configMap: projectedObject.optional(),
  secret: projectedObject.optional(),
  downwardAPI: z.object({ items: downwardItems }).optional(),
  serviceAccountToken: z
    .object({
      path: z.string(),
      audience: z.string().optional(),
      expirationSeconds: z.number().default(3600),
    })
    .optional(),
});
const mode = z.number().default(0o644);
const volume = z.object({
  name: z.string(),
  configMap: projectedObject.extend({ defaultMode: mode }).optional(),
  secret: z
    .object({
      secretName: z.string().default(''),
      optional: z.boolean().default(false),
      items,
      defaultMode: mode,
    })
    .optional(),
  projected: z.object({ sources: z.array(projection).default([]), defaultMode: mode }).optional(),
  downwardAPI: z.object({ items: downwardItems, defaultMode: mode }).optional(),
  emptyDir: z.object({ medium: z.string().default(''), sizeLimit: quantity.optional() }).optional(),
  hostPath: z.object({ path: z.string(), type: z.string().default('') }).optional(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
});

const podSecurity = z.object({
  runAsUser: z.number().optional(),
  runAsGroup: z.number().optional(),
  runAsNonRoot: z.boolean().optional(),
  fsGroup: z.number().optional(),
  supplementalGroups: z.array(z.number()).default([]),
});
const spec = z.object({
  nodeName: z.string().optional(),
  hostname: z.string().default(''),
  subdomain: z.string().default(''),
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  restartPolicy: z.string().default('Always'),
  serviceAccountName: z.string().default('default'),
  enableServiceLinks: z.boolean().default(true),
  terminationGracePeriodSeconds: z.number().default(30),
  activeDeadlineSeconds: z.number().optional(),
  dnsPolicy: z.string().default('ClusterFirst'),
  dnsConfig: z
    .object({
      nameservers: strings,
      searches: strings,
      options: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
    })
    .prefault({}),
  hostAliases: z.array(z.object({ ip: z.string(), hostnames: strings })).default([]),
  readinessGates: z.array(z.object({ conditionType: z.string() })).default([]),
  securityContext: podSecurity.prefault({}),
  initContainers: z.array(container).default([]),
  containers: z.array(container),
  volumes: z.array(volume).default([]),
});

const pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: texts,
    annotations: texts,
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
    deletionTimestamp: z.string().optional(),
    deletionGracePeriodSeconds: z.number().optional(),
  }),
  spec,
  status: z
    .object({
      phase: z.string().default('Pending'),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

/** A pod, as far as a node needs it; what the API server fills in is filled in. */
export type Pod = z.infer<typeof pod>;
export type PodSpec = Pod['spec'];
export type Container = z.infer<typeof container>;
export type Probe = z.infer<typeof probe>;
export type Handler = z.infer<typeof handler>;
export type Volume = z.infer<typeof volume>;
export type VolumeMount = z.infer<typeof volumeMount>;
export type Projection = z.infer<typeof projection>;
export type DownwardItem = z.infer<typeof downwardItems>[number];
export type EnvVar = z.infer<typeof envVar>;
export type ResourceFieldRef = z.infer<typeof resourceFieldRef>;
export type KeyRef = z.infer<typeof keyRef>;

/** @throws ZodError for what is no pod */
export function readPod(object: unknown): Pod {
  return pod.parse(object);
}

/** Whether an init container goes on beside the others. */
export function isSidecar({ restartPolicy }: Pick<Container, 'restartPolicy'>): boolean {
  return restartPolicy === 'Always';
}

/** Whether nothing of it will ever run again. */
export function isTerminal(phase: string): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Init containers first, in their order. */
export function allContainers({ initContainers, containers }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}

/** `namespace/name`, as messages call it. */
export function podText({ metadata }: Pick<Pod, 'metadata'>): string {
  return `${metadata.namespace}/${metadata.name}`;
}
