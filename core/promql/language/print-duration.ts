import { type DurationExpr } from './ast';
import { formatMilliseconds, formatSeconds } from './duration-literal';
import { isArithmetic, precedenceOf, UNARY_PRECEDENCE } from './precedence';

const OPERAND_PRECEDENCE = 7;

interface Offset {
  readonly offsetMs: number;
  readonly offsetExpr?: DurationExpr | undefined;
}

/** What stands in brackets. */
export function printLength(milliseconds: number, expr: DurationExpr | undefined): string {
  return expr ? printDuration(expr) : formatMilliseconds(milliseconds);
}

/** ` offset …`, or nothing. */
export function printOffset({ offsetMs, offsetExpr }: Offset): string {
  if (!offsetExpr) return offsetMs === 0 ? '' : ` offset ${formatMilliseconds(offsetMs)}`;
  const text = printDuration(offsetExpr);
  return ` offset ${isOpen(offsetExpr) ? `(${text})` : text}`;
}

/** Whether an operator behind the offset would be taken for a part of it. */
export function hasOpenOffset({ offsetExpr }: Offset): boolean {
  return offsetExpr !== undefined && isOpen(offsetExpr);
}

/** Whether an offset needs parentheses: functions do not, with or without a sign, nor does a sign before parentheses. */
function isOpen(expr: DurationExpr): boolean {
  if (expr.kind !== 'operation' || !isArithmetic(expr.operator)) return false;
  return expr.left !== undefined || expr.right.kind === 'seconds' || isPowerOrSign(expr.right);
}

function isPowerOrSign(expr: DurationExpr): boolean {
  if (expr.kind !== 'operation') return false;
  return expr.operator === '^' || (expr.left === undefined && isArithmetic(expr.operator));
}

function printDuration(expr: DurationExpr): string {
  switch (expr.kind) {
    case 'seconds':
      return formatSeconds(expr.seconds);
    case 'step':
    case 'range':
      return `${expr.kind}()`;
    case 'operation':
      return printOperation(expr);
  }
}

function printOperation({ operator, left, right }: Extract<DurationExpr, { kind: 'operation' }>): string {
  if (!isArithmetic(operator)) {
    return `${operator}(${left ? `${printDuration(left)}, ` : ''}${printDuration(right)})`;
  }
  if (!left) return `${operator}${printOperand(right, UNARY_PRECEDENCE + 1)}`;
  const precedence = precedenceOf(operator);
  const rightToLeft = operator === '^';
  const leftText = printOperand(left, rightToLeft ? precedence + 1 : precedence);
  const rightText = isSigned(right)
    ? printDuration(right)
    : printOperand(right, rightToLeft ? precedence : precedence + 1);
  return `${leftText} ${operator} ${rightText}`;
}

function printOperand(expr: DurationExpr, minimum: number): string {
  const text = printDuration(expr);
  return outerPrecedence(expr) < minimum ? `(${text})` : text;
}

function outerPrecedence(expr: DurationExpr): number {
  if (isSigned(expr)) return UNARY_PRECEDENCE;
  return expr.kind === 'operation' && isArithmetic(expr.operator)
    ? precedenceOf(expr.operator)
    : OPERAND_PRECEDENCE;
}

function isSigned(expr: DurationExpr): boolean {
  if (expr.kind === 'seconds') return formatSeconds(expr.seconds).startsWith('-');
  return expr.kind === 'operation' && expr.left === undefined && isArithmetic(expr.operator);
}
