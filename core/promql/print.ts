import { formatDuration } from '../kube/duration';
import {
  type BinaryExpr,
  type Expr,
  type MatrixSelector,
  type VectorMatching,
  type VectorSelector,
} from './ast';
import { METRIC_NAME } from './labels';
import { formatNumber } from './literals';
import { precedenceOf, UNARY_PRECEDENCE } from './precedence';
import { RESERVED_WORDS } from './vocabulary';

const OPERAND_PRECEDENCE = 7;

/** An expression as text that parses to the same expression. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return formatNumber(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'vectorSelector':
      return `${printSelector(expr)}${printOffset(expr)}`;
    case 'matrixSelector':
      return printMatrix(expr);
    case 'unary':
      return `${expr.operator}${printOperand(expr.operand, UNARY_PRECEDENCE + 1)}`;
    case 'binary':
      return printBinary(expr);
    case 'call':
      return `${expr.function}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregate': {
      const { without, labels } = expr.grouping;
      const clause = without
        ? ` without ${printLabels(labels)} `
        : labels.length > 0
          ? ` by ${printLabels(labels)} `
          : '';
      return `${expr.operator}${clause}(${printExpr(expr.operand)})`;
    }
  }
}

function printBinary({ operator, left, right, returnBool, matching }: BinaryExpr): string {
  const precedence = precedenceOf(operator);
  const rightToLeft = operator === '^';
  return [
    printOperand(left, rightToLeft ? precedence + 1 : precedence),
    `${operator}${returnBool ? ' bool' : ''}${matching ? printMatching(matching) : ''}`,
    printOperand(right, rightToLeft ? precedence : precedence + 1),
  ].join(' ');
}

/** Sets parentheses around an operand that binds less tightly than its place demands. */
function printOperand(expr: Expr, minimum: number): string {
  const text = printExpr(expr);
  return outerPrecedence(expr, text) < minimum ? `(${text})` : text;
}

function outerPrecedence(expr: Expr, text: string): number {
  if (expr.kind === 'binary') return precedenceOf(expr.operator);
  if (expr.kind === 'unary' || (expr.kind === 'number' && text.startsWith('-'))) return UNARY_PRECEDENCE;
  return OPERAND_PRECEDENCE;
}

function printMatching({ cardinality, on, labels, include }: VectorMatching): string {
  const grouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  const clause =
    on || labels.length > 0 || grouped ? ` ${on ? 'on' : 'ignoring'} ${printLabels(labels)}` : '';
  if (!grouped) return clause;
  return `${clause} group_${cardinality === 'many-to-one' ? 'left' : 'right'} ${printLabels(include)}`;
}

function printLabels(labels: readonly string[]): string {
  return `(${labels.map((label) => (/^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label))).join(', ')})`;
}

function printMatrix({ selector, rangeMs }: MatrixSelector): string {
  return `${printSelector(selector)}[${formatDuration(rangeMs)}]${printOffset(selector)}`;
}

function printSelector({ name, matchers }: VectorSelector): string {
  const conditions = matchers
    .filter((matcher) => name === undefined || matcher.label !== METRIC_NAME)
    .map(String);
  if (name !== undefined && /^[a-zA-Z_:][\w:]*$/.test(name) && !RESERVED_WORDS.includes(name.toLowerCase())) {
    return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
  }
  return `{${[...(name === undefined ? [] : [JSON.stringify(name)]), ...conditions].join(',')}}`;
}

function printOffset({ offsetMs }: VectorSelector): string {
  return offsetMs === 0 ? '' : ` offset ${formatDuration(offsetMs)}`;
}
