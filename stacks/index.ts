import { didYouMean } from '../core/did-you-mean';
import { UsageError } from '../core/errors';
import type { StackDefinition } from '../core/model';
import { aks } from './aks';
import { bareMetal } from './bare-metal';
import { eksFargate } from './eks-fargate';
import { kind } from './kind';
import { minikube } from './minikube';

export { parseOptions } from './options';

/** Every stack that can be chosen. Adding one means adding a file and its line here. */
export const stacks: readonly StackDefinition[] = [kind, bareMetal, aks, minikube, eksFargate];

/**
 * The stack of a name.
 * @throws UsageError listing the stacks there are
 */
export function findStack(name: string): StackDefinition {
  const found = stacks.find((stack) => stack.name === name);
  if (found) return found;
  const names = stacks.map((stack) => stack.name);
  throw new UsageError(`unknown stack "${name}": there is ${names.join(', ')}${didYouMean(name, names)}`);
}
