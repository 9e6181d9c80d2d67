import { MetricsServer } from '../../constructs';
import { inventory, only } from './render';

function served(more: { readonly port?: number; readonly kubeletCertificates?: 'self-signed' } = {}) {
  return inventory(
    (chart) =>
      new MetricsServer(chart, 'm', {
        namespace: 'metrics',
        image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
        apiServerPort: 6443,
        ...more,
      }),
  );
}

const objects = served();
const containerOf = (list: typeof objects) => only(only(list.deployments).spec.template.spec.containers);

describe('a metrics-server', () => {
  it('serves the resource metrics API behind a Service', () => {
    expect(only(objects.apiServices)).toMatchObject({
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { namespace: 'metrics', name: 'metrics-server', port: 443 },
        // Nobody signed its certificate.
        insecureSkipTLSVerify: true,
      },
    });
    expect(only(objects.services).spec.ports).toEqual([
      { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' },
    ]);
  });

  it('listens where it is told, and its container port says so', () => {
    const on = (port: number, list: typeof objects) => {
      expect(containerOf(list).args).toContain(`--secure-port=${port}`);
      expect(containerOf(list).ports).toEqual([{ name: 'https', containerPort: port, protocol: 'TCP' }]);
    };
    on(10250, objects);
    on(10251, served({ port: 10251 }));
  });

  it('trusts kubelets that nobody vouches for only when told to', () => {
    expect(containerOf(objects).args).not.toContain('--kubelet-insecure-tls');
    expect(containerOf(served({ kubeletCertificates: 'self-signed' })).args).toContain(
      '--kubelet-insecure-tls',
    );
  });

  it('makes its certificate in the one directory that it may write', () => {
    const { args, volumeMounts } = containerOf(objects);
    expect(args).toContain('--cert-dir=/tmp');
    expect(volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });

  it('reads pods, nodes and what they use, and nothing else', () => {
    const bound = objects.clusterRoleBindings.map(({ roleRef }) => roleRef.name);
    expect(bound.sort()).toEqual(['system:auth-delegator', 'system:metrics-server']);
    const role = objects.clusterRoles.find(({ metadata }) => metadata.name === 'system:metrics-server');
    expect(role?.rules).toEqual([
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(only(objects.roleBindings)).toMatchObject({
      metadata: { namespace: 'kube-system' },
      roleRef: { name: 'extension-apiserver-authentication-reader' },
    });
  });

  it('lets those see its metrics who may view pods', () => {
    const readers = objects.clusterRoles.find(
      ({ metadata }) => metadata.name === 'system:aggregated-metrics-reader',
    );
    expect(readers).toMatchObject({
      metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [
        { apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    });
  });

  it('is reached by the API server, and reaches it and the kubelets', () => {
    const names = objects.ciliumNetworkPolicies.map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual([
      'metrics-server-from-control-plane-10250',
      'metrics-server-to-api-server-6443',
      'metrics-server-to-nodes-10250',
    ]);
  });
});
