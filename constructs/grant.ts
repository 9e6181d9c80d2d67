import { Construct } from 'constructs';
import type { App } from './app';
import { k8s } from './kubernetes';

const RBAC = 'rbac.authorization.k8s.io';

/** Lets the service account of an app do something in one namespace. */
export class Grant extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly app: App;
      /** Name of the Role and its binding. */
      readonly name: string;
      /** Default: the app's namespace. */
      readonly namespace?: string;
      readonly rules: k8s.PolicyRule[];
    },
  ) {
    super(scope, id);
    const { app, name, namespace = app.namespace, rules } = props;
    new k8s.KubeRole(this, 'Role', { metadata: { name, namespace }, rules });
    new k8s.KubeRoleBinding(this, 'RoleBinding', {
      metadata: { name, namespace },
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [subject(app)],
    });
  }
}

/** Lets the service account of an app do something in the whole cluster. */
export class ClusterGrant extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly app: App; readonly name: string; readonly rules: k8s.PolicyRule[] },
  ) {
    super(scope, id);
    const { app, name, rules } = props;
    new k8s.KubeClusterRole(this, 'ClusterRole', { metadata: { name }, rules });
    new k8s.KubeClusterRoleBinding(this, 'ClusterRoleBinding', {
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [subject(app)],
    });
  }
}

/** The service account of an app, as a binding names it. */
export function subject({ name, namespace }: App): k8s.Subject {
  return { kind: 'ServiceAccount', name, namespace };
}
