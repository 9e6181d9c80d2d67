import { type Expr, printExpr } from '../../promql';
import { FUNCTION_EFFECTS } from './functions';

/** The labels that tell objects apart. */
export interface SeparationKeys {
  readonly object: string;
  /** Absent for requests outside namespaces. */
  readonly namespace?: string | undefined;
}

/** An expression that keeps objects apart. */
export interface SeparableExpr {
  /** What it reads for the objects of several requests: all elements of its result have both labels. */
  readonly expr: Expr;
  /** Whether the elements of the request's own expression have the namespace label; then all of them do. */
  readonly hasNamespace: boolean;
  /** Labels that elements of the request's own expression can have; absent if they can have any. */
  readonly labels?: ReadonlySet<string> | undefined;
}

/** That an expression cannot be shown to keep objects apart. */
export interface Mixed {
  /** A clause that says why. */
  readonly mixed: string;
}

/** Looks into a part of an expression. */
export type Separate = (expr: Expr) => SeparableExpr | Mixed;

export function mixed(reason: string): Mixed {
  return { mixed: reason };
}

/** Whether a label tells objects apart, so that nothing may write to it. */
export function isKey(label: string, { object, namespace }: SeparationKeys): boolean {
  return label === object || label === namespace;
}

/** The text of an argument that is a string. */
export function textOf(expr: Expr | undefined): string {
  return expr?.kind === 'string' ? expr.value : '';
}

/** Why a number, or a text, depends on series, or may; undefined if it does not. */
export function variableReason(expr: Expr): Mixed | undefined {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return undefined;
    case 'unary':
      return variableReason(expr.operand);
    case 'binary':
      return variableReason(expr.left) ?? variableReason(expr.right);
    case 'call': {
      const effect = FUNCTION_EFFECTS[expr.function];
      if (typeof effect === 'object') return mixed(`${expr.function}() ${effect.refused}`);
      if (effect === 'constant') return firstReason(expr.args);
      return mixed(`${printExpr(expr)} depends on series`);
    }
    default:
      return mixed(`${printExpr(expr)} depends on series`);
  }
}

/** The first reason among several numbers. */
export function firstReason(exprs: readonly Expr[]): Mixed | undefined {
  for (const expr of exprs) {
    const reason = variableReason(expr);
    if (reason) return reason;
  }
  return undefined;
}
