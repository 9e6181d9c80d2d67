import {
  apiEndpoint,
  plainSecrets,
  rbac,
  services,
  tags,
  type CheckedResource,
} from '../../constructs/clusters/policies/rules';
import type { KubeObject } from '../../core/kube/object';
import { parseOptions, stacks } from '../../stacks';
import { synthesize } from '../../synth';
import { made } from './support/aks';

/** What all rules say of a resource, by their defaults. */
function problems(resource: CheckedResource): readonly string[] {
  return [
    ...apiEndpoint.check(resource, apiEndpoint.defaults),
    ...services.check(resource, services.defaults),
    ...rbac.check(resource, rbac.defaults),
    ...plainSecrets.check(resource, plainSecrets.defaults),
    ...tags.check(resource, tags.defaults),
  ];
}

/** An object as Pulumi registers it. */
function asResource(object: KubeObject): CheckedResource {
  const { apiVersion, kind, metadata } = object;
  const token = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
  return { type: `kubernetes:${token}:${kind}`, name: metadata.name, props: { ...object } };
}

describe('the rules for clusters', () => {
  it.each(stacks.map((definition) => [definition.name, definition] as const))(
    'are kept by all objects of stack %s',
    (_name, definition) => {
      const objects = synthesize(definition.define(parseOptions(definition, []))).stages.flatMap(
        (stage) => stage.objects,
      );
      expect(objects.length).toBeGreaterThan(10);
      expect(objects.flatMap(({ object }) => problems(asResource(object)))).toEqual([]);
    },
  );

  it.each([
    ['open to one address', {}],
    ['private, with metrics', { privateCluster: true, azureMonitorMetrics: true }],
  ])('are kept by an AKS cluster that is %s', async (_what, settings) => {
    const { recording } = await made({ settings });
    expect(
      recording.registrations.flatMap(({ type, name, inputs }) => problems({ type, name, props: inputs })),
    ).toEqual([]);
  });
});
