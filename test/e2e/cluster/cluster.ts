import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterDescriptor } from '../../../core/model';
import type { ClusterAccess, ImageStore } from '../contracts';
import { startKubelet, type SandboxedPod } from '../kubelet';
import { API_SERVER_PORT, DNS_DOMAIN, DNS_SERVICE, nodeAddress } from '../sandbox/addresses';
import { makeNetwork } from '../sandbox/network';
import { Kubectl } from './apply';
import { Certificates } from './certificates';
import { IN_CLUSTER, RealControlPlane, SERVER } from './control-plane';
import { ClusterDns } from './dns';
import { KubeClient } from './kube-client';
import { writeKubeconfig } from './kubeconfig';
import { nodesOf } from './nodes';

export interface ClusterOptions {
  /** Folder of the run. */
  readonly folder: string;
  readonly descriptor: ClusterDescriptor;
  readonly images: ImageStore;
  /** Called with each pod before its containers start, as a CNI plugin is. */
  readonly onSandbox: (pod: SandboxedPod) => Promise<void>;
}

interface Parts {
  readonly plane: RealControlPlane;
  readonly dns: ClusterDns;
  readonly kubelet: Awaited<ReturnType<typeof startKubelet>>;
}

/** A whole cluster in this process' namespaces, which have to be new. */
export class RealCluster {
  private constructor(
    readonly certificates: Certificates,
    readonly client: KubeClient,
    readonly kubectl: Kubectl,
    private readonly parts: Parts,
  ) {}

  /** Starts everything and waits until pods can be made. */
  static async start({ folder, descriptor, images, onSandbox }: ClusterOptions): Promise<RealCluster> {
    const logs = join(folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const nodes = nodesOf(descriptor);
    makeNetwork(nodes.length);
    const certificates = new Certificates();
    const client = new KubeClient(SERVER, certificates);
    const kubeconfig = writeKubeconfig(
      join(folder, 'kubeconfig'),
      SERVER,
      certificates.caCertificate,
      certificates.admin,
    );
    const { autoscaling } = descriptor;
    const node = nodes[0]?.name ?? '';
    const plane = await RealControlPlane.start({ folder: logs, certificates, client, node, autoscaling });
    const kubelet = await startKubelet({
      access: accessOf(folder, certificates),
      nodes,
      images,
      servingIdentity: ({ name, address }) => certificates.server([name, address]),
      onSandbox,
    });
    const dns = await ClusterDns.start(client, nodeAddress(0));
    const kubectl = new Kubectl(kubeconfig, join(folder, 'manifests'));
    await kubectl.apply('dns', dnsObjects());
    return new RealCluster(certificates, client, kubectl, { plane, dns, kubelet });
  }

  get plane(): RealControlPlane {
    return this.parts.plane;
  }

  get kubelet(): Parts['kubelet'] {
    return this.parts.kubelet;
  }

  async stop(): Promise<void> {
    const { plane, dns, kubelet } = this.parts;
    await kubelet.stop();
    dns.stop();
    await plane.stop();
  }
}

function accessOf(folder: string, { caCertificate, admin }: Certificates): ClusterAccess {
  return {
    folder,
    caCertificate,
    adminCertificate: admin.certificate,
    adminKey: admin.key,
    apiServerAddress: nodeAddress(0),
    apiServerPort: API_SERVER_PORT,
    kubernetesServiceAddress: IN_CLUSTER.host,
    dnsAddress: DNS_SERVICE,
    dnsDomain: DNS_DOMAIN,
  };
}

/** The DNS of the harness, where pods look for that of a cluster. */
function dnsObjects() {
  const metadata = { name: 'kube-dns', namespace: 'kube-system' };
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: DNS_SERVICE, ports } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kube-dns' } },
      addressType: 'IPv4',
      ports,
      endpoints: [{ addresses: [nodeAddress(0)], conditions: { ready: true } }],
    },
  ];
}
