import { ApiResources } from '../../../core/kube/api-resources';
import { groupResourceText, isRootScoped, RestMapper } from '../../../core/rules';
import { usual } from './mapper';

describe('groupResourceText', () => {
  it('leaves out the core group', () => {
    expect(groupResourceText({ group: '', resource: 'pods' })).toBe('pods');
    expect(groupResourceText({ group: 'apps', resource: 'deployments' })).toBe('deployments.apps');
  });
});

describe('isRootScoped', () => {
  it.each(['namespaces', 'nodes', 'persistentvolumes'])('holds for %s', (resource) => {
    expect(isRootScoped({ group: '', resource })).toBe(true);
  });

  it('does not hold for other cluster-scoped resources', () => {
    expect(isRootScoped({ group: 'storage.k8s.io', resource: 'storageclasses' })).toBe(false);
  });
});

describe('RestMapper', () => {
  it.each([
    ['pods', '', 'Pod'],
    ['pod', '', 'Pod'],
    ['Pod', '', 'Pod'],
    ['deployment', 'apps', 'Deployment'],
    ['deployment', '', 'Deployment'],
    ['ingress', 'networking', 'Ingress'],
  ])('finds "%s" of group "%s"', (resource, group, kind) => {
    expect(usual.resolve({ group, resource })?.kind).toBe(kind);
  });

  it.each([
    ['pods', 'apps'],
    ['widgets', ''],
    ['ingress', 'networking_k8s_io'],
  ])('does not find "%s" of group "%s"', (resource, group) => {
    expect(usual.resolve({ group, resource })).toBeUndefined();
  });

  it('prefers the core group where no group is given', () => {
    const custom = {
      group: 'example.com',
      version: 'v1',
      kind: 'Pod',
      plural: 'pods',
      singular: 'pod',
      namespaced: true,
    };
    const mapper = new RestMapper(ApiResources.builtin().with([custom]));
    expect(mapper.resolve({ group: '', resource: 'pod' })?.group).toBe('');
    expect(mapper.resolve({ group: 'example.com', resource: 'pod' })?.group).toBe('example.com');
  });
});
