import { fargateProfileOf, fargateRefusal } from '../chain';
import { podLabels } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import { refOf } from '../kube/object';
import type { Check } from './check';

export const fargateUnsupported: Check = {
  id: 'fargate-unsupported',
  title: 'Fargate runs the pods that its profiles select',
  severity: 'error',
  *run({ cluster, podMakers }) {
    if (!cluster) return;
    for (const workload of podMakers) {
      // The pods of a DaemonSet are for the other nodes.
      if (workload.kind === 'DaemonSet') continue;
      const profile = fargateProfileOf(cluster, namespaceOf(workload), podLabels(workload));
      const refusal = profile && fargateRefusal(workload.spec.template.spec);
      if (!profile || refusal === undefined) continue;
      yield {
        object: refOf(workload),
        message: `Fargate profile ${profile.name} selects its pods, and they stay pending: ${refusal}`,
        fix: `remove from the pod template what Fargate does not support, or change its labels so that no profile selects them`,
      };
    }
  },
};
