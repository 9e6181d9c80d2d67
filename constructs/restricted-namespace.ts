import { Construct } from 'constructs';
import { k8s } from './kubernetes';

const MODES = ['enforce', 'audit', 'warn'] as const;

/** A Namespace that admits only pods of the `restricted` Pod Security level, and lets nothing in or out by itself. */
export class RestrictedNamespace extends Construct {
  /**
   * @param props.podSecurity minor version whose definition of the level is meant, e.g. `1.36`
   */
  constructor(scope: Construct, id: string, props: { readonly name: string; readonly podSecurity: string }) {
    super(scope, id);
    const { name, podSecurity } = props;
    const labels: Record<string, string> = {};
    for (const mode of MODES) {
      labels[`pod-security.kubernetes.io/${mode}`] = 'restricted';
      labels[`pod-security.kubernetes.io/${mode}-version`] = `v${podSecurity}`;
    }
    new k8s.KubeNamespace(this, 'Namespace', { metadata: { name, labels } });
    new k8s.KubeNetworkPolicy(this, 'DefaultDeny', {
      metadata: { name: 'default-deny', namespace: name },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}
