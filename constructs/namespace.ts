import { Construct } from 'constructs';
import { k8s } from './kubernetes';

const MODES = ['enforce', 'audit', 'warn'] as const;

/** Annotation of a namespace whose pods may do more than the `restricted` level allows: what they need it for. */
export const POD_SECURITY_EXCEPTION = 'plimsoll.dev/pod-security-exception';

/** What a namespace is called, and what its pods may be. */
interface NamespaceProps {
  readonly name: string;
  /** Minor version whose definition of the Pod Security level is meant, e.g. `1.36`. */
  readonly podSecurity: string;
}

/** A Namespace that admits only pods of the `restricted` Pod Security level, and lets nothing in or out by itself. */
export class RestrictedNamespace extends Construct {
  constructor(scope: Construct, id: string, props: NamespaceProps) {
    super(scope, id);
    closedNamespace(this, props, 'restricted', {});
  }
}

/**
 * A Namespace for programs that have to look into their nodes, and for no others. It admits every pod, says why, and
 * lets nothing in or out by itself.
 */
export class PrivilegedNamespace extends Construct {
  /**
   * @param props.reason what its pods need that the level `baseline` does not allow
   */
  constructor(scope: Construct, id: string, props: NamespaceProps & { readonly reason: string }) {
    super(scope, id);
    closedNamespace(this, props, 'privileged', { [POD_SECURITY_EXCEPTION]: props.reason });
  }
}

function closedNamespace(
  scope: Construct,
  { name, podSecurity }: NamespaceProps,
  level: 'restricted' | 'privileged',
  annotations: Readonly<Record<string, string>>,
): void {
  const labels: Record<string, string> = {};
  for (const mode of MODES) {
    labels[`pod-security.kubernetes.io/${mode}`] = level;
    labels[`pod-security.kubernetes.io/${mode}-version`] = `v${podSecurity}`;
  }
  new k8s.KubeNamespace(scope, 'Namespace', {
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  });
  new k8s.KubeNetworkPolicy(scope, 'DefaultDeny', {
    metadata: { name: 'default-deny', namespace: name },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}
