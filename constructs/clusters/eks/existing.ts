import { getClusterOutput } from '@pulumi/aws/eks';
import { UsageError } from '../../../core/errors';
import { minorVersion } from '../../../core/model';
import { issuerOf, type ControlPlane } from './cluster';
import type { Place } from './place';

/** The control plane of a cluster that is there. Its outputs fail as {@link requireVersion} does. */
export function existingControlPlane({ name, region, aws }: Place, kubernetes: string): ControlPlane {
  const found = getClusterOutput({ name }, aws).apply((cluster) => {
    requireVersion(`EKS cluster ${name} in ${region}`, cluster.version, kubernetes);
    return cluster;
  });
  return {
    name: found.name,
    arn: found.arn,
    endpoint: found.endpoint,
    authority: found.certificateAuthorities.apply(([authority]) => authority?.data ?? ''),
    issuer: found.identities.apply((identities) => issuerOf(identities)),
  };
}

/**
 * @param there `1.35`
 * @param described `1.35.2`
 * @throws UsageError where a cluster is of another minor version than was described: its autoscaler may decide otherwise
 * than the one that was rehearsed
 */
export function requireVersion(cluster: string, there: string, described: string): void {
  if (there === minorVersion(described)) return;
  throw new UsageError(
    `${cluster} runs Kubernetes ${there}, and ${described} was described: set option kubernetes to a release of ${there}`,
  );
}
