import { checkObjects } from '../../../core/check';
import type * as catalogue from '../../../core/workloads/catalogue';
import { bystander, type Program, type Setting } from '../../../core/workloads/program';
import { chain, summary } from './fixture';

const WATCHER: Program = { ...bystander('watcher'), gauges: () => [] };

jest.mock('../../../core/workloads/catalogue', () => {
  const real = jest.requireActual<typeof catalogue>('../../../core/workloads/catalogue');
  const isWatcher = (image: string | undefined) => image === 'example.org/watcher:1';
  return {
    ...real,
    isKnownProgram: (...args: Parameters<typeof real.isKnownProgram>) =>
      isWatcher(args[0].image) || real.isKnownProgram(...args),
    programFor: (setting: Setting, ...rest: [Parameters<typeof real.programFor>[1]]) =>
      isWatcher(setting.container.image) ? WATCHER : real.programFor(setting, ...rest),
  };
});

function watcher(resources: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: watcher, namespace: kube-system }
spec:
  selector: { matchLabels: { app: watcher } }
  template:
    metadata: { labels: { app: watcher } }
    spec: { serviceAccountName: watcher, containers: [{ name: main, image: 'example.org/watcher:1' }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: watcher, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: watcher }
rules: [{ apiGroups: [''], resources: [${resources}], verbs: [get, list, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: watcher }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: watcher }
subjects: [{ kind: ServiceAccount, name: watcher, namespace: kube-system }]`;
}

const CLOSED = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: kube-system }
spec: { podSelector: { matchLabels: { app: watcher } }, policyTypes: [Egress] }`;

describe('a program that watches the cluster', () => {
  it('needs the right to list nodes and pods', () => {
    expect(summary(checkObjects(chain([], watcher('nodes, pods'))))).toEqual([]);
    const findings = checkObjects(chain([], watcher('pods')));
    expect(summary(findings)).toEqual(['error watcher-access Deployment kube-system/watcher']);
    expect(findings[0]?.message).toBe(
      'ServiceAccount kube-system/watcher may not list nodes, of which it exports metrics',
    );
  });

  it('needs the way to the API server', () => {
    expect(summary(checkObjects(chain([], watcher('nodes, pods') + CLOSED)))).toEqual([
      'error api-server-blocked NetworkPolicy kube-system/closed',
    ]);
  });
});
