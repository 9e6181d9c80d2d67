import type { Stack } from '../../core/model';
import {
  INTERVAL,
  metadataOf,
  RETRY_INTERVAL,
  TIMEOUT,
  type Kustomization,
  type SourceReference,
} from './flux-objects';
import { healthOf } from './health';
import { releaseChecks } from './helm';
import type { Step } from './steps';

/** What all Kustomizations of a stack have in common. */
export interface Surroundings {
  readonly stack: Stack;
  readonly source: SourceReference;
  /** Path of the stack's own folder below the root of the repository. */
  readonly folder: string;
  /** Stages that wait for a person. */
  readonly suspended: ReadonlySet<string>;
}

/**
 * The Kustomization of a step. One that is suspended holds up those after it too, because the controller asks whether
 * it is ready at the same commit; a stage's releases wait with it.
 */
export function kustomizationOf(
  step: Step,
  { stack, source, folder, suspended }: Surroundings,
): Kustomization {
  const checks = step.kind === 'charts' ? [...releaseChecks(stack.name, step), ...step.checks] : step.checks;
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: metadataOf(stack.name, step.name),
    spec: {
      interval: INTERVAL,
      retryInterval: RETRY_INTERVAL,
      timeout: TIMEOUT,
      path: `./${folder}/${step.folder}`,
      prune: true,
      // Whoever deletes them in the reverse order never takes a program from objects that it still has to let go.
      deletionPolicy: 'WaitForTermination',
      sourceRef: source,
      ...(suspended.has(step.stage) ? { suspend: true } : {}),
      ...(step.after.length > 0 ? { dependsOn: step.after.map((name) => ({ name })) } : {}),
      ...healthOf(checks),
    },
  };
}
