import {
  type AtModifier,
  type DurationExpr,
  type Expr,
  type Position,
  type VectorMatching,
  type VectorSelector,
} from '../../../core/promql/language/ast';
import { type Matcher } from '../../../core/promql';

/** Expressions and selectors in the form in which the program answers (parse.go). */

/** An expression without its parentheses. */
export function treeOf(expr: Expr): unknown {
  return { ...shapeOf(expr), position: positionOf(expr.position) };
}

function shapeOf(expr: Expr): object {
  switch (expr.kind) {
    case 'number':
      return { kind: expr.kind, value: bitsOf(expr.value) };
    case 'string':
      return { kind: expr.kind, value: bytesOf(expr.value) };
    case 'vectorSelector':
      return selectorShape(expr);
    case 'matrixSelector':
      return {
        kind: expr.kind,
        selector: treeOf(expr.selector),
        range: lengthOf(expr.rangeMs, expr.rangeExpr),
      };
    case 'subquery':
      return {
        kind: expr.kind,
        operand: treeOf(expr.operand),
        range: lengthOf(expr.rangeMs, expr.rangeExpr),
        step: lengthOf(expr.stepMs, expr.stepExpr),
        offset: lengthOf(expr.offsetMs, expr.offsetExpr),
        at: atOf(expr.at),
      };
    case 'unary':
      return { kind: expr.kind, operator: expr.operator, operand: treeOf(expr.operand) };
    case 'binary': {
      const { kind, operator, returnBool } = expr;
      const sides = { left: treeOf(expr.left), right: treeOf(expr.right) };
      return { kind, operator, ...sides, returnBool, matching: matchingOf(expr.matching) };
    }
    case 'aggregate': {
      const { kind, operator, parameter, grouping } = expr;
      const labels = grouping.labels.map(bytesOf);
      const shape = { kind, operator, operand: treeOf(expr.operand), without: grouping.without, labels };
      return parameter ? { ...shape, parameter: treeOf(parameter) } : shape;
    }
    case 'call':
      return { kind: expr.kind, function: expr.function, args: expr.args.map(treeOf) };
  }
}

function selectorShape(expr: VectorSelector): object {
  return {
    kind: expr.kind,
    matchers: matcherList(expr.matchers),
    extended: expr.extended ?? '',
    offset: lengthOf(expr.offsetMs, expr.offsetExpr),
    at: atOf(expr.at),
  };
}

/** Conditions in an order of their own. */
export function matcherList(matchers: readonly Matcher[]): string[] {
  const texts = matchers.map(
    ({ label, operator, value }) => `${bytesOf(label)} ${operator} ${bytesOf(value)}`,
  );
  return texts.sort();
}

function matchingOf(matching: VectorMatching | undefined): unknown {
  if (!matching) return null;
  const { cardinality, on, labels, include, fill } = matching;
  return {
    cardinality,
    on,
    labels: labels.map(bytesOf),
    include: include.map(bytesOf),
    fillLeft: fill?.left === undefined ? null : bitsOf(fill.left),
    fillRight: fill?.right === undefined ? null : bitsOf(fill.right),
  };
}

function lengthOf(milliseconds: number, expr: DurationExpr | undefined): unknown {
  return expr ? durationOf(expr) : bitsOf(milliseconds);
}

function durationOf(expr: DurationExpr): unknown {
  switch (expr.kind) {
    case 'seconds':
      return { kind: expr.kind, seconds: bitsOf(expr.seconds) };
    case 'step':
    case 'range':
      return { kind: expr.kind, position: positionOf(expr.position) };
    case 'operation': {
      const shape = {
        kind: expr.operator,
        position: positionOf(expr.position),
        right: durationOf(expr.right),
      };
      return expr.left ? { ...shape, left: durationOf(expr.left) } : shape;
    }
  }
}

function atOf(at: AtModifier | undefined): unknown {
  if (at === undefined) return null;
  return typeof at === 'string' ? at : bitsOf(at.atMs);
}

function positionOf(position: Position | undefined): unknown {
  return position && [position.start, position.end];
}

/** The bits of a float64 in hexadecimal. */
function bitsOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

/** The bytes of a string in hexadecimal; half a surrogate pair is a byte that is no UTF-8. */
function bytesOf(text: string): string {
  const bytes = Array.from(text, (character) =>
    /[\ud800-\udfff]/u.test(character)
      ? Buffer.from([character.charCodeAt(0) & 0xff])
      : Buffer.from(character),
  );
  return Buffer.concat(bytes).toString('hex');
}
