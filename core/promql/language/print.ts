import {
  type AggregateExpr,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type MatrixSelector,
  type SubqueryExpr,
  type VectorMatching,
  type VectorSelector,
} from './ast';
import { METRIC_NAME } from '../labels';
import { formatF } from '../go-float';
import { type Matcher } from './matcher';
import { precedenceOf, UNARY_PRECEDENCE } from './precedence';
import { hasOpenOffset, printLength, printOffset } from './print-duration';
import { quoteString } from './quoting';
import { isBareMetricName } from './vocabulary';

const OPERAND_PRECEDENCE = 7;

/** An expression as text that parses to the same expression, spelled as Prometheus spells it. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return formatF(expr.value);
    case 'string':
      return quoteString(expr.value);
    case 'vectorSelector':
      return printModified(expr, printSelector(expr));
    case 'matrixSelector':
      return printMatrix(expr);
    case 'subquery':
      return printSubquery(expr);
    case 'unary':
      return `${expr.operator}${printUnaryOperand(expr.operand)}`;
    case 'binary':
      return printBinary(expr);
    case 'call':
      return printCall(expr);
    case 'aggregate':
      return printAggregate(expr);
  }
}

/** The second argument of info() may not name a metric outside its braces. */
function printCall({ function: name, args }: CallExpr): string {
  const texts = args.map((argument, index) => {
    const isLabels = name === 'info' && index === 1 && argument.kind === 'vectorSelector';
    return isLabels ? printModified(argument, printConditions(argument.matchers)) : printExpr(argument);
  });
  return `${name}(${texts.join(', ')})`;
}

function printAggregate({ operator, operand, parameter, grouping }: AggregateExpr): string {
  const { without, labels } = grouping;
  const isGrouped = without || labels.length > 0;
  const clause = isGrouped ? ` ${without ? 'without' : 'by'} ${printLabels(labels)} ` : '';
  const args = parameter ? [parameter, operand] : [operand];
  return `${operator}${clause}(${args.map(printExpr).join(', ')})`;
}

function printBinary({ operator, left, right, returnBool, matching }: BinaryExpr): string {
  const precedence = precedenceOf(operator);
  const rightToLeft = operator === '^';
  return [
    endsInOpenOffset(left)
      ? `(${printExpr(left)})`
      : printOperand(left, rightToLeft ? precedence + 1 : precedence),
    `${operator}${returnBool ? ' bool' : ''}${matching ? printMatching(matching) : ''}`,
    isSigned(right) ? printExpr(right) : printOperand(right, rightToLeft ? precedence : precedence + 1),
  ].join(' ');
}

/** Whether an operator behind the text would be taken for a part of an offset at its end. */
function endsInOpenOffset(expr: Expr): boolean {
  switch (expr.kind) {
    case 'binary':
      return endsInOpenOffset(expr.right);
    case 'unary':
      return endsInOpenOffset(expr.operand);
    case 'vectorSelector':
    case 'subquery':
      return hasOpenOffset(expr);
    case 'matrixSelector':
      return hasOpenOffset(expr.selector);
    default:
      return false;
  }
}

/** Sets parentheses around an operand that binds less tightly than its place demands. */
function printOperand(expr: Expr, minimum: number): string {
  const text = printExpr(expr);
  return outerPrecedence(expr) < minimum ? `(${text})` : text;
}

/** The sign of a number would become part of the number. */
function printUnaryOperand(expr: Expr): string {
  if (expr.kind === 'number') return `(${printExpr(expr)})`;
  return expr.kind === 'unary' ? printExpr(expr) : printOperand(expr, UNARY_PRECEDENCE + 1);
}

function outerPrecedence(expr: Expr): number {
  if (expr.kind === 'binary') return precedenceOf(expr.operator);
  return isSigned(expr) ? UNARY_PRECEDENCE : OPERAND_PRECEDENCE;
}

/** Whether the text begins with a sign. Behind an operator, what follows the sign is an operand by itself. */
function isSigned(expr: Expr): boolean {
  return expr.kind === 'unary' || (expr.kind === 'number' && /^[-+]/.test(formatF(expr.value)));
}

function printMatching({ cardinality, on, labels, include, fill }: VectorMatching): string {
  const grouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  let clause = '';
  if (on || labels.length > 0 || grouped) clause += ` ${on ? 'on' : 'ignoring'} ${printLabels(labels)}`;
  if (grouped) clause += ` group_${cardinality === 'many-to-one' ? 'left' : 'right'} ${printLabels(include)}`;
  return fill ? clause + printFill(fill) : clause;
}

function printFill({ left, right }: NonNullable<VectorMatching['fill']>): string {
  if (left !== undefined && Object.is(left, right)) return ` fill (${formatF(left)})`;
  const leftText = left === undefined ? '' : ` fill_left (${formatF(left)})`;
  return right === undefined ? leftText : `${leftText} fill_right (${formatF(right)})`;
}

function printLabels(labels: readonly string[]): string {
  return `(${labels.map(printLabel).join(', ')})`;
}

/** A label as it stands in a grouping, where `without` and the numbers that have names cannot be labels. */
function printLabel(label: string): string {
  const isBare = /^[a-zA-Z_]\w*$/.test(label) && !/^(?:without|inf|nan)$/i.test(label);
  return isBare ? label : quoteString(label);
}

function printMatrix({ selector, rangeMs, rangeExpr }: MatrixSelector): string {
  const range = printLength(rangeMs, rangeExpr);
  return `${printSelector(selector)}[${range}]${printExtended(selector)}${printAt(selector)}${printOffset(selector)}`;
}

function printSubquery(expr: SubqueryExpr): string {
  const { operand, rangeMs, rangeExpr, stepMs, stepExpr } = expr;
  const range = printLength(rangeMs, rangeExpr);
  const step = stepMs === 0 && !stepExpr ? '' : printLength(stepMs, stepExpr);
  return `${printOperand(operand, OPERAND_PRECEDENCE)}[${range}:${step}]${printAt(expr)}${printOffset(expr)}`;
}

function printModified(expr: VectorSelector, selector: string): string {
  return `${selector}${printAt(expr)}${printExtended(expr)}${printOffset(expr)}`;
}

function printSelector({ name, matchers }: VectorSelector): string {
  const [naming, ...others] = matchers.filter(({ label }) => label === METRIC_NAME);
  const isNamed = name !== undefined && naming?.operator === '=' && others.length === 0;
  if (!isNamed || !isBareMetricName(name)) return printConditions(matchers);
  const conditions = matchers.filter((matcher) => matcher !== naming);
  return conditions.length === 0 ? name : `${name}${printConditions(conditions)}`;
}

function printConditions(matchers: readonly Matcher[]): string {
  return `{${matchers.map(String).join(',')}}`;
}

function printAt({ at }: VectorSelector | SubqueryExpr): string {
  if (at === undefined) return '';
  return typeof at === 'string' ? ` @ ${at}()` : ` @ ${printTimestamp(at.atMs)}`;
}

/** Seconds with three digits behind the point. */
function printTimestamp(milliseconds: number): string {
  const digits = BigInt(Math.abs(milliseconds)).toString().padStart(4, '0');
  return `${milliseconds < 0 ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

function printExtended({ extended }: VectorSelector): string {
  return extended === undefined ? '' : ` ${extended}`;
}
