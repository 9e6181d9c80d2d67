import { type BinaryOperator, type VectorMatching } from '../language/ast';
import { signatureOf } from './matching';
import { type Run } from './run';
import { type Vector } from './steps';

/** `and`, `or`, `unless`: sets of series by the labels that are matched. */
export function setOperation(
  operator: BinaryOperator,
  matching: VectorMatching,
): (run: Run, left: Vector, right: Vector) => Vector {
  const signature = signatureOf(matching);
  const signaturesOf = (vector: Vector): ReadonlySet<string> =>
    new Set(vector.map(({ labels }) => signature(labels)));
  switch (operator) {
    case 'and':
      return (_run, left, right) => {
        const present = signaturesOf(right);
        return left.filter(({ labels }) => present.has(signature(labels)));
      };
    case 'unless':
      return (_run, left, right) => {
        const present = signaturesOf(right);
        return left.filter(({ labels }) => !present.has(signature(labels)));
      };
    default:
      return (_run, left, right) => {
        const present = signaturesOf(left);
        return [...left, ...right.filter(({ labels }) => !present.has(signature(labels)))];
      };
  }
}
