import {
  accountOf,
  AUTHENTICATION_CONFIG,
  CLUSTER_STATE,
  DELEGATION,
  discoveryRequests,
  POD_WATCH,
  podListing,
  refusedText,
} from '../chain';
import { servingContainers } from '../kube/endpoints';
import type { Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { Check } from './check';
import type { CheckContext } from './context';

export const adapterDelegation: Check = {
  id: 'adapter-delegation',
  title: 'Whoever serves metrics may have its callers authenticated and authorized',
  severity: 'error',
  *run({ adapters, keda, rbac }) {
    const workloads = adapters.flatMap(({ workload, container }) =>
      workload && container ? [workload] : [],
    );
    for (const workload of [...workloads, ...keda.metricsServers.map((server) => server.workload)]) {
      const account = accountOf(workload);
      const delegation = refusedText(rbac, account, DELEGATION);
      if (delegation !== undefined) {
        yield {
          object: refOf(workload),
          message: `${delegation}, so every request for metrics fails`,
          fix: `add a ClusterRoleBinding of ${accountText(workload)} to ClusterRole system:auth-delegator`,
        };
      }
      if (!rbac.can(account, AUTHENTICATION_CONFIG)) {
        yield {
          object: refOf(workload),
          message: `${accountText(workload)} may not read ConfigMap kube-system/extension-apiserver-authentication, without which it does not start`,
          fix: `add a RoleBinding of ${accountText(workload)} in kube-system to Role extension-apiserver-authentication-reader`,
        };
      }
    }
  },
};

export const adapterAccess: Check = {
  id: 'adapter-access',
  title: 'The metrics adapter may list the pods that its metrics are of',
  severity: 'error',
  *run({ metrics, rbac }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'served' || request.resource?.resource !== 'pods' || request.describedObject)
        continue;
      const { workload, program } = source.book.adapter;
      const requests = program === 'plimsoll' ? POD_WATCH : [podListing(request.autoscaler.namespace)];
      const refused = workload && refusedText(rbac, accountOf(workload), requests);
      if (!workload || refused === undefined) continue;
      yield {
        object: refOf(workload),
        message: `${refused}, of which autoscalers want metrics`,
        fix: 'give it get, list and watch on pods by a ClusterRole and a ClusterRoleBinding',
      };
    }
  },
};

export const prometheusAccess: Check = {
  id: 'prometheus-access',
  title: 'Prometheus may discover the targets of its monitors',
  severity: 'error',
  *run({ scrapes, rbac }) {
    for (const { prometheus, server, jobs } of scrapes) {
      for (const job of jobs) {
        const refused = refusedText(rbac, accountOf(server), discoveryRequests(job));
        if (refused === undefined) continue;
        const binding = job.namespaces === 'all' ? 'a ClusterRole' : 'a Role in each namespace';
        yield {
          object: refOf(prometheus),
          message: `${refused}, where ${refText(job.source)} looks for targets`,
          fix: `give it get, list and watch on them by ${binding}, and bind it to ${accountText(server)}`,
        };
      }
    }
  },
};

export const watcherAccess: Check = {
  id: 'watcher-access',
  title: 'Programs that watch the cluster may list its nodes and pods',
  severity: 'error',
  *run(context) {
    for (const workload of watchersOf(context)) {
      const refused = refusedText(context.rbac, accountOf(workload), CLUSTER_STATE);
      if (refused === undefined) continue;
      yield {
        object: refOf(workload),
        message: `${refused}, of which it exports metrics`,
        fix: `give it get, list and watch on them by a ClusterRole, and bind it to ${accountText(workload)}`,
      };
    }
  },
};

/** Workloads with a program that exports metrics about nodes and pods. */
export function watchersOf({ podMakers, programs }: CheckContext): readonly Workload[] {
  return podMakers.filter((workload) =>
    servingContainers(workload.spec.template.spec).some(
      (container) => programs.of(workload, container)?.gauges !== undefined,
    ),
  );
}

/** `ServiceAccount a/b`, the account that the pods of a workload act as. */
export function accountText(workload: Workload): string {
  const { namespace, name } = accountOf(workload);
  return `ServiceAccount ${namespace}/${name}`;
}
