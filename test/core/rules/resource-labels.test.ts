import fc from 'fast-check';
import { ApiResources } from '../../../core/kube/api-resources';
import { groupResourceOf, groupResourceText, type ResourceMapping } from '../../../core/rules';
import { ResourceLabels } from '../../../core/rules/resource-labels';
import { inFirstRule, usual } from './mapper';

const pods = { group: '', resource: 'pods' };
const namespaces = { group: '', resource: 'namespaces' };
const ingresses = { group: 'networking.k8s.io', resource: 'ingresses' };

function compile(mapping: Partial<ResourceMapping>): ResourceLabels {
  return ResourceLabels.compile(
    { template: '', overrides: {}, namespaced: true, ...mapping },
    usual,
    inFirstRule,
  );
}

/** `pods`, or `/nodes` for what is served at the root. */
function found(labels: ResourceLabels, ...names: string[]): string[] {
  return labels
    .of(['__name__', ...names])
    .map(({ resource, namespaced }) => `${namespaced ? '' : '/'}${groupResourceText(resource)}`);
}

describe('overrides', () => {
  const labels = compile({
    overrides: {
      ns: { group: '', resource: 'namespace' },
      instance: { group: '', resource: 'pods' },
      route: { group: 'networking', resource: 'ingress' },
    },
  });

  it('map labels to resources by singular or plural name and by the beginning of a group', () => {
    expect(labels.resourceFor('ns')).toEqual(namespaces);
    expect(labels.resourceFor('instance')).toEqual(pods);
    expect(labels.resourceFor('route')).toEqual(ingresses);
    expect(labels.resourceFor('job')).toBeUndefined();
  });

  it('give the labels of resources', () => {
    expect(labels.labelFor(pods)).toBe('instance');
    expect(labels.labelFor(ingresses)).toBe('route');
  });

  it('leave other resources without a label', () => {
    expect(() => labels.labelFor({ group: '', resource: 'nodes' })).toThrow(
      'unable to convert resource nodes into label: no generic resource label form specified for this metric',
    );
  });

  it('use the later of two labels for one resource', () => {
    const pod = { group: '', resource: 'pod' };
    expect(compile({ overrides: { a: pod, b: pod } }).labelFor(pods)).toBe('b');
  });

  it('must name a resource that the cluster serves', () => {
    expect(() => compile({ overrides: { w: { group: 'example.com', resource: 'widget' } } })).toThrow(
      'rules[0].resources.overrides.w: unable to normalize group-resource widget.example.com',
    );
  });
});

describe('template', () => {
  it('makes labels of the singular name, and of the group with underscores', () => {
    expect(compile({ template: 'kube_<<.Resource>>' }).labelFor(pods)).toBe('kube_pod');
    const grouped = compile({ template: 'kube_<<.Group>>_<<.Resource>>' });
    expect(grouped.labelFor(ingresses)).toBe('kube_networking_k8s_io_ingress');
    expect(grouped.labelFor(pods)).toBe('kube__pod');
  });

  it('reads resources from labels', () => {
    const labels = compile({ template: 'kube_<<.Resource>>' });
    expect(labels.resourceFor('kube_pod')).toEqual(pods);
    expect(labels.resourceFor('kube_ingress')).toEqual(ingresses);
    expect(labels.resourceFor('kube_widget')).toBeUndefined();
    expect(labels.resourceFor('pod')).toBeUndefined();
  });

  it('with a group reads neither core resources nor dotted groups back', () => {
    const labels = compile({ template: 'kube_<<.Group>>_<<.Resource>>' });
    expect(labels.resourceFor('kube__pod')).toBeUndefined();
    expect(labels.resourceFor('kube_networking_k8s_io_ingress')).toBeUndefined();
    expect(labels.resourceFor('kube_networking_ingress')).toEqual(ingresses);
  });

  it('gives way to overrides', () => {
    const labels = compile({
      template: '<<.Resource>>',
      overrides: { instance: { group: '', resource: 'pod' } },
    });
    expect(labels.labelFor(pods)).toBe('instance');
    expect(labels.labelFor(namespaces)).toBe('namespace');
  });

  it.each([
    ['kube_<<.Group>>', 'must include at least `<<.Resource>>` in the label template'],
    ['<<.Kind>>', "can't evaluate field Kind"],
    ['<<.Resource>', "template: resource-label:1: bad character U+003E '>'"],
    ['(<<.Resource>>', 'missing closing )'],
    ['<</* nothing */>>', 'unable to convert label template to matcher: empty template'],
  ])('must not be %s', (template, message) => {
    expect(() => compile({ template })).toThrow(`rules[0].resources.template: `);
    expect(() => compile({ template })).toThrow(message);
  });

  it('reads the last of several resources in a label', () => {
    const labels = compile({ template: '<<.Resource>>_<<.Resource>>' });
    expect(labels.resourceFor('anything_pod')).toEqual(pods);
    expect(labels.labelFor(pods)).toBe('pod_pod');
  });

  it('may make no empty label', () => {
    const labels = compile({ template: '<<if ne .Resource "pod">><<.Resource>><<end>>' });
    expect(labels.labelFor(namespaces)).toBe('namespace');
    expect(() => labels.labelFor(pods)).toThrow('empty label produced by label template');
  });

  it('reads back each label that it makes of a resource of its own name', () => {
    const labels = compile({ template: 'x_<<.Resource>>_y' });
    fc.assert(
      fc.property(fc.constantFrom(...ApiResources.builtin()), (resource) => {
        const first = groupResourceOf(usual.resolve({ group: '', resource: resource.plural }) ?? resource);
        expect(labels.resourceFor(labels.labelFor(first))).toEqual(first);
      }),
    );
  });
});

describe('resources of a series', () => {
  const overridden = compile({
    overrides: {
      namespace: { group: '', resource: 'namespace' },
      pod: { group: '', resource: 'pod' },
      exported_pod: { group: '', resource: 'pod' },
      node: { group: '', resource: 'node' },
      class: { group: 'storage.k8s.io', resource: 'storageclass' },
    },
  });
  const templated = compile({ template: 'kube_<<.Resource>>' });

  it('are those of its labels, each once, namespaces at the root', () => {
    expect(found(overridden, 'namespace', 'pod', 'exported_pod', 'job')).toEqual(['/namespaces', 'pods']);
  });

  it('are none without a mapped label', () => {
    expect(found(overridden, 'job')).toEqual([]);
    expect(found(overridden)).toEqual([]);
  });

  it('include root-scoped ones whatever the other labels', () => {
    expect(found(overridden, 'node', 'job')).toEqual(['/nodes']);
  });

  it('are namespaced even where the cluster says otherwise', () => {
    expect(found(overridden, 'class')).toEqual(['storageclasses.storage.k8s.io']);
  });

  it('do not become namespaced by a label of the form of the template that names nothing', () => {
    expect(found(templated, 'kube_node', 'kube_zone')).toEqual(['/nodes']);
  });
});
