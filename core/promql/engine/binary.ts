import { UsageError } from '../../errors';
import { type BinaryExpr, typeOf, type VectorMatching } from '../language/ast';
import { filterRows, mapRows } from './map-rows';
import { type Matrix } from './matrix';
import { type Compiler, type ScalarNode, type VectorNode } from './nodes';
import { pairFunction } from './operators';
import { type Run } from './run';
import { setOperation } from './set-operation';
import { evaluateSteps } from './steps';
import { remarkOnTypes, vectorOperation } from './vector-operation';

/** An operator between two scalars. */
export function scalarBinaryNode(expr: BinaryExpr, left: ScalarNode, right: ScalarNode): ScalarNode {
  const pair = pairFunction(expr.operator);
  if (!pair || pair.kind === 'trim') {
    throw new UsageError(`operator "${expr.operator}" not allowed for Scalar operations`);
  }
  const compute =
    pair.kind === 'arithmetic' ? pair.compute : (a: number, b: number): number => (pair.holds(a, b) ? 1 : 0);
  return (run) => {
    const lefts = left(run);
    const rights = right(run);
    return lefts.map((value, step) => compute(value, rights[step] ?? Number.NaN));
  };
}

/** An operator of which at least one side is an instant vector. */
export function vectorBinaryNode(expr: BinaryExpr, compiler: Compiler): VectorNode {
  const { left, right, matching } = expr;
  if (matching) return betweenVectors(expr, matching, compiler);
  const vectorFirst = typeOf(left) !== 'scalar';
  const vector = compiler.vector(vectorFirst ? left : right);
  const scalar = compiler.scalar(vectorFirst ? right : left);
  const { delayedNameRemoval } = compiler.settings;
  return (run) => {
    // In the order of the text, for the sake of which error comes first.
    const scalarsBefore = vectorFirst ? undefined : scalar(run);
    const matrix = vector(run);
    const scalars = scalarsBefore ?? scalar(run);
    return withScalar(run, expr, matrix, scalars, vectorFirst, delayedNameRemoval);
  };
}

function betweenVectors(expr: BinaryExpr, matching: VectorMatching, compiler: Compiler): VectorNode {
  const left = compiler.vector(expr.left);
  const right = compiler.vector(expr.right);
  const { delayedNameRemoval } = compiler.settings;
  const pair = pairFunction(expr.operator);
  const combine = pair
    ? vectorOperation(expr, pair, matching, delayedNameRemoval)
    : setOperation(expr.operator, matching);
  return (run) =>
    evaluateSteps(run, [left(run), right(run)], delayedNameRemoval, ([lefts = [], rights = []]) =>
      combine(run, lefts, rights),
    );
}

/** Combines each element with the scalar (`VectorscalarBinop`). */
function withScalar(
  run: Run,
  expr: BinaryExpr,
  matrix: Matrix,
  scalars: readonly number[],
  vectorFirst: boolean,
  delayedNameRemoval: boolean,
): Matrix {
  const pair = pairFunction(expr.operator);
  const ordered =
    <T>(compute: (left: number, right: number) => T) =>
    (value: number, step: number): T => {
      const scalar = scalars[step] ?? Number.NaN;
      return vectorFirst ? compute(value, scalar) : compute(scalar, value);
    };
  switch (pair?.kind) {
    case 'arithmetic':
      return mapRows(run, matrix, ordered(pair.compute), delayedNameRemoval);
    case 'comparison':
      return expr.returnBool
        ? mapRows(
            run,
            matrix,
            ordered((left, right) => (pair.holds(left, right) ? 1 : 0)),
            delayedNameRemoval,
          )
        : filterRows(matrix, ordered(pair.holds));
    case 'trim':
      if (matrix.length > 0) remarkOnTypes(run, expr);
      return [];
    case undefined:
      throw new UsageError(`set operator "${expr.operator}" not allowed in binary scalar expression`);
  }
}
