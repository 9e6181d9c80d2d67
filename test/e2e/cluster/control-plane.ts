import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterDescriptor } from '../../../core/model';
import { ApiServer } from '../../control-plane/api-server';
import { Program } from '../../control-plane/program';
import { programPath } from '../../control-plane/programs';
import {
  API_SERVER_PORT,
  DNS_DOMAIN,
  KUBERNETES_SERVICE,
  nodeAddress,
  POD_RANGE,
  SERVICE_RANGE,
} from '../sandbox/addresses';
import type { Certificates } from './certificates';
import { writeKubeconfig } from './kubeconfig';
import type { KubeClient } from './kube-client';

const START_TIMEOUT_MS = 120_000;
const ETCD_PORT = 2379;
const ETCD_PEER_PORT = 2380;
export const SERVER = `https://${nodeAddress(0)}:${API_SERVER_PORT}`;
const AUTHENTICATION = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
const DEFAULT_ACCOUNT = '/api/v1/namespaces/default/serviceaccounts/default';

type Flags = Readonly<Record<string, string>>;

export interface ControlPlaneOptions {
  /** Folder of data, certificates and logs. */
  readonly folder: string;
  readonly certificates: Certificates;
  readonly client: KubeClient;
  /** The node that kube-proxy works for: all share one network namespace. */
  readonly node: string;
  /** The flags of the autoscaler's controller. */
  readonly autoscaling: ClusterDescriptor['autoscaling'];
}

/**
 * The programs of a control plane, as a cluster has them, in the network namespace of a run: kube-apiserver at the first
 * node's address, kube-proxy in nftables mode for the whole namespace, which all nodes share.
 */
export class RealControlPlane {
  private readonly programs: Program[] = [];

  private constructor(
    private readonly options: ControlPlaneOptions,
    readonly apiServer: ApiServer,
  ) {}

  static async start(options: ControlPlaneOptions): Promise<RealControlPlane> {
    const { folder, certificates } = options;
    mkdirSync(folder, { recursive: true });
    const apiServer = new ApiServer(
      {
        path: programPath('kube-apiserver'),
        folder,
        port: API_SERVER_PORT,
        etcdPort: ETCD_PORT,
        flags: {
          'bind-address': '0.0.0.0',
          'advertise-address': nodeAddress(0),
          'endpoint-reconciler-type': 'lease',
          'service-cluster-ip-range': SERVICE_RANGE,
          'service-account-issuer': `https://kubernetes.default.svc.${DNS_DOMAIN}`,
          'enable-aggregator-routing': 'false',
          'allow-privileged': 'true',
          'kubelet-certificate-authority': join(folder, 'ca.crt'),
          'kubelet-client-certificate': join(folder, 'kubelet-client.crt'),
          'kubelet-client-key': join(folder, 'kubelet-client.key'),
          'kubelet-preferred-address-types': 'InternalIP',
        },
      },
      certificates.apiServerFiles(),
    );
    const plane = new RealControlPlane(options, apiServer);
    plane.startProgram('etcd', etcdFlags(folder));
    await apiServer.start(() => plane.ready());
    await plane.startControllers();
    return plane;
  }

  /** Ends the programs, last started first. */
  async stop(): Promise<void> {
    for (const program of this.programs.slice(1).reverse()) await program.stop('SIGKILL');
    await this.apiServer.stop();
    await this.programs[0]?.stop('SIGKILL');
  }

  private async ready(): Promise<boolean> {
    const { client } = this.options;
    await client.raw('/readyz');
    // It may be ready before it has told aggregated servers whom to believe, without which they do not start.
    await client.get(AUTHENTICATION);
    return true;
  }

  private async startControllers(): Promise<void> {
    const { folder, autoscaling, client } = this.options;
    const manager = this.startProgram('kube-controller-manager', {
      ...this.kubeconfigFlags('kube-controller-manager', 'system:kube-controller-manager'),
      'leader-elect': 'false',
      'bind-address': '127.0.0.1',
      'use-service-account-credentials': 'true',
      'service-account-private-key-file': join(folder, 'service-account.key'),
      'root-ca-file': join(folder, 'ca.crt'),
      'horizontal-pod-autoscaler-sync-period': autoscaling.syncPeriod,
      'horizontal-pod-autoscaler-downscale-stabilization': autoscaling.downscaleStabilization,
      'horizontal-pod-autoscaler-tolerance': String(autoscaling.tolerance),
      'horizontal-pod-autoscaler-cpu-initialization-period': autoscaling.cpuInitializationPeriod,
      'horizontal-pod-autoscaler-initial-readiness-delay': autoscaling.initialReadinessDelay,
    });
    this.startProgram('kube-scheduler', {
      ...this.kubeconfigFlags('kube-scheduler', 'system:kube-scheduler'),
      'leader-elect': 'false',
      'bind-address': '127.0.0.1',
    });
    this.startProgram('kube-proxy', {
      kubeconfig: this.kubeconfig('kube-proxy', 'system:kube-proxy'),
      'proxy-mode': 'nftables',
      'cluster-cidr': POD_RANGE,
      'hostname-override': this.options.node,
      'bind-address': nodeAddress(0),
      'healthz-bind-address': '127.0.0.1:10256',
      'metrics-bind-address': '127.0.0.1:10249',
      // The machine's own limits, which are not this namespace's to change.
      'conntrack-max-per-core': '0',
      'conntrack-min': '0',
      'conntrack-tcp-timeout-established': '0s',
      'conntrack-tcp-timeout-close-wait': '0s',
      // Changes are to be seen within a scaled sync period.
      'iptables-min-sync-period': '100ms',
    });
    // A pod can be created once the service account controller works.
    await manager.until(async () => {
      await client.get(DEFAULT_ACCOUNT);
      return true;
    }, START_TIMEOUT_MS);
  }

  private startProgram(name: Parameters<typeof programPath>[0], flags: Flags): Program {
    const program = Program.start({
      name,
      path: programPath(name),
      args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      logFile: join(this.options.folder, `${name}.log`),
    });
    this.programs.push(program);
    return program;
  }

  private kubeconfigFlags(name: string, user: string): Flags {
    const kubeconfig = this.kubeconfig(name, user);
    return {
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
    };
  }

  private kubeconfig(name: string, user: string): string {
    const { folder, certificates } = this.options;
    const path = join(folder, `${name}.kubeconfig`);
    return writeKubeconfig(path, SERVER, certificates.caCertificate, certificates.client(user));
  }
}

function etcdFlags(folder: string): Flags {
  const url = `http://127.0.0.1:${ETCD_PORT}`;
  const peerUrl = `http://127.0.0.1:${ETCD_PEER_PORT}`;
  return {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  };
}

/** What the certificate of kube-apiserver and the pods' environment agree on. */
export const IN_CLUSTER = { host: KUBERNETES_SERVICE, port: 443 } as const;
