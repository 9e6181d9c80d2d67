import type { Registry } from '../../../core/adapter';
import type { ApiResource } from '../../../core/kube/api-resources';
import { groupResourceText } from '../../../core/rules';

/** The kinds whose objects are looked up from the start on: those that rules name, and pods, as every autoscaler does. */
export function describedResources(registry: Registry): readonly ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const { api, source } of registry.rules) {
    if (api !== 'custom') continue;
    const { template, overrides } = source.resources;
    const named = Object.values(overrides);
    for (const wanted of template === '' ? named : [...named, { group: '', resource: 'pods' }]) {
      const resource = registry.mapper.resolve(wanted);
      if (resource)
        found.set(groupResourceText({ group: resource.group, resource: resource.plural }), resource);
    }
  }
  return [...found.values()];
}
