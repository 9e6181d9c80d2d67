import { Construct } from 'constructs';
import type { App } from './app';
import { subject } from './grant';
import { k8s } from './kubernetes';

const RBAC = 'rbac.authorization.k8s.io';

/** What an extension API server needs to have its callers authenticated and authorized by the Kubernetes API. */
export class ApiDelegation extends Construct {
  constructor(scope: Construct, id: string, { app }: { readonly app: App }) {
    super(scope, id);
    new k8s.KubeClusterRoleBinding(this, 'AuthDelegator', {
      metadata: { name: `${app.name}-auth-delegator` },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [subject(app)],
    });
    new k8s.KubeRoleBinding(this, 'AuthReader', {
      metadata: { name: `${app.name}-auth-reader`, namespace: 'kube-system' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      subjects: [subject(app)],
    });
  }
}
