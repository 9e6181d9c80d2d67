import { Inventory } from '../../../core/kube/inventory';
import { Rbac, type AccessRequest } from '../../../core/kube/rbac';

type Rule = Readonly<Record<string, readonly string[]>>;
const GROUP = 'rbac.authorization.k8s.io/v1';
const SUBJECT = { namespace: 'a', name: 'reader' };
const GET_PODS: AccessRequest = { verb: 'get', group: '', resource: 'pods', namespace: 'a' };

function role(kind: string, name: string, rules: readonly Rule[], more: object = {}) {
  const namespace = kind === 'Role' ? { namespace: 'a' } : {};
  return { apiVersion: GROUP, kind, metadata: { name, ...namespace }, rules, ...more };
}

function binding(kind: string, roleRef: object, subject: object, namespace = 'a') {
  const place = kind === 'RoleBinding' ? { namespace } : {};
  return { apiVersion: GROUP, kind, metadata: { name: 'b', ...place }, roleRef, subjects: [subject] };
}

const ACCOUNT = { kind: 'ServiceAccount', ...SUBJECT };
const READ_PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };

function can(request: AccessRequest, ...objects: ConstructorParameters<typeof Inventory>[0]): boolean {
  return new Rbac(new Inventory(objects)).can(SUBJECT, request);
}

describe('RBAC', () => {
  it('allows nothing without a binding', () => {
    expect(can(GET_PODS, role('Role', 'r', [READ_PODS]))).toBe(false);
  });

  it('allows in its own namespace what a Role says', () => {
    const objects = [
      role('Role', 'r', [READ_PODS]),
      binding('RoleBinding', { kind: 'Role', name: 'r' }, ACCOUNT),
    ];
    expect(can(GET_PODS, ...objects)).toBe(true);
    expect(can({ ...GET_PODS, verb: 'delete' }, ...objects)).toBe(false);
    expect(can({ ...GET_PODS, resource: 'services' }, ...objects)).toBe(false);
    expect(can({ ...GET_PODS, group: 'metrics.k8s.io' }, ...objects)).toBe(false);
    expect(can({ ...GET_PODS, namespace: 'b' }, ...objects)).toBe(false);
    expect(can({ ...GET_PODS, namespace: undefined }, ...objects)).toBe(false);
  });

  it('confines a ClusterRole to the namespace of a RoleBinding, and not by a ClusterRoleBinding', () => {
    const clusterRole = role('ClusterRole', 'r', [READ_PODS]);
    const everywhere = { ...GET_PODS, namespace: undefined };
    const local = binding('RoleBinding', { kind: 'ClusterRole', name: 'r' }, ACCOUNT);
    const wide = binding('ClusterRoleBinding', { kind: 'ClusterRole', name: 'r' }, ACCOUNT);
    expect([can(GET_PODS, clusterRole, local), can(everywhere, clusterRole, local)]).toEqual([true, false]);
    expect([can(GET_PODS, clusterRole, wide), can(everywhere, clusterRole, wide)]).toEqual([true, true]);
  });

  it.each([
    ['another account', { kind: 'ServiceAccount', namespace: 'a', name: 'other' }, false],
    ['the account of another namespace', { kind: 'ServiceAccount', namespace: 'b', name: 'reader' }, false],
    ['an account without namespace, in a RoleBinding', { kind: 'ServiceAccount', name: 'reader' }, true],
    ['its user name', { kind: 'User', name: 'system:serviceaccount:a:reader' }, true],
    ['another user', { kind: 'User', name: 'reader' }, false],
    ['all accounts of its namespace', { kind: 'Group', name: 'system:serviceaccounts:a' }, true],
    ['all accounts of another', { kind: 'Group', name: 'system:serviceaccounts:b' }, false],
    ['everybody', { kind: 'Group', name: 'system:authenticated' }, true],
  ])('binds %s: %s', (_who, subject, expected) => {
    const objects = [
      role('Role', 'r', [READ_PODS]),
      binding('RoleBinding', { kind: 'Role', name: 'r' }, subject),
    ];
    expect(can(GET_PODS, ...objects)).toBe(expected);
  });

  it.each([
    [
      { resources: ['*'], apiGroups: ['*'], verbs: ['*'] },
      { resource: 'deployments/scale', group: 'apps' },
      true,
    ],
    [
      { resources: ['deployments'], apiGroups: ['apps'], verbs: ['get'] },
      { resource: 'deployments/scale', group: 'apps' },
      false,
    ],
    [
      { resources: ['*/scale'], apiGroups: ['apps'], verbs: ['get'] },
      { resource: 'deployments/scale', group: 'apps' },
      true,
    ],
    [{ resources: ['pods'], apiGroups: [''], verbs: ['get'], resourceNames: ['one'] }, { name: 'one' }, true],
    [
      { resources: ['pods'], apiGroups: [''], verbs: ['get'], resourceNames: ['one'] },
      { name: 'two' },
      false,
    ],
    [{ resources: ['pods'], apiGroups: [''], verbs: ['get'], resourceNames: ['one'] }, {}, false],
    [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }, {}, false],
  ])('the rule %j covers %j: %s', (rule, request, expected) => {
    const objects = [role('Role', 'r', [rule]), binding('RoleBinding', { kind: 'Role', name: 'r' }, ACCOUNT)];
    expect(can({ ...GET_PODS, ...request }, ...objects)).toBe(expected);
  });

  it('gives an aggregated ClusterRole the rules of those that it selects, and not its own', () => {
    const own = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    const aggregated = role('ClusterRole', 'sum', [own], {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] },
    });
    const part = {
      ...role('ClusterRole', 'part', [READ_PODS]),
      metadata: { name: 'part', labels: { part: 'yes' } },
    };
    const objects = [aggregated, part, binding('RoleBinding', { kind: 'ClusterRole', name: 'sum' }, ACCOUNT)];
    expect(can(GET_PODS, ...objects)).toBe(true);
    expect(can({ ...GET_PODS, resource: 'secrets' }, ...objects)).toBe(false);
  });

  it.each([
    ['ClusterRole', 'cluster-admin', { verb: 'delete', group: 'apps', resource: 'deployments' }, true],
    ['ClusterRole', 'view', { verb: 'list', group: '', resource: 'endpoints', namespace: 'a' }, true],
    ['ClusterRole', 'view', { verb: 'list', group: '', resource: 'secrets', namespace: 'a' }, false],
    [
      'ClusterRole',
      'system:auth-delegator',
      { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' },
      true,
    ],
    ['ClusterRole', 'unknown', GET_PODS, false],
  ])('knows the roles of the API server: %s %s', (kind, name, request, expected) => {
    expect(can(request, binding('ClusterRoleBinding', { kind, name }, ACCOUNT))).toBe(expected);
  });

  it('knows the Role that extension API servers read their configuration by', () => {
    const reader = { kind: 'Role', name: 'extension-apiserver-authentication-reader' };
    const request = {
      verb: 'get',
      group: '',
      resource: 'configmaps',
      namespace: 'kube-system',
      name: 'extension-apiserver-authentication',
    };
    expect(can(request, binding('RoleBinding', reader, ACCOUNT, 'kube-system'))).toBe(true);
    expect(can(request, binding('RoleBinding', reader, ACCOUNT, 'a'))).toBe(false);
    expect(can({ ...request, name: 'other' }, binding('RoleBinding', reader, ACCOUNT, 'kube-system'))).toBe(
      false,
    );
  });
});
