import {
  type ListedResource,
  listedResources,
  type ServedMetrics,
  servedGroups,
} from './discovery-resources';
import { versionsOf } from './groups';
import { jsonString } from './json-text';
import { type MetricsGroup } from './routed';

/**
 * `/apis` for a client that takes `APIGroupDiscoveryList`: all of discovery in one document, as compact JSON.
 *
 * Upstream's has the groups and nothing in them, because its library installs them beside the manager of this
 * document, so that kubectl finds no metric through an aggregator. Metrics are subresources of the resource they are
 * of (`ConvertGroupVersionIntoToDiscovery`); a resource whose metrics are partly namespaced and partly not is there
 * twice, where the API server's own conversion gives up.
 * @param version of `apidiscovery.k8s.io`
 */
export function encodeGroupDiscoveryList(served: ServedMetrics, version: 'v2' | 'v2beta1'): string {
  const groups = servedGroups(served).map((group) => encodeGroup(served, group));
  return (
    `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/${version}","metadata":{},` +
    `"items":[${groups.join(',')}]}`
  );
}

/** The type of the document in the answer. */
export function groupDiscoveryType(version: 'v2' | 'v2beta1'): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

function encodeGroup(served: ServedMetrics, group: MetricsGroup): string {
  const resources = listedResources(served, group);
  const versions = versionsOf(group).map(
    (version) =>
      `{"version":"${version}","resources":[${encodeResources(resources, group, version)}],"freshness":"Current"}`,
  );
  return `{"metadata":{"name":"${group}","creationTimestamp":null},"versions":[${versions.join(',')}]}`;
}

function encodeResources(resources: readonly ListedResource[], group: MetricsGroup, version: string): string {
  const parents = new Map<string, { readonly parent: ListedResource; readonly metrics: ListedResource[] }>();
  for (const found of resources) {
    const key = `${found.resource} ${found.namespaced}`;
    const before = parents.get(key);
    if (before) before.metrics.push(found);
    else parents.set(key, { parent: found, metrics: found.subresource === undefined ? [] : [found] });
  }
  return [...parents.values()]
    .map(({ parent, metrics }) => encodeResource(parent, metrics, group, version))
    .join(',');
}

/** A resource that is there for its metrics only has no kind and no verbs, which clients know to skip. */
function encodeResource(
  parent: ListedResource,
  metrics: readonly ListedResource[],
  group: MetricsGroup,
  version: string,
): string {
  const { resource, namespaced, kind, verbs, subresource } = parent;
  const own = subresource === undefined;
  const list = metrics.map(
    (metric) =>
      `{"subresource":${jsonString(metric.subresource ?? '')},` +
      `"responseKind":${encodeKind(group, version, metric.kind)},"verbs":${JSON.stringify(metric.verbs)}}`,
  );
  return (
    `{"resource":${jsonString(resource)},` +
    `"responseKind":${own ? encodeKind(group, version, kind) : encodeKind('', '', '')},` +
    `"scope":"${namespaced ? 'Namespaced' : 'Cluster'}","singularResource":"",` +
    `"verbs":${own ? JSON.stringify(verbs) : 'null'}` +
    `${list.length > 0 ? `,"subresources":[${list.join(',')}]` : ''}}`
  );
}

function encodeKind(group: string, version: string, kind: string): string {
  return `{"group":"${group}","version":"${version}","kind":${jsonString(kind)}}`;
}
