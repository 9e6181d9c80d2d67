import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { PrivateKey } from '@pulumi/tls';
import { UsageError } from '../../../core/errors';
import { defaultKnownHosts, parseGitUrl } from './git-host';
import type { FluxSettings } from './settings';

export { fluxSettings, type FluxSettings } from './settings';

/** Namespace of Flux, and name of its source and of what it applies first, as `flux bootstrap` has them. */
const FLUX_SYSTEM = 'flux-system';
const CHART = 'oci://ghcr.io/fluxcd-community/charts/flux2';
const RELEASE_TIMEOUT_SECONDS = 600;

/** Where Flux is installed. */
export interface FluxPlace {
  /** Name of the stack, for the default of `gitPath`. */
  readonly stack: string;
  readonly provider: k8s.Provider;
  /** What has to be there before: nodes that its controllers run on. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** The resource whose deletion takes everything in the cluster with it. */
  readonly deletedWith?: pulumi.Resource;
}

/** What a person needs to know of it: outputs of the Pulumi stack. */
export interface FluxOutputs {
  /** Public key, in the format of OpenSSH. */
  readonly fluxDeployKey: pulumi.Output<string>;
  readonly fluxNextStep: string;
}

/**
 * Installs Flux, and lets it keep the cluster as a folder of a Git repository has it. It waits there for its deploy key
 * to be registered, so nothing here waits for the repository.
 *
 * @throws UsageError without an address of the repository, or without keys of its host
 */
export function installFlux(settings: FluxSettings, place: FluxPlace): FluxOutputs {
  const { gitUrl, knownHosts } = repositoryOf(settings);
  const flux = new Flux(place);
  const { release, namespace } = flux.install(settings);
  const key = new PrivateKey(`${FLUX_SYSTEM}-deploy-key`, { algorithm: 'ED25519' }, { parent: flux });
  const credentials = flux.credentials(key, knownHosts, namespace);
  flux.follow(settings, gitUrl, [release, credentials]);
  return { fluxDeployKey: key.publicKeyOpenssh, fluxNextStep: nextStep(gitUrl) };
}

/** The repository of the settings, which were checked when they were read. */
function repositoryOf({ gitUrl, gitKnownHosts }: FluxSettings): { gitUrl: string; knownHosts: string } {
  if (gitUrl === undefined) throw new UsageError('gitUrl is missing: name the repository that Flux follows');
  const host = parseGitUrl(gitUrl);
  if (typeof host === 'string') throw new UsageError(`gitUrl: ${host}`);
  const knownHosts = gitKnownHosts ?? defaultKnownHosts(host);
  if (knownHosts === undefined)
    throw new UsageError(`gitKnownHosts is missing: no key of ${host.name} is known`);
  return { gitUrl, knownHosts };
}

function nextStep(gitUrl: string): string {
  return `Register fluxDeployKey as a deploy key with write access for ${gitUrl}; on GitHub: Settings > Deploy keys > Add deploy key > Allow write access. Flux then finds the repository by itself.`;
}

/** Everything of Flux, in the tree of resources. */
class Flux extends pulumi.ComponentResource {
  readonly #place: FluxPlace;
  readonly #options: pulumi.CustomResourceOptions;

  constructor(place: FluxPlace) {
    super('plimsoll:clusters:Flux', FLUX_SYSTEM);
    const { provider, deletedWith } = place;
    this.#place = place;
    this.#options = { parent: this, provider, ...(deletedWith === undefined ? {} : { deletedWith }) };
    this.registerOutputs({});
  }

  /** Its controllers, all of those that the chart has on by default, and their kinds. */
  install({ fluxVersion }: FluxSettings): { namespace: k8s.core.v1.Namespace; release: k8s.helm.v3.Release } {
    const namespace = new k8s.core.v1.Namespace(
      FLUX_SYSTEM,
      {
        metadata: {
          name: FLUX_SYSTEM,
          // As its own installation has it.
          labels: {
            'app.kubernetes.io/instance': FLUX_SYSTEM,
            'pod-security.kubernetes.io/warn': 'restricted',
            'pod-security.kubernetes.io/warn-version': 'latest',
          },
        },
      },
      { ...this.#options, dependsOn: [...this.#place.dependsOn] },
    );
    const release = new k8s.helm.v3.Release(
      FLUX_SYSTEM,
      {
        name: 'flux',
        namespace: FLUX_SYSTEM,
        chart: CHART,
        version: fluxVersion,
        values: { imageAutomationController: { create: true }, imageReflectionController: { create: true } },
        timeout: RELEASE_TIMEOUT_SECONDS,
      },
      { ...this.#options, dependsOn: [namespace] },
    );
    return { namespace, release };
  }

  /** What Flux logs in to the host with, and recognizes it by. */
  credentials(key: PrivateKey, knownHosts: string, namespace: pulumi.Resource): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      FLUX_SYSTEM,
      {
        metadata: { name: FLUX_SYSTEM, namespace: FLUX_SYSTEM },
        stringData: {
          identity: pulumi.secret(key.privateKeyOpenssh),
          'identity.pub': key.publicKeyOpenssh,
          known_hosts: knownHosts,
        },
      },
      { ...this.#options, dependsOn: [namespace] },
    );
  }

  /** The repository, and the folder that is applied. Where that goes, what was applied from it goes before. */
  follow(
    { gitBranch, gitPath = `clusters/${this.#place.stack}`, gitInterval: interval }: FluxSettings,
    url: string,
    dependsOn: pulumi.Resource[],
  ): void {
    // Neither is ready before somebody has registered the deploy key.
    const metadata = {
      name: FLUX_SYSTEM,
      namespace: FLUX_SYSTEM,
      annotations: { 'pulumi.com/skipAwait': 'true' },
    };
    const source = new k8s.apiextensions.CustomResource(
      `${FLUX_SYSTEM}-source`,
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata,
        spec: { interval, url, ref: { branch: gitBranch }, secretRef: { name: FLUX_SYSTEM } },
      },
      { ...this.#options, dependsOn },
    );
    new k8s.apiextensions.CustomResource(
      `${FLUX_SYSTEM}-kustomization`,
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata,
        spec: {
          interval,
          path: `./${gitPath}`,
          prune: true,
          sourceRef: { kind: 'GitRepository', name: FLUX_SYSTEM },
        },
      },
      { ...this.#options, dependsOn: [source] },
    );
  }
}
