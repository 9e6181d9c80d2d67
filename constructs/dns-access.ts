import { Construct } from 'constructs';
import { k8s } from './kubernetes';

/** Who answers DNS queries in a cluster. */
export interface DnsAccessProps {
  readonly namespace: string;
  /**
   * `kube-dns`: the pods of kube-system with the label that kubeadm gives CoreDNS, and most distributions with it.
   * `any-of-kube-system`: every pod there, for clusters whose DNS pods have other labels. Default `kube-dns`.
   */
  readonly servers?: 'kube-dns' | 'any-of-kube-system';
}

/** Lets every pod of a namespace resolve names. */
export class DnsAccess extends Construct {
  constructor(scope: Construct, id: string, { namespace, servers = 'kube-dns' }: DnsAccessProps) {
    super(scope, id);
    const podSelector = servers === 'kube-dns' ? { matchLabels: { 'k8s-app': 'kube-dns' } } : {};
    new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', {
      metadata: { name: 'allow-dns', namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                podSelector,
              },
            ],
            ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(53) })),
          },
        ],
      },
    });
  }
}
