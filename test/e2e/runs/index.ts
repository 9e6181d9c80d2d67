import { didYouMean } from '../../../core/did-you-mean';
import { UsageError } from '../../../core/errors';
import { bareMetal } from './bare-metal';
import { eksFargate } from './eks-fargate';
import { eksFargateCpu } from './eks-fargate-cpu';
import { aks, aksWithPeer } from './aks';
import { kind, kindInRealTime, kindWithPeer } from './kind';
import { minikube, minikubeWithAdapter } from './minikube';
import type { RunDefinition } from './run';

/** In the order in which they run. */
export const runs: readonly RunDefinition[] = [
  kind,
  aks,
  minikube,
  minikubeWithAdapter,
  bareMetal(),
  eksFargate,
  eksFargateCpu(),
  kindWithPeer,
  aksWithPeer,
  kindInRealTime,
];

/** @throws UsageError listing the runs there are */
export function findRun(name: string): RunDefinition {
  const found = runs.find((run) => run.name === name);
  if (found) return found;
  const names = runs.map((run) => run.name);
  throw new UsageError(`unknown run "${name}": there is ${names.join(', ')}${didYouMean(name, names)}`);
}
