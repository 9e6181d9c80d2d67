import { UsageError } from '../../errors';
import { type BinaryExpr, type CallExpr, type Expr, typeOf } from '../language/ast';
import { aggregateNode } from './aggregate';
import { scalarBinaryNode, vectorBinaryNode } from './binary';
import { scalarCallNode, vectorCallNode } from './call';
import { type QueryContext } from '../language/query-context';
import { type Matrix } from './matrix';
import { negate } from './negate';
import { type Compiler, type RangeNode, type ScalarNode, type VectorNode } from './nodes';
import { firstStep, type Run, type Settings } from './run';
import { matrixSelectorNode, vectorSelectorNode } from './selectors';
import { stepInvariantParts } from './step-invariance';
import { subqueryNode } from './subquery';

/**
 * The compiler of an expression for a query context.
 * @param expr the whole query
 */
export function compilerOf(expr: Expr, settings: Settings, context: QueryContext): Compiler {
  return new ExprCompiler(settings, context, stepInvariantParts(expr));
}

class ExprCompiler implements Compiler {
  constructor(
    readonly settings: Settings,
    readonly context: QueryContext,
    private readonly evaluatedOnce: ReadonlySet<Expr>,
    readonly inParameter = false,
  ) {}

  forParameter(): Compiler {
    return new ExprCompiler(this.settings, this.context, this.evaluatedOnce, true);
  }

  vector(expr: Expr): VectorNode {
    const node = this.plainVector(expr);
    return this.evaluatedOnce.has(expr) ? (run) => repeatRows(run, node(firstStep(run))) : node;
  }

  scalar(expr: Expr): ScalarNode {
    const node = this.plainScalar(expr);
    return this.evaluatedOnce.has(expr) ? (run) => repeated(run, node(firstStep(run))[0]) : node;
  }

  range(expr: Expr): RangeNode | undefined {
    if (this.evaluatedOnce.has(expr)) return undefined;
    if (expr.kind === 'matrixSelector') return matrixSelectorNode(expr, this);
    return expr.kind === 'subquery' ? subqueryNode(expr, this) : undefined;
  }

  private plainVector(expr: Expr): VectorNode {
    switch (expr.kind) {
      case 'vectorSelector':
        return vectorSelectorNode(expr, this);
      case 'aggregate':
        return aggregateNode(expr, this);
      case 'unary': {
        const operand = this.vector(expr.operand);
        return expr.operator === '+' ? operand : negate(operand, this.settings);
      }
      case 'binary':
        return vectorBinaryNode(expr, this);
      case 'call':
        return vectorCallNode(expr, this);
      case 'number':
      case 'string':
      case 'matrixSelector':
      case 'subquery':
        throw new UsageError(`expected type instant vector, got ${typeOf(expr)}`);
    }
  }

  private plainScalar(expr: Expr): ScalarNode {
    switch (expr.kind) {
      case 'number':
        return (run) => repeated(run, expr.value);
      case 'unary': {
        const operand = this.scalar(expr.operand);
        return expr.operator === '+' ? operand : (run) => operand(run).map((value) => -value);
      }
      case 'binary':
        return this.binaryScalar(expr);
      case 'call':
        return this.callScalar(expr);
      case 'string':
      case 'vectorSelector':
      case 'matrixSelector':
      case 'subquery':
      case 'aggregate':
        throw new UsageError(`expected type scalar, got ${typeOf(expr)}`);
    }
  }

  private binaryScalar(expr: BinaryExpr): ScalarNode {
    return scalarBinaryNode(expr, this.scalar(expr.left), this.scalar(expr.right));
  }

  private callScalar(expr: CallExpr): ScalarNode {
    return scalarCallNode(expr, this);
  }
}

function repeated(run: Run, value = Number.NaN): readonly number[] {
  return run.steps === 1 ? [value] : Array.from({ length: run.steps }, () => value);
}

function repeatRows(run: Run, matrix: Matrix): Matrix {
  if (run.steps === 1) return matrix;
  const steps = Array.from({ length: run.steps }, (_, step) => step);
  return matrix.map((row) => ({ ...row, steps, values: repeated(run, row.values[0]) }));
}
