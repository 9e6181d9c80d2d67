import { z } from 'zod';
import { objectMeta } from '../object';

const intOrString = z.union([z.number(), z.string()]);
const quantities = z.record(z.string(), intOrString);

const probe = z.looseObject({
  httpGet: z
    .looseObject({ path: z.string().optional(), port: intOrString, scheme: z.string().optional() })
    .optional(),
  tcpSocket: z.looseObject({ port: intOrString }).optional(),
  exec: z.looseObject({ command: z.array(z.string()).optional() }).optional(),
  grpc: z.looseObject({ port: z.number() }).optional(),
  initialDelaySeconds: z.number().optional(),
  periodSeconds: z.number().optional(),
  timeoutSeconds: z.number().optional(),
  successThreshold: z.number().optional(),
  failureThreshold: z.number().optional(),
});
/** `v1.Probe`. Kubernetes' defaults (period 10 s, thresholds 3 and 1) are not filled in here. */
export type Probe = z.infer<typeof probe>;

const containerPort = z.looseObject({
  name: z.string().optional(),
  containerPort: z.number(),
  hostPort: z.number().optional(),
  protocol: z.string().optional(),
});

const objectReference = z.looseObject({ name: z.string().optional(), optional: z.boolean().optional() });
const keyReference = objectReference.extend({ key: z.string() });
const resourceField = z.looseObject({
  resource: z.string(),
  containerName: z.string().optional(),
  divisor: intOrString.optional(),
});
/** `v1.ResourceFieldSelector`: what a container requests, or is limited to, as a variable. */
export type ResourceField = z.infer<typeof resourceField>;
const seccompProfile = z.looseObject({ type: z.string() });

const securityContext = z.looseObject({
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  seccompProfile: seccompProfile.optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
});

/** `v1.ResourceRequirements`. */
export const resourceRequirements = z.looseObject({
  requests: quantities.optional(),
  limits: quantities.optional(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  restartPolicy: z.string().optional(),
  ports: z.array(containerPort).optional(),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]).optional(),
        valueFrom: z
          .looseObject({
            configMapKeyRef: keyReference.optional(),
            secretKeyRef: keyReference.optional(),
            resourceFieldRef: resourceField.optional(),
          })
          .optional(),
      }),
    )
    .optional(),
  envFrom: z
    .array(z.looseObject({ configMapRef: objectReference.optional(), secretRef: objectReference.optional() }))
    .optional(),
  resources: resourceRequirements.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  securityContext: securityContext.optional(),
  volumeMounts: z
    .array(z.looseObject({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }))
    .optional(),
});
/** `v1.Container`, as far as the chain depends on it. */
export type Container = z.infer<typeof container>;

const volumeItems = z.array(z.looseObject({ key: z.string(), path: z.string() })).optional();
const configMapSource = objectReference.extend({ items: volumeItems });
const volume = z.looseObject({
  name: z.string(),
  configMap: configMapSource.optional(),
  secret: z.looseObject({ secretName: z.string().optional(), optional: z.boolean().optional() }).optional(),
  hostPath: z.looseObject({ path: z.string() }).optional(),
  projected: z
    .looseObject({
      sources: z.array(
        z.looseObject({ configMap: configMapSource.optional(), secret: objectReference.optional() }),
      ),
    })
    .optional(),
});
/** `v1.Volume`: the sources that the chain reads; any other source is an unread field. */
export type Volume = z.infer<typeof volume>;

export const podSpec = z.looseObject({
  containers: z.array(container).min(1),
  initContainers: z.array(container).optional(),
  volumes: z.array(volume).optional(),
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.boolean().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  hostUsers: z.boolean().optional(),
  securityContext: securityContext
    .pick({ runAsNonRoot: true, runAsUser: true, seccompProfile: true })
    .optional(),
  nodeName: z.string().optional(),
  nodeSelector: z.record(z.string(), z.string()).optional(),
  affinity: z
    .looseObject({
      nodeAffinity: z
        .looseObject({ requiredDuringSchedulingIgnoredDuringExecution: z.looseObject({}).nullish() })
        .nullish(),
    })
    .nullish(),
  terminationGracePeriodSeconds: z.number().optional(),
  priorityClassName: z.string().optional(),
  restartPolicy: z.string().optional(),
  resources: resourceRequirements.optional(),
  overhead: quantities.optional(),
});
/** `v1.PodSpec`, as far as the chain depends on it. */
export type PodSpec = z.infer<typeof podSpec>;

export const podTemplate = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  spec: podSpec,
});

export const labelSelector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});

/** Deployments, StatefulSets, ReplicaSets and DaemonSets share what matters here. */
export const workload = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMeta,
  spec: z.looseObject({
    replicas: z.number().optional(),
    selector: labelSelector,
    template: podTemplate,
    minReadySeconds: z.number().optional(),
  }),
});
/** A controller of pods: Deployment, StatefulSet, ReplicaSet or DaemonSet. */
export type Workload = z.infer<typeof workload>;

/** A bare `v1.Pod`. */
export const pod = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMeta,
  spec: podSpec,
});
