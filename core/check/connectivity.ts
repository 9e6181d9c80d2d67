import { workloadsBehind } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import type { Blocked, Hop, Peer } from '../kube/network-policy';
import { refOf, refText, type ObjectRef } from '../kube/object';
import { apiServerPort } from '../model';
import { isPrometheusOperator } from '../workloads';
import { watchersOf } from './access';
import type { Check } from './check';
import type { CheckContext } from './context';
import { didYouMean } from '../did-you-mean';
import type { Problem } from './finding';
import { callsOf, neededHops } from './hops';
import { peersOf } from './network';

const DNS_PORT = 53;
/** Where API servers listen: kubeadm's port, that of most managed clusters, and minikube's. */
const USUAL_API_SERVER_PORTS = [6443, 443, 8443];
/** CoreDNS as kubeadm installs it, for objects that do not say what the cluster brings. */
const USUAL_DNS: Peer = { kind: 'pod', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

export const callTargetMissing: Check = {
  id: 'call-target-missing',
  title: 'What load generators call exists',
  severity: 'error',
  *run(context) {
    for (const { from, call, to } of callsOf(context)) {
      if (to.length > 0) continue;
      const service = context.inventory.services.find(
        (candidate) => candidate.metadata.name === call.service && namespaceOf(candidate) === call.namespace,
      );
      const hasPort = service?.spec.ports?.some(({ port }) => port === call.port);
      // A Service without pods, or with a port that leads nowhere, is a finding of its own.
      if (hasPort) continue;
      const names = context.inventory.services
        .filter((candidate) => namespaceOf(candidate) === call.namespace)
        .map(({ metadata }) => metadata.name);
      const ports = service?.spec.ports?.map(({ port }) => port).join(', ') ?? '';
      yield {
        object: refOf(from),
        message: service
          ? `it calls port ${call.port} of Service ${call.namespace}/${call.service}, which has port ${ports}`
          : `it calls Service ${call.namespace}/${call.service}, which does not exist${didYouMean(call.service, names)}`,
        fix: `set its target to a Service that exists and to its port`,
      };
    }
  },
};

export const hopBlocked: Check = {
  id: 'hop-blocked',
  title: 'Network policies let every hop of the chain through',
  severity: 'error',
  *run(context) {
    const seen = new Set<string>();
    for (const { from, to, purpose, hops } of neededHops(context)) {
      const blocked = hops.map((hop) => ({ hop, by: blockedBy(context, hop) })).find(({ by }) => by);
      if (!blocked?.by) continue;
      const way = `${from} → ${to}, TCP ${blocked.hop.port}`;
      if (seen.has(way)) continue;
      seen.add(way);
      yield blockedProblem(way, `${from} ${purpose}`, blocked.by);
    }
  },
};

export const apiServerBlocked: Check = {
  id: 'api-server-blocked',
  title: 'Network policies let those reach the API server that need it',
  severity: 'error',
  *run(context) {
    const ports = apiServerPorts(context);
    for (const { workload, purpose } of callersOfApi(context)) {
      const blocks = ports.map((port) => blockedAny(context, workload, apiServerHop(port)));
      const [block] = blocks;
      // One of the ports is that of this cluster's API server.
      if (!block || blocks.includes(undefined)) continue;
      const from = refText(refOf(workload));
      yield blockedProblem(
        `${from} → the API server, TCP ${ports.join(' or ')}`,
        `${from} ${purpose}`,
        block,
      );
    }
  },
};

/** Ports of which one has to be open: that of the kind of cluster, or of its Service for networks that see it. */
function apiServerPorts({ cluster }: CheckContext): readonly number[] {
  if (!cluster) return USUAL_API_SERVER_PORTS;
  return [...new Set([apiServerPort(cluster), 443])];
}

function apiServerHop(port: number): (from: Peer) => Hop {
  return (from) => ({ from, to: { kind: 'entity', entity: 'kube-apiserver' }, port, protocol: 'TCP' });
}

function callersOfApi(context: CheckContext) {
  const { adapters, keda, scrapes, podMakers, metricsServer } = context;
  const server = metricsServer?.workload;
  const operators = podMakers.filter(({ spec }) =>
    spec.template.spec.containers.some(({ image }) => isPrometheusOperator(image)),
  );
  return [
    ...adapters.flatMap(({ workload }) => (workload ? [{ workload, purpose: 'lists objects there' }] : [])),
    ...scrapes.map(({ server }) => ({ workload: server, purpose: 'discovers its targets there' })),
    ...operators.map((workload) => ({ workload, purpose: 'reads monitors there' })),
    ...keda.operators.map(({ workload }) => ({ workload, purpose: 'reads ScaledObjects there' })),
    ...keda.metricsServers.map(({ workload }) => ({ workload, purpose: 'looks its callers up there' })),
    ...(server ? [{ workload: server, purpose: 'watches nodes and pods there' }] : []),
    ...watchersOf(context).map((workload) => ({ workload, purpose: 'watches nodes and pods there' })),
  ];
}

export const dnsBlocked: Check = {
  id: 'dns-blocked',
  title: 'Network policies let DNS through where names are looked up',
  severity: 'error',
  *run(context) {
    const resolvers = new Set(neededHops(context).flatMap(({ resolvedBy }) => resolvedBy ?? []));
    const servers = dnsServers(context.inventory);
    for (const workload of resolvers) {
      for (const protocol of ['UDP', 'TCP'] as const) {
        const block = servers
          .map((to) => blockedAny(context, workload, (from) => ({ from, to, port: DNS_PORT, protocol })))
          .find((found) => found !== undefined);
        if (!block) continue;
        const from = refText(refOf(workload));
        yield blockedProblem(`${from} → kube-dns, ${protocol} ${DNS_PORT}`, `${from} looks up names`, block);
        break;
      }
    }
  },
};

function dnsServers(inventory: Inventory): readonly Peer[] {
  const service = inventory.services.find(
    (candidate) => candidate.metadata.name === 'kube-dns' && namespaceOf(candidate) === 'kube-system',
  );
  const workloads = service ? workloadsBehind(service, inventory.workloads) : [];
  return workloads.length === 0 ? [USUAL_DNS] : workloads.flatMap(peersOf);
}

export const policyNotUnderstood: Check = {
  id: 'policy-not-understood',
  title: 'Network policies are understood',
  severity: 'info',
  *run(context) {
    const { network, inventory } = context;
    const hops = neededHops(context).flatMap((needed) => needed.hops);
    const reasons = new Set(hops.flatMap((hop) => network.whyNotJudged(hop) ?? []));
    const policies = [
      ...inventory.ciliumNetworkPolicies,
      ...inventory.ciliumClusterwideNetworkPolicies,
      ...inventory.networkPolicies,
    ].map(refOf);
    for (const reason of reasons) {
      const policy = policies.find((ref) => reason.includes(refText(ref))) ?? policies[0];
      if (!policy) continue;
      yield {
        object: policy,
        message: `${reason}; which hops are open where it applies is not verified`,
        fix: 'write the policy without it, or try the connections in the cluster',
      };
    }
  },
};

function blockedBy({ network }: CheckContext, hop: Hop): Blocked | undefined {
  return network.verdict(hop)?.blockedBy;
}

function blockedAny(
  context: CheckContext,
  workload: Workload,
  hopFrom: (from: Peer) => Hop,
): Blocked | undefined {
  return peersOf(workload)
    .map((from) => blockedBy(context, hopFrom(from)))
    .find((block) => block !== undefined);
}

function blockedProblem(way: string, purpose: string, { direction, policies, reason }: Blocked): Problem {
  const [first] = policies;
  const object: ObjectRef = first ?? {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    name: 'unknown',
  };
  return {
    object,
    message: `${way} is closed (${direction}): ${reason}; ${purpose}`,
    fix: `add a policy that allows ${direction} for ${way}`,
  };
}
