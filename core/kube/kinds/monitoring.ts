import { z } from 'zod';
import { objectMeta } from '../object';
import { labelSelector, resourceRequirements } from './pod';

const identity = { apiVersion: z.string(), metadata: objectMeta };

const relabelConfig = z.looseObject({
  sourceLabels: z.array(z.string()).optional(),
  separator: z.string().optional(),
  targetLabel: z.string().optional(),
  regex: z.string().optional(),
  modulus: z.number().optional(),
  replacement: z.string().optional(),
  action: z.string().optional(),
});
/** `monitoring.coreos.com/v1` RelabelConfig; `action` in any case, default `replace`. */
export type RelabelConfig = z.infer<typeof relabelConfig>;

const endpointFields = {
  port: z.string().optional(),
  path: z.string().optional(),
  scheme: z.string().optional(),
  params: z.record(z.string(), z.array(z.string())).optional(),
  interval: z.string().optional(),
  scrapeTimeout: z.string().optional(),
  honorLabels: z.boolean().optional(),
  honorTimestamps: z.boolean().optional(),
  filterRunning: z.boolean().optional(),
  followRedirects: z.boolean().optional(),
  enableHttp2: z.boolean().optional(),
  relabelings: z.array(relabelConfig).optional(),
  metricRelabelings: z.array(relabelConfig).optional(),
};

const serviceMonitorEndpoint = z.looseObject({
  ...endpointFields,
  targetPort: z.union([z.number(), z.string()]).optional(),
});
/** One endpoint of a ServiceMonitor. */
export type ServiceMonitorEndpoint = z.infer<typeof serviceMonitorEndpoint>;

const podMetricsEndpoint = z.looseObject({
  ...endpointFields,
  targetPort: z.union([z.number(), z.string()]).optional(),
  portNumber: z.number().optional(),
});
/** One endpoint of a PodMonitor. */
export type PodMetricsEndpoint = z.infer<typeof podMetricsEndpoint>;

const namespaceSelector = z.looseObject({
  any: z.boolean().optional(),
  matchNames: z.array(z.string()).optional(),
});

const attachMetadata = z.looseObject({ node: z.boolean().optional() });

const monitorFields = {
  jobLabel: z.string().optional(),
  targetLabels: z.array(z.string()).optional(),
  podTargetLabels: z.array(z.string()).optional(),
  selector: labelSelector,
  namespaceSelector: namespaceSelector.optional(),
  sampleLimit: z.number().optional(),
  attachMetadata: attachMetadata.optional(),
  scrapeClass: z.string().optional(),
  selectorMechanism: z.enum(['RelabelConfig', 'RoleSelector']).optional(),
  fallbackScrapeProtocol: z.string().optional(),
};

export const serviceMonitor = z.looseObject({
  ...identity,
  kind: z.literal('ServiceMonitor'),
  spec: z.looseObject({
    ...monitorFields,
    endpoints: z.array(serviceMonitorEndpoint),
    serviceDiscoveryRole: z.string().optional(),
  }),
});
/** `monitoring.coreos.com/v1` ServiceMonitor. */
export type ServiceMonitor = z.infer<typeof serviceMonitor>;

export const podMonitor = z.looseObject({
  ...identity,
  kind: z.literal('PodMonitor'),
  spec: z.looseObject({ ...monitorFields, podMetricsEndpoints: z.array(podMetricsEndpoint) }),
});
/** `monitoring.coreos.com/v1` PodMonitor. */
export type PodMonitor = z.infer<typeof podMonitor>;

const scrapeClass = z.looseObject({
  name: z.string(),
  default: z.boolean().optional(),
  relabelings: z.array(relabelConfig).optional(),
  metricRelabelings: z.array(relabelConfig).optional(),
  attachMetadata: attachMetadata.optional(),
});
/** `monitoring.coreos.com/v1` ScrapeClass: what monitors that name it, or all by default, have in common. */
export type ScrapeClass = z.infer<typeof scrapeClass>;

const excludedObject = z.looseObject({
  group: z.string().optional(),
  resource: z.string(),
  namespace: z.string(),
  name: z.string().optional(),
});

export const prometheus = z.looseObject({
  ...identity,
  kind: z.literal('Prometheus'),
  spec: z.looseObject({
    version: z.string().optional(),
    image: z.string().optional(),
    replicas: z.number().optional(),
    resources: resourceRequirements.optional(),
    shards: z.number().optional(),
    serviceAccountName: z.string().optional(),
    scrapeInterval: z.string().optional(),
    scrapeTimeout: z.string().optional(),
    evaluationInterval: z.string().optional(),
    retention: z.string().optional(),
    portName: z.string().optional(),
    routePrefix: z.string().optional(),
    web: z.looseObject({ tlsConfig: z.unknown().optional() }).optional(),
    externalLabels: z.record(z.string(), z.string()).optional(),
    prometheusExternalLabelName: z.string().optional(),
    replicaExternalLabelName: z.string().optional(),
    serviceMonitorSelector: labelSelector.nullish(),
    serviceMonitorNamespaceSelector: labelSelector.nullish(),
    podMonitorSelector: labelSelector.nullish(),
    podMonitorNamespaceSelector: labelSelector.nullish(),
    probeSelector: labelSelector.nullish(),
    probeNamespaceSelector: labelSelector.nullish(),
    scrapeConfigSelector: labelSelector.nullish(),
    scrapeConfigNamespaceSelector: labelSelector.nullish(),
    additionalScrapeConfigs: z.looseObject({ name: z.string().optional(), key: z.string() }).optional(),
    scrapeClasses: z.array(scrapeClass).optional(),
    podTargetLabels: z.array(z.string()).optional(),
    serviceDiscoveryRole: z.string().optional(),
    overrideHonorLabels: z.boolean().optional(),
    overrideHonorTimestamps: z.boolean().optional(),
    ignoreNamespaceSelectors: z.boolean().optional(),
    enforcedNamespaceLabel: z.string().optional(),
    excludedFromEnforcement: z.array(excludedObject).optional(),
    paused: z.boolean().optional(),
    priorityClassName: z.string().optional(),
    podMetadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
  }),
});
/** `monitoring.coreos.com/v1` Prometheus. */
export type Prometheus = z.infer<typeof prometheus>;
