import { checkObjects } from '../../../core/check';
import { METRICS_SERVER } from '../../support/metrics-server';
import { chain, summary, type Edit } from './fixture';

const BACKEND = 'HorizontalPodAutoscaler shop/backend';
const SERVER = 'Deployment kube-system/metrics-server';
const ON_CPU: Edit = {
  object: BACKEND,
  replace:
    '- type: Pods\n      pods: { metric: { name: requests_per_second }, target: { type: AverageValue, averageValue: "10" } }',
  by: '- type: Resource\n      resource: { name: cpu, target: { type: Utilization, averageUtilization: 90 } }',
};

/** Findings about the chain with metrics-server, in which a text is replaced. */
function findings(text = '', replacement = '', more = '') {
  if (!METRICS_SERVER.includes(text)) throw new Error(`there is no "${text}"`);
  return checkObjects(chain([ON_CPU], METRICS_SERVER.trim().replace(text, replacement) + more));
}

describe('metrics-server', () => {
  it('with all that it needs is fine, and serves the metrics of the autoscaler', () => {
    expect(summary(findings())).toEqual([]);
    expect(summary(checkObjects(chain([ON_CPU])))).toEqual([
      `warning resource-metrics-api-missing ${BACKEND}`,
    ]);
  });

  it.each<readonly [what: string, text: string, replacement: string, found: string]>([
    [
      'a Service that leads to another port',
      'targetPort: https',
      'targetPort: 4443',
      'error metrics-server-misconfigured Service kube-system/metrics-server',
    ],
    [
      'a resolution that it does not start with',
      '--metric-resolution=15s',
      '--metric-resolution=9s',
      `error program-misconfigured ${SERVER}`,
    ],
    [
      'a resolution too short for the time that kubelets have',
      '--metric-resolution=15s',
      '--metric-resolution=11s',
      `error program-misconfigured ${SERVER}`,
    ],
    ['no access to kubelets', 'nodes/metrics', 'nodes/stats', `error metrics-server-access ${SERVER}`],
    ['no access to nodes', '[pods, nodes]', '[pods]', `error metrics-server-access ${SERVER}`],
    [
      'nobody to ask about its callers',
      'name: system:auth-delegator }',
      'name: none }',
      `error metrics-server-access ${SERVER}`,
    ],
    [
      'no way to know its callers',
      'name: extension-apiserver-authentication-reader',
      'name: none',
      `error metrics-server-access ${SERVER}`,
    ],
    [
      'another program',
      'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
      'plimsoll/backend:1.0.0',
      `info resource-metrics-not-verified ${SERVER}`,
    ],
  ])('is found with %s', (_, text, replacement, found) => {
    expect(summary(findings(text, replacement))).toContain(found);
  });

  it('says what RBAC refuses', () => {
    const [found] = findings('[pods, nodes]', '[pods]');
    expect(found?.message).toBe(
      'ServiceAccount kube-system/metrics-server may not list, watch nodes, without which it knows nothing of pods',
    );
  });

  it.each([
    [
      'Egress',
      ['api-server-blocked', 'hop-blocked'],
      'Deployment kube-system/metrics-server → the kubelets, TCP 10250',
    ],
    ['Ingress', ['hop-blocked'], 'the API server → Deployment kube-system/metrics-server, TCP 10250'],
  ])('needs its ways open: %s', (type, checks, way) => {
    const policy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: kube-system }
spec: { podSelector: { matchLabels: { app: metrics-server } }, policyTypes: [${type}] }`;
    const found = findings('', '', policy);
    expect(new Set(found.map(({ check }) => check))).toEqual(new Set(checks));
    expect(found.map(({ message }) => message).join('\n')).toContain(way);
  });
});
