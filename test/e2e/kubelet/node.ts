import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeSpec } from '../contracts';
import type { ClusterApi } from './cluster-api';

const LEASE_SECONDS = 40;
const RENEW_MS = 10_000;
/** Where the kubelet listens. */
export const KUBELET_PORT = 10_250;

/** Announces a node, ready for pods, and says again and again that it is alive until the API is closed. */
export async function announceNode(api: ClusterApi, node: NodeSpec): Promise<void> {
  const { name, address, podCidr, labels, capacity } = node;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await api.create('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        ...labels,
      },
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr] },
  });
  await api.merge(`/api/v1/nodes/${name}/status`, {
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
      conditions: [
        {
          ...{ type: 'Ready', status: 'True', reason: 'KubeletReady' },
          ...{ lastHeartbeatTime: now, lastTransitionTime: now },
        },
      ],
      nodeInfo: {
        ...{
          architecture: 'amd64',
          operatingSystem: 'linux',
          kubeletVersion: 'v1.36.4',
          kubeProxyVersion: '',
        },
        ...{ machineID: name, systemUUID: name, bootID: name, kernelVersion: '', osImage: 'processes' },
        containerRuntimeVersion: 'runc://1.1',
      },
    },
  });
  // Admission gives a new node this taint; it goes when the node is ready.
  await api.merge(`/api/v1/nodes/${name}`, { spec: { taints: null } });
  void renewLease(api, name);
}

/** The controller of nodes calls one that is silent for 40 s unreachable. */
async function renewLease(api: ClusterApi, name: string): Promise<void> {
  const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  while (!api.stopped.aborted) {
    const spec = {
      ...{ holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS },
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec };
    await api.apply(`${path}/${name}`, lease).catch(() => undefined);
    await sleep(RENEW_MS, undefined, { signal: api.stopped }).catch(() => undefined);
  }
}
