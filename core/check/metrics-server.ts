import {
  accountOf,
  AUTHENTICATION_CONFIG,
  DELEGATION,
  METRICS_SERVER_WATCHES,
  NODE_METRICS,
  refusedText,
} from '../chain';
import { refOf } from '../kube/object';
import { accountText } from './access';
import type { Check } from './check';

/** Arguments that it would not start with are a finding of the program. */
export const metricsServerMisconfigured: Check = {
  id: 'metrics-server-misconfigured',
  title: 'metrics-server listens on the port that its Service leads to',
  severity: 'error',
  *run({ metricsServer }) {
    for (const { step, object, message, fix } of metricsServer?.problems ?? []) {
      if (step === 'listen') yield { object, message, fix };
    }
  },
};

export const resourceMetricsNotVerified: Check = {
  id: 'resource-metrics-not-verified',
  title: 'What serves resource metrics is metrics-server',
  severity: 'info',
  *run({ metricsServer }) {
    for (const { step, object, message, fix } of metricsServer?.problems ?? []) {
      if (step === 'container') yield { object, message, fix };
    }
  },
};

export const metricsServerAccess: Check = {
  id: 'metrics-server-access',
  title: 'metrics-server may read nodes and pods, and have its callers authorized',
  severity: 'error',
  *run({ metricsServer, rbac }) {
    const { workload, container } = metricsServer ?? {};
    if (!workload || !container) return;
    const account = accountText(workload);
    const needs = [
      {
        requests: [...METRICS_SERVER_WATCHES, NODE_METRICS],
        without: 'without which it knows nothing of pods',
        fix: `give it get, list and watch on nodes and pods and get on nodes/metrics by a ClusterRole, and bind it to ${account}`,
      },
      {
        requests: DELEGATION,
        without: 'so every request to it fails',
        fix: `add a ClusterRoleBinding of ${account} to ClusterRole system:auth-delegator`,
      },
      {
        requests: [AUTHENTICATION_CONFIG],
        without: 'without which it does not start',
        fix: `add a RoleBinding of ${account} in kube-system to Role extension-apiserver-authentication-reader`,
      },
    ];
    for (const { requests, without, fix } of needs) {
      const refused = refusedText(rbac, accountOf(workload), requests);
      if (refused !== undefined) yield { object: refOf(workload), message: `${refused}, ${without}`, fix };
    }
  },
};
