import { minorVersion, type ClusterDescriptor, type Stage } from '../../core/model';
import { PrivilegedNamespace } from '../../constructs';
import { namespacesStage } from '../common-stages';
import { NAMESPACES, NODES_NAMESPACE } from './cluster';
import type { Options } from './options';

/** The closed namespaces, and an open one for the node exporters. */
export function namespaces(cluster: ClusterDescriptor, chosen: Pick<Options, 'metricsServer'>): Stage {
  const { metricsServer, ...always } = NAMESPACES;
  const closed = namespacesStage(
    cluster,
    [...Object.values(always), ...(chosen.metricsServer === 'stack' ? [metricsServer] : [])],
    [NAMESPACES.load, NAMESPACES.adapter, NAMESPACES.monitoring],
    // Canonical Kubernetes labels its DNS pods otherwise than kubeadm does.
    'any-of-kube-system',
  );
  return {
    ...closed,
    summary: `${closed.summary}, and one for the node exporters`,
    fill(chart) {
      closed.fill(chart);
      new PrivilegedNamespace(chart, NODES_NAMESPACE, {
        name: NODES_NAMESPACE,
        podSecurity: minorVersion(cluster.kubernetes),
        reason: 'the node exporter reads /proc and /sys of its node',
      });
    },
  };
}
