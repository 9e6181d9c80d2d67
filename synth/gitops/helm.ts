import type { HelmRelease } from '../../core/model';
import { bringsOnlyDefinitions } from '../releases';
import {
  INTERVAL,
  metadataOf,
  RETRY_INTERVAL,
  TIMEOUT,
  type FluxHelmRelease,
  type HealthCheck,
  type HelmRepository,
} from './flux-objects';
import { FLUX_NAMESPACE } from './options';
import type { ChartsStep } from './steps';

/** How often the index of a repository is fetched. Versions are pinned, so that nothing new is found there. */
const INDEX_INTERVAL = '1h';

/** Helm leaves an object with this annotation where it is. The name stands for all that the target selects. */
const KEEP = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: all
  annotations:
    helm.sh/resource-policy: keep
`;

/** Definitions stay, as `uninstall.sh` leaves them: others may have objects of those kinds by now. */
const KEPT_DEFINITIONS = [
  { kustomize: { patches: [{ target: { kind: 'CustomResourceDefinition' }, patch: KEEP }] } },
] as const;

/** The repository and the release of each chart of a step, by the name of the release. */
export function chartObjects(
  stack: string,
  { releases, namespaces }: ChartsStep,
): ReadonlyMap<string, readonly [HelmRepository, FluxHelmRelease]> {
  return new Map(
    releases.map((release, index) => {
      const previous = releases[index - 1];
      return [
        release.name,
        [
          repositoryOf(stack, release),
          releaseOf(stack, release, {
            ...(namespaces.has(release.namespace) ? {} : { createNamespace: true }),
            ...(previous === undefined ? {} : { after: nameOf(stack, previous) }),
          }),
        ],
      ] as const;
    }),
  );
}

/** The checks of the releases themselves; they are ready when everything in the chart is. */
export function releaseChecks(stack: string, { releases }: ChartsStep): HealthCheck[] {
  return releases.map((release) => ({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    name: nameOf(stack, release),
    namespace: FLUX_NAMESPACE,
  }));
}

/** With the stack's name: the namespace of Flux may have releases of others. */
function nameOf(stack: string, { name }: HelmRelease): string {
  return `${stack}-${name}`;
}

function repositoryOf(stack: string, release: HelmRelease): HelmRepository {
  const url = release.repository.replace(/\/$/, '');
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: metadataOf(stack, nameOf(stack, release)),
    spec: { type: url.startsWith('oci://') ? 'oci' : 'default', interval: INDEX_INTERVAL, url },
  };
}

/**
 * The record of the release lies where Helm itself puts it, so that `helm list` shows it, and a release that was there
 * before, such as a CNI, is taken over instead of installed twice.
 *
 * What fails is tried again as it is. Uninstalling would take the definitions of custom resources with it, and so every
 * object of those kinds in the cluster. For the same reason nothing is taken from whoever owns it: that is an error.
 *
 * Drift is not corrected: programs write into objects of their charts, such as KEDA its certificate into its APIService.
 */
function releaseOf(
  stack: string,
  release: HelmRelease,
  { createNamespace, after }: { readonly createNamespace?: true; readonly after?: string },
): FluxHelmRelease {
  const name = nameOf(stack, release);
  const strategy = { name: 'RetryOnFailure', retryInterval: RETRY_INTERVAL } as const;
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: metadataOf(stack, name),
    spec: {
      interval: INTERVAL,
      timeout: TIMEOUT,
      releaseName: release.name,
      targetNamespace: release.namespace,
      storageNamespace: release.namespace,
      ...(after === undefined ? {} : { dependsOn: [{ name: after }] }),
      chart: {
        spec: {
          chart: release.chart,
          version: release.version,
          sourceRef: { kind: 'HelmRepository', name },
        },
      },
      install: {
        crds: 'CreateReplace',
        ...(createNamespace === undefined ? {} : { createNamespace }),
        disableTakeOwnership: true,
        strategy,
      },
      upgrade: { crds: 'CreateReplace', strategy },
      values: release.values,
      ...(bringsOnlyDefinitions(release) ? { postRenderers: KEPT_DEFINITIONS } : {}),
    },
  };
}
