import { mapRows } from './map-rows';
import { type VectorNode } from './nodes';
import { type Settings } from './run';

/** `-vector`. */
export function negate(operand: VectorNode, { delayedNameRemoval }: Settings): VectorNode {
  return (run) => mapRows(run, operand(run), (value) => -value, delayedNameRemoval);
}
