import { z } from 'zod';
import { objectMeta } from '../object';
import { labelSelector } from './pod';

const identity = { apiVersion: z.string(), kind: z.string(), metadata: objectMeta };
const intOrString = z.union([z.number(), z.string()]);

const peer = z.looseObject({
  podSelector: labelSelector.optional(),
  namespaceSelector: labelSelector.optional(),
  ipBlock: z.looseObject({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
});
/** `networking.k8s.io/v1` NetworkPolicyPeer. */
export type NetworkPolicyPeer = z.infer<typeof peer>;

const policyPort = z.looseObject({
  protocol: z.string().optional(),
  port: intOrString.optional(),
  endPort: z.number().optional(),
});
/** `networking.k8s.io/v1` NetworkPolicyPort. */
export type NetworkPolicyPort = z.infer<typeof policyPort>;

export const networkPolicy = z.looseObject({
  ...identity,
  spec: z.looseObject({
    podSelector: labelSelector.optional(),
    policyTypes: z.array(z.string()).optional(),
    ingress: z
      .array(z.looseObject({ from: z.array(peer).nullish(), ports: z.array(policyPort).nullish() }))
      .nullish(),
    egress: z
      .array(z.looseObject({ to: z.array(peer).nullish(), ports: z.array(policyPort).nullish() }))
      .nullish(),
  }),
});
/** `networking.k8s.io/v1` NetworkPolicy. */
export type NetworkPolicy = z.infer<typeof networkPolicy>;

const httpRule = z.looseObject({ method: z.string().optional(), path: z.string().optional() });
/** `cilium.io/v2` PortRuleHTTP: expressions that method and path must match as a whole. */
export type CiliumHttpRule = z.infer<typeof httpRule>;

const portRule = z.looseObject({
  ports: z
    .array(
      z.looseObject({
        port: z.string().optional(),
        protocol: z.string().optional(),
        endPort: z.number().optional(),
      }),
    )
    .optional(),
  rules: z
    .looseObject({ http: z.array(httpRule).nullish(), dns: z.array(z.looseObject({})).nullish() })
    .optional(),
});
/** `cilium.io/v2` PortRule: ports, and L7 rules that put a proxy in the way. */
export type CiliumPortRule = z.infer<typeof portRule>;

const cidrRule = z.looseObject({ cidr: z.string().optional(), except: z.array(z.string()).optional() });

const ciliumIngress = z.looseObject({
  fromEndpoints: z.array(labelSelector).nullish(),
  fromEntities: z.array(z.string()).nullish(),
  fromCIDR: z.array(z.string()).nullish(),
  fromCIDRSet: z.array(cidrRule).nullish(),
  toPorts: z.array(portRule).nullish(),
  icmps: z.array(z.looseObject({})).nullish(),
});
/** `cilium.io/v2` IngressRule or IngressDenyRule. */
export type CiliumIngressRule = z.infer<typeof ciliumIngress>;

const ciliumEgress = z.looseObject({
  toEndpoints: z.array(labelSelector).nullish(),
  toEntities: z.array(z.string()).nullish(),
  toCIDR: z.array(z.string()).nullish(),
  toCIDRSet: z.array(cidrRule).nullish(),
  toPorts: z.array(portRule).nullish(),
  icmps: z.array(z.looseObject({})).nullish(),
});
/** `cilium.io/v2` EgressRule or EgressDenyRule. */
export type CiliumEgressRule = z.infer<typeof ciliumEgress>;

const ciliumRule = z.looseObject({
  endpointSelector: labelSelector.optional(),
  nodeSelector: labelSelector.optional(),
  ingress: z.array(ciliumIngress).nullish(),
  egress: z.array(ciliumEgress).nullish(),
  ingressDeny: z.array(ciliumIngress).nullish(),
  egressDeny: z.array(ciliumEgress).nullish(),
  enableDefaultDeny: z
    .looseObject({ ingress: z.boolean().optional(), egress: z.boolean().optional() })
    .optional(),
});
/** `cilium.io/v2` Rule: the body of a CiliumNetworkPolicy. */
export type CiliumRule = z.infer<typeof ciliumRule>;

export const ciliumNetworkPolicy = z.looseObject({
  ...identity,
  spec: ciliumRule.optional(),
  specs: z.array(ciliumRule).optional(),
});
/** `cilium.io/v2` CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy. */
export type CiliumNetworkPolicy = z.infer<typeof ciliumNetworkPolicy>;
