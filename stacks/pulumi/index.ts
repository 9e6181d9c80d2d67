import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import { putIntoCluster } from '../../constructs/clusters/contents';
import { fluxSettings } from '../../constructs/clusters/flux/settings';
import { OutputPlaceholders } from '../../constructs/clusters/output-placeholders';
import type { RunningCluster } from '../../constructs/clusters/running-cluster';
import { didYouMean } from '../../core/did-you-mean';
import { UsageError } from '../../core/errors';
import { parseObject } from '../../core/kube/object';
import type { HelmRelease, StackObjects } from '../../core/model';
import { definitionsOf, pinned, readImageLock, synthesize, withImages } from '../../synth';
import { clusterOf } from './cluster';
import { readConfig, type ConfigValues, type ProgramConfig } from './config';
import { imagesToBuild, type ReferencedImage } from './images';
import { nextSteps } from './next-steps';
import { commonSettings } from './settings';
import { mendStackTraces } from './stack-traces';

const secretKeys = z.array(z.string());

interface DeliveredReference {
  readonly image: ReferencedImage;
  readonly reference: pulumi.Output<string>;
}

type Outputs = Readonly<Record<string, pulumi.Input<unknown>>>;

/** The values of this project's namespace, as Pulumi hands them to a program. */
function configValues(): ConfigValues {
  const prefix = `${pulumi.getProject()}:`;
  // The SDK tells values, and which of them are secret not at all.
  const secrets = secretKeys.parse(JSON.parse(process.env['PULUMI_CONFIG_SECRET_KEYS'] ?? '[]'));
  return new Map(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), { text, secret: secrets.includes(key) }]),
  );
}

/** Brings about what the configuration describes; each stack of Pulumi is one. */
async function main(): Promise<Outputs> {
  const config = readConfig(pulumi.getStack(), configValues());
  const { stack, registry } = config;
  const settings = config.read(fluxSettings);
  const releases = releasesToInstall(config);
  if (settings.flux) refuseLoadedImages(config);
  const lock = readImageLock();
  const images = imagesToBuild(stack, registry, lock);
  const cluster = await clusterOf(config, images);
  const provider = new k8s.Provider('cluster', {
    kubeconfig: cluster.kubeconfig,
    ...(cluster.context === undefined ? {} : { context: cluster.context }),
    clusterIdentifier: cluster.identity,
    enableServerSideApply: true,
    // Replacing them would take them from pods that run; names are fixed, so that old and new cannot both be there.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
  const delivered = images.map((image) => ({ image, ...cluster.images.deliver(image) }));
  const placeholders = new OutputPlaceholders();
  const references = new Map(
    delivered.map(({ image, reference }) => [image.reference, placeholders.standFor(reference)]),
  );
  const objects = synthesize(stack);
  const goesWith = cluster.goesWith === undefined ? {} : { goesWith: cluster.goesWith };
  if (settings.flux) {
    // Flux applies what the repository has; two who apply the same would undo each other's work.
    const { installFlux } = await import('../../constructs/clusters/flux');
    const flux = installFlux(settings, {
      stack: stack.name,
      provider,
      dependsOn: [...cluster.ready, ...delivered.map(({ resource }) => resource)],
      ...(cluster.goesWith === undefined ? {} : { deletedWith: cluster.goesWith }),
    });
    return outputsOf(config, cluster, objects, { ...flux, ...treeOf(stack.name, delivered) });
  }
  putIntoCluster(
    {
      stages: withReferences(objects, references, lock),
      releases: releases.map((release) => ({ release, definitions: definitionsOf(release) })),
    },
    { provider, ready: cluster.ready, placeholders, ...goesWith },
  );
  return outputsOf(config, cluster, objects);
}

/** @throws UsageError for a release that the stack does not have */
function releasesToInstall({ stack: { name, releases }, read }: ProgramConfig): readonly HelmRelease[] {
  const { existingReleases } = read(commonSettings);
  const names = releases.map((release) => release.name);
  const strange = existingReleases.find((existing) => !names.includes(existing));
  if (strange !== undefined) {
    throw new UsageError(
      `plimsoll:existingReleases: stack ${name} has no release "${strange}"; there is ${names.join(', ')}${didYouMean(strange, names)}`,
    );
  }
  return releases.filter((release) => !existingReleases.includes(release.name));
}

/** @throws UsageError where images have no name that a repository could have */
function refuseLoadedImages({ stack: { cluster } }: ProgramConfig): void {
  if (cluster.provider !== 'kind' && cluster.provider !== 'minikube') return;
  throw new UsageError(
    `plimsoll:flux: images of a ${cluster.provider} cluster are loaded into its nodes, under tags that no repository can know; ` +
      'leave flux out, or use a cluster with a registry',
  );
}

/** How the tree that Flux follows is written for the images that were delivered. */
function treeOf(stack: string, delivered: readonly DeliveredReference[]): Outputs {
  const [first] = delivered;
  const images = Object.fromEntries(delivered.map(({ image, reference }) => [image.name, reference]));
  if (!first) return { images };
  const registry = first.reference.apply((text) => text.split(`/${first.image.repository}`)[0] ?? text);
  return {
    images,
    fluxTree: pulumi.interpolate`npx plimsoll synth ${stack} --gitops DIR --set registry=${registry}`,
  };
}

function withReferences(
  { stages }: StackObjects,
  references: ReadonlyMap<string, string>,
  lock: ReturnType<typeof readImageLock>,
): StackObjects['stages'] {
  return stages.map(({ stage, objects }) => ({
    stage,
    objects: objects.map(({ object, origin }) => ({
      object: parseObject(pinned(withImages(object, references), lock), stage),
      origin,
    })),
  }));
}

function outputsOf(
  { stack }: ProgramConfig,
  cluster: RunningCluster,
  objects: StackObjects,
  flux: Outputs = {},
): Outputs {
  return {
    kubeconfig: cluster.kubeconfig,
    connect: cluster.connect,
    next: nextSteps(stack, objects),
    ...cluster.outputs,
    ...flux,
  };
}

/** Says what is wrong; with a stack trace if it is a bug, and not the configuration. */
async function program(): Promise<Outputs> {
  mendStackTraces();
  try {
    return await main();
  } catch (error) {
    throw error instanceof UsageError ? new pulumi.RunError(error.message) : error;
  }
}

export = program;
