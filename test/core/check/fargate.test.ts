import { checkObjects } from '../../../core/check';
import type { ClusterDescriptor } from '../../../core/model';
import { TEST_CLUSTER } from '../../support/cluster';
import { chain, summary, type Edit } from './fixture';

const BACKEND = 'Deployment shop/backend';
const FOUND = [`error fargate-unsupported ${BACKEND}`];

function clusterWith(namespace: string, labels = {}): ClusterDescriptor {
  const fargate = { profiles: [{ name: 'spot', namespace, labels }], podStart: '45s' };
  return { ...TEST_CLUSTER, provider: 'eks', fargate };
}

function edit(replace: string, by: string): Edit {
  return { object: BACKEND, replace, by };
}

function found(edits: readonly Edit[], cluster: ClusterDescriptor) {
  return checkObjects(chain(edits), cluster).filter(({ check }) => check.match(/fargate|unschedulable/));
}

const PRIVILEGED = edit(
  'allowPrivilegeEscalation: false',
  'privileged: true, allowPrivilegeEscalation: true',
);
const HUGE = edit('requests: { cpu: 100m, memory: 64Mi }', 'requests: { cpu: 20 }');
const LARGE = edit('requests: { cpu: 100m, memory: 64Mi }', 'requests: { cpu: 5 }');

describe('what Fargate does not run', () => {
  const shop = clusterWith('sh?p');

  it('is found among the pods that a profile selects', () => {
    expect(summary(found([PRIVILEGED], shop))).toContain(FOUND[0]);
    expect(found([PRIVILEGED], shop).find(({ object }) => object.name === 'backend')?.message).toBe(
      'Fargate profile spot selects its pods, and they stay pending: Pod not supported on Fargate: invalid SecurityContext fields: Privileged',
    );
  });

  it('is no finding elsewhere', () => {
    expect(summary(found([PRIVILEGED], clusterWith('other')))).toEqual([]);
    expect(summary(found([], shop))).toEqual([]);
  });

  it('is what is too large for it, not what is too large for the nodes', () => {
    expect(summary(found([LARGE], shop))).toEqual([]);
    expect(summary(found([HUGE], shop))).toEqual(FOUND);
    expect(summary(found([LARGE], clusterWith('other')))).toEqual([`error unschedulable ${BACKEND}`]);
  });
});

describe('network policies', () => {
  it('do not hold for pods on Fargate', () => {
    const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }`;
    const blocked = (cluster: ClusterDescriptor) =>
      checkObjects(chain([], closed), cluster).filter(
        ({ check, object }) => check === 'hop-blocked' && object.name === 'closed',
      ).length;
    expect(blocked({ ...TEST_CLUSTER, cni: 'other' })).toBeGreaterThan(0);
    expect(blocked({ ...clusterWith('shop'), cni: 'other' })).toBe(0);
  });
});
