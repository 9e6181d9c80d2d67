import { listedResources, type ServedMetrics, servedGroups } from './discovery-resources';
import { versionsOf } from './groups';
import { jsonString } from './json-text';
import { type MetricsGroup } from './routed';

/** `/apis`: `APIGroupList` as compact JSON. */
export function encodeGroupList(served: ServedMetrics): string {
  const groups = servedGroups(served).map((group) => `{${groupMembers(group)}}`);
  return `{"kind":"APIGroupList","apiVersion":"v1","groups":[${groups.join(',')}]}`;
}

/** `/apis/GROUP`: `APIGroup`. */
export function encodeGroup(group: MetricsGroup): string {
  return `{"kind":"APIGroup","apiVersion":"v1",${groupMembers(group)}}`;
}

/** `/apis/GROUP/VERSION`: `APIResourceList`. */
export function encodeResourceList(served: ServedMetrics, group: MetricsGroup, version: string): string {
  const resources = listedResources(served, group).map(
    ({ resource, subresource, namespaced, kind, verbs }) =>
      `{"name":${jsonString(subresource === undefined ? resource : `${resource}/${subresource}`)},` +
      `"singularName":"","namespaced":${namespaced},"kind":${jsonString(kind)},"verbs":${JSON.stringify(verbs)}}`,
  );
  return (
    '{"kind":"APIResourceList","apiVersion":"v1",' +
    `"groupVersion":${jsonString(`${group}/${version}`)},"resources":[${resources.join(',')}]}`
  );
}

function groupMembers(group: MetricsGroup): string {
  const versions = versionsOf(group).map(
    (version) => `{"groupVersion":${jsonString(`${group}/${version}`)},"version":${jsonString(version)}}`,
  );
  const [preferred = ''] = versions;
  return `"name":${jsonString(group)},"versions":[${versions.join(',')}],"preferredVersion":${preferred}`;
}
