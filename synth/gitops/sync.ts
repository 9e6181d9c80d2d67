import { registryOf } from '../../core/kube/image';
import {
  INTERVAL,
  providerOfRegistry,
  stayingMetadata,
  type GitRepository,
  type Kustomization,
  type OciRepository,
  type SourceReference,
} from './flux-objects';
import { FLUX_NAMESPACE, type GitOpsOptions, type SyncSource } from './options';

/** What Kustomizations are read from: a source of the stack's own, or the one that `flux bootstrap` made. */
export function sourceOf(stack: string, { sync }: Pick<GitOpsOptions, 'sync'>): SourceReference {
  return sync === undefined
    ? { kind: 'GitRepository', name: FLUX_NAMESPACE }
    : { kind: sync.kind, name: stack };
}

/**
 * The source and the root, for a cluster whose Flux reads another repository or none. The root applies both, so that a
 * change of the branch takes effect; it must not remove itself when they go, and the stack with it.
 */
export function syncObjects(
  stack: string,
  path: string,
  sync: SyncSource,
): readonly [GitRepository | OciRepository, Kustomization] {
  return [
    sync.kind === 'GitRepository' ? gitRepository(stack, sync) : ociRepository(stack, sync),
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: stayingMetadata(stack, stack),
      spec: {
        interval: INTERVAL,
        path: `./${path}`,
        prune: true,
        sourceRef: sourceOf(stack, { sync }),
      },
    },
  ];
}

function gitRepository(stack: string, sync: SyncSource & { readonly kind: 'GitRepository' }): GitRepository {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: stayingMetadata(stack, stack),
    spec: { interval: INTERVAL, url: sync.url, ref: { branch: sync.branch }, ...secretOf(sync) },
  };
}

function ociRepository(stack: string, sync: SyncSource & { readonly kind: 'OCIRepository' }): OciRepository {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: stayingMetadata(stack, stack),
    spec: {
      interval: INTERVAL,
      url: sync.url,
      ref: { tag: sync.tag },
      // Whoever names credentials wants those, not the cloud's.
      provider:
        sync.secret === undefined
          ? providerOfRegistry(registryOf(sync.url.replace(/^oci:\/\//, '')))
          : 'generic',
      ...secretOf(sync),
    },
  };
}

function secretOf({ secret }: SyncSource): { readonly secretRef?: { readonly name: string } } {
  return secret === undefined ? {} : { secretRef: { name: secret } };
}
