import type { KubeObject } from '../../core/kube/object';

const NAMESPACE = 'tenants';
const NAME = 'business';
const LABELS = { 'app.kubernetes.io/name': NAME };

/** Pods of the other tenants, half a core each. */
const PODS = 41;

/**
 * What else runs on a cluster that several share: pods that request half a core each and do nothing that matters
 * here. Read by checks and rehearsal, never applied.
 */
export function otherTenants(): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
      spec: {
        replicas: PODS,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                name: NAME,
                image: 'registry.k8s.io/pause:3.10',
                resources: { requests: { cpu: '500m', memory: '512Mi' } },
              },
            ],
          },
        },
      },
    },
  ];
}
