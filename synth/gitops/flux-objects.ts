import type { HelmRelease } from '../../core/model';
import { FLUX_NAMESPACE } from './options';

/**
 * The fields of Flux' kinds that are written here, in the versions of Flux 2.9. What they mean is in the API reference
 * of each controller; the test of the schemas holds every object that is written against the CRDs of those controllers.
 */
interface FluxObject<ApiVersion extends string, Kind extends string, Spec> {
  readonly apiVersion: ApiVersion;
  readonly kind: Kind;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Spec;
}

/** Names an object of the same namespace. */
interface LocalReference {
  readonly name: string;
}

/** What a Kustomization is read from. */
export interface SourceReference extends LocalReference {
  readonly kind: 'GitRepository' | 'OCIRepository';
}

/** One object whose readiness counts. */
export interface HealthCheck {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** How the readiness of a kind is told, in CEL, where kstatus does not know it. */
export interface HealthCheckExpression {
  readonly apiVersion: string;
  readonly kind: string;
  readonly current: string;
}

export type GitRepository = FluxObject<
  'source.toolkit.fluxcd.io/v1',
  'GitRepository',
  {
    readonly interval: string;
    readonly url: string;
    readonly ref: { readonly branch: string };
    readonly secretRef?: LocalReference;
  }
>;

/** Registries whose credentials Flux gets from the cloud that it runs in. */
export type RegistryProvider = 'aws' | 'azure' | 'gcp' | 'generic';

export type OciRepository = FluxObject<
  'source.toolkit.fluxcd.io/v1',
  'OCIRepository',
  {
    readonly interval: string;
    readonly url: string;
    readonly ref: { readonly tag: string };
    readonly provider: RegistryProvider;
    readonly secretRef?: LocalReference;
  }
>;

export type HelmRepository = FluxObject<
  'source.toolkit.fluxcd.io/v1',
  'HelmRepository',
  { readonly type: 'default' | 'oci'; readonly interval: string; readonly url: string }
>;

/** Tries again without uninstalling or rolling back what is there. */
interface RetryOnFailure {
  readonly name: 'RetryOnFailure';
  readonly retryInterval: string;
}

export type FluxHelmRelease = FluxObject<
  'helm.toolkit.fluxcd.io/v2',
  'HelmRelease',
  {
    readonly interval: string;
    readonly timeout: string;
    readonly releaseName: string;
    readonly targetNamespace: string;
    readonly storageNamespace: string;
    readonly dependsOn?: readonly LocalReference[];
    readonly chart: {
      readonly spec: {
        readonly chart: string;
        readonly version: string;
        readonly sourceRef: LocalReference & { readonly kind: 'HelmRepository' };
      };
    };
    readonly install: {
      readonly crds: 'CreateReplace';
      readonly createNamespace?: true;
      readonly disableTakeOwnership: true;
      readonly strategy: RetryOnFailure;
    };
    readonly upgrade: { readonly crds: 'CreateReplace'; readonly strategy: RetryOnFailure };
    readonly values: HelmRelease['values'];
    readonly postRenderers?: readonly {
      readonly kustomize: {
        readonly patches: readonly { readonly target: { readonly kind: string }; readonly patch: string }[];
      };
    }[];
  }
>;

export type Kustomization = FluxObject<
  'kustomize.toolkit.fluxcd.io/v1',
  'Kustomization',
  {
    readonly interval: string;
    readonly retryInterval?: string;
    readonly timeout?: string;
    readonly path: string;
    readonly prune: true;
    readonly deletionPolicy?: 'WaitForTermination';
    readonly sourceRef: SourceReference;
    readonly suspend?: true;
    readonly dependsOn?: readonly LocalReference[];
    readonly healthChecks?: readonly HealthCheck[];
    readonly healthCheckExprs?: readonly HealthCheckExpression[];
  }
>;

export type ImageRepository = FluxObject<
  'image.toolkit.fluxcd.io/v1',
  'ImageRepository',
  { readonly image: string; readonly interval: string; readonly provider: RegistryProvider }
>;

export type ImagePolicy = FluxObject<
  'image.toolkit.fluxcd.io/v1',
  'ImagePolicy',
  {
    readonly imageRepositoryRef: LocalReference;
    readonly policy: { readonly semver: { readonly range: string } };
  }
>;

export type ImageUpdateAutomation = FluxObject<
  'image.toolkit.fluxcd.io/v1',
  'ImageUpdateAutomation',
  {
    readonly interval: string;
    readonly sourceRef: LocalReference & { readonly kind: 'GitRepository' };
    readonly git: {
      readonly commit: {
        readonly author: { readonly name: string; readonly email: string };
        readonly messageTemplate: string;
      };
    };
    readonly policySelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly update: { readonly path: string; readonly strategy: 'Setters' };
  }
>;

/** How often Flux looks, as the profile of the document had it. */
export const INTERVAL = '5m';
/** How long one installation may take, as `install.sh` waits. */
export const TIMEOUT = '10m';
/** How soon something that failed is tried again. */
export const RETRY_INTERVAL = '1m';

/** Labels of every object of a stack. */
export function labelsOf(stack: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/part-of': 'plimsoll', 'plimsoll.dev/stack': stack };
}

/** Metadata of an object in the namespace of Flux. */
export function metadataOf(stack: string, name: string): Kustomization['metadata'] {
  return { name, namespace: FLUX_NAMESPACE, labels: labelsOf(stack) };
}

/** The same for an object that stays in the cluster when nothing lists it any more. */
export function stayingMetadata(stack: string, name: string): Kustomization['metadata'] {
  return {
    ...metadataOf(stack, name),
    annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
  };
}

/** Who knows the credentials of a registry: a cloud, whose identity Flux' pods may have, or nobody. */
export function providerOfRegistry(host: string | undefined): RegistryProvider {
  if (host === undefined) return 'generic';
  if (/^\d+\.dkr[.-]ecr(-fips)?\.[\w-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/.test(host)) return 'aws';
  if (/\.azurecr\.(io|cn|us)$/.test(host)) return 'azure';
  if (/(^|\.)gcr\.io$|-docker\.pkg\.dev$/.test(host)) return 'gcp';
  return 'generic';
}
