import { didYouMean } from '../../core/did-you-mean';
import { UsageError } from '../../core/errors';
import { refOf, type KubeObject } from '../../core/kube/object';
import { shortList } from '../../core/short-list';
import type { Stack, StackObjects } from '../../core/model';

/** Most names that an error lists. */
const LISTED = 12;

/** `Namespace/demo`, `Deployment/demo/podinfo`: how `--ignore` names an object. */
function ignoreName(object: KubeObject): string {
  const { kind, namespace, name } = refOf(object);
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}

/**
 * Whether Flux leaves an object alone.
 * @throws UsageError for one that no stage has
 */
export function ignoredBy(
  names: readonly string[],
  stack: string,
  { stages }: StackObjects,
): (object: KubeObject) => boolean {
  const known = stages.flatMap(({ objects }) => objects.map(({ object }) => ignoreName(object)));
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageError(
      `--ignore ${name}: no object of stack ${stack}: write KIND/NAMESPACE/NAME, ` +
        `or KIND/NAME of a kind without namespaces${didYouMean(name, known)}`,
    );
  }
  const chosen = new Set(names);
  return (object) => chosen.has(ignoreName(object));
}

/**
 * The stack without the releases that somebody else installed.
 * @throws UsageError for one that it does not have
 */
export function withoutReleases(names: readonly string[], stack: Stack): Stack {
  const known = stack.releases.map((release) => release.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageError(
      `--existing-release ${name}: no Helm release of stack ${stack.name}: ` +
        `there is ${known.length > 0 ? shortList(known, LISTED) : 'none'}${didYouMean(name, known)}`,
    );
  }
  return { ...stack, releases: stack.releases.filter(({ name }) => !names.includes(name)) };
}

/**
 * The stages that are suspended.
 * @throws UsageError for one that the stack does not have
 */
export function suspendedStages(
  names: readonly string[],
  stack: string,
  { stages }: StackObjects,
): Set<string> {
  const known = stages.map(({ stage }) => stage);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageError(
      `--suspend ${name}: no stage of stack ${stack}: there is ${shortList(known, LISTED)}${didYouMean(name, known)}`,
    );
  }
  return new Set(names);
}
