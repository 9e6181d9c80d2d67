import { Inventory } from '../../core/kube/inventory';
import type { Stack, StackObjects } from '../../core/model';
import { findStack, parseOptions } from '../../stacks';
import { synthesize } from '../../synth';

/** A stack with options as the command line has them: `target=5`. */
export function chosenStack(name: string, ...assignments: readonly string[]): Stack {
  const definition = findStack(name);
  return definition.define(parseOptions(definition, assignments));
}

/** What is applied, without what charts and the cluster bring. */
export function inventoryOf({ stages }: StackObjects): Inventory {
  return new Inventory(stages.flatMap((stage) => stage.objects.map(({ object }) => object)));
}

/** What a stack applies. */
export function appliedBy(name: string, ...assignments: readonly string[]): Inventory {
  return inventoryOf(synthesize(chosenStack(name, ...assignments)));
}
