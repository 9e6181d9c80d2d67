import { z } from 'zod';
import type { ApiResource } from '../../../core/kube/api-resources';
import type { ApiClient, TaggedAnswer } from '../../kube-api';

/** A kind as the cluster serves it, with what can be done with it. */
export interface ServedResource extends ApiResource {
  readonly verbs: readonly string[];
}

/** One version of a group. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  /** Undefined if the server of the group does not answer now. */
  readonly resources: readonly ServedResource[] | undefined;
}

/** Media types of a discovery document that names all resources (`k8s.io/client-go/discovery`), the newest first. */
export const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

const verbs = z.array(z.string()).nullish();

const aggregated = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default('') }).default({ name: '' }),
      versions: z
        .array(
          z.object({
            version: z.string(),
            freshness: z.string().optional(),
            resources: z
              .array(
                z.object({
                  resource: z.string(),
                  responseKind: z.object({ kind: z.string() }).nullish(),
                  scope: z.string(),
                  singularResource: z.string().default(''),
                  verbs,
                }),
              )
              .nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

const versionNames = z.object({ versions: z.array(z.string()) });
const groups = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});
const resourceList = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().default(''),
      namespaced: z.boolean(),
      kind: z.string(),
      verbs,
    }),
  ),
});

/** Whether an answer names all resources; else it names groups and versions only. */
export function isAggregated({ type }: TaggedAnswer): boolean {
  return type.includes('as=APIGroupDiscoveryList');
}

/** The versions of an aggregated document, in its order: groups by priority, the preferred version of each first. */
export function aggregatedVersions(body: unknown): ServedVersion[] {
  return aggregated.parse(body).items.flatMap(({ metadata: { name: group }, versions }) =>
    (versions ?? []).map(({ version, freshness, resources }) => ({
      group,
      version,
      resources:
        freshness === 'Stale'
          ? undefined
          : (resources ?? []).flatMap((found): ServedResource[] =>
              found.responseKind
                ? [
                    {
                      ...{ group, version, kind: found.responseKind.kind, plural: found.resource },
                      singular: singularOf(found.singularResource, found.responseKind.kind),
                      namespaced: found.scope === 'Namespaced',
                      verbs: found.verbs ?? [],
                    },
                  ]
                : [],
            ),
    })),
  );
}

/** A version of which no more is known than its name. */
export type NamedVersion = Omit<ServedVersion, 'resources'>;

/** The versions of the core group, as `/api` names them. */
export function coreVersions(body: unknown): NamedVersion[] {
  return versionNames.parse(body).versions.map((version) => ({ group: '', version }));
}

/** The versions that `/apis` names, the preferred one of each group first. */
export function groupVersions(body: unknown): NamedVersion[] {
  return groups.parse(body).groups.flatMap(({ name: group, versions, preferredVersion }) => {
    const all = versions.map(({ version }) => version);
    const preferred = preferredVersion?.version ?? all[0];
    return [...new Set(preferred === undefined ? all : [preferred, ...all])].map((version) => ({
      group,
      version,
    }));
  });
}

/** The resources of one version. @throws ApiError if its server does not answer */
export async function legacyResources(
  client: ApiClient,
  { group, version }: NamedVersion,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly ServedResource[]> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources } = resourceList.parse(await client.get(path, timeoutMs, signal));
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName, namespaced, kind, verbs: allowed }) => ({
      ...{ group, version, kind, plural: name, namespaced },
      singular: singularOf(singularName, kind),
      verbs: allowed ?? [],
    }));
}

/** As `restmapper.NewDiscoveryRESTMapper` has it for servers that name none. */
function singularOf(singular: string, kind: string): string {
  return singular === '' ? kind.toLowerCase() : singular;
}
