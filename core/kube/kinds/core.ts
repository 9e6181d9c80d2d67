import { z } from 'zod';
import { objectMeta } from '../object';
import { labelSelector } from './pod';

const identity = { apiVersion: z.string(), kind: z.string(), metadata: objectMeta };
const stringMap = z.record(z.string(), z.string());

const servicePort = z.looseObject({
  name: z.string().optional(),
  port: z.number(),
  targetPort: z.union([z.number(), z.string()]).optional(),
  protocol: z.string().optional(),
  nodePort: z.number().optional(),
});
/** `v1.ServicePort`. `targetPort` defaults to `port`. */
export type ServicePort = z.infer<typeof servicePort>;

export const service = z.looseObject({
  ...identity,
  spec: z.looseObject({
    type: z.string().optional(),
    clusterIP: z.string().optional(),
    externalName: z.string().optional(),
    selector: stringMap.optional(),
    ports: z.array(servicePort).optional(),
    publishNotReadyAddresses: z.boolean().optional(),
  }),
});
/** `v1.Service`. */
export type Service = z.infer<typeof service>;

export const namespace = z.looseObject(identity);

export const configMap = z.looseObject({ ...identity, data: stringMap.optional() });
/** `v1.ConfigMap`. */
export type ConfigMap = z.infer<typeof configMap>;

export const secret = z.looseObject({ ...identity, type: z.string().optional() });

export const serviceAccount = z.looseObject({
  ...identity,
  automountServiceAccountToken: z.boolean().optional(),
});

export const apiService = z.looseObject({
  ...identity,
  spec: z.looseObject({
    group: z.string(),
    version: z.string(),
    service: z
      .looseObject({ name: z.string(), namespace: z.string(), port: z.number().optional() })
      .nullish(),
    insecureSkipTLSVerify: z.boolean().optional(),
    caBundle: z.string().optional(),
    groupPriorityMinimum: z.number().optional(),
    versionPriority: z.number().optional(),
  }),
});
/** `apiregistration.k8s.io/v1` APIService. `service.port` defaults to 443. */
export type ApiService = z.infer<typeof apiService>;

export const customResourceDefinition = z.looseObject({
  ...identity,
  spec: z.looseObject({
    group: z.string(),
    scope: z.string(),
    names: z.looseObject({ kind: z.string(), plural: z.string(), singular: z.string().optional() }),
    versions: z.array(z.looseObject({ name: z.string() })),
  }),
});

const policyRule = z.looseObject({
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
/** `rbac.authorization.k8s.io/v1` PolicyRule. */
export type PolicyRule = z.infer<typeof policyRule>;

export const role = z.looseObject({
  ...identity,
  rules: z.array(policyRule).nullish(),
  aggregationRule: z.looseObject({ clusterRoleSelectors: z.array(labelSelector).optional() }).optional(),
});
/** Role or ClusterRole. */
export type Role = z.infer<typeof role>;

export const roleBinding = z.looseObject({
  ...identity,
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .optional(),
});
/** RoleBinding or ClusterRoleBinding. */
export type RoleBinding = z.infer<typeof roleBinding>;
