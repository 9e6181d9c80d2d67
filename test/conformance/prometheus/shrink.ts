import { type Expr, printExpr } from '../../../core/promql';
import { parsed } from './parsing';

/**
 * The smallest expression that still fails, found by replacing parts of a failing one with parts of themselves and
 * dropping what can be dropped.
 */
export async function shrink(
  expression: string,
  fails: (expression: string) => Promise<boolean>,
): Promise<string> {
  let smallest = expression;
  for (;;) {
    const next = await firstFailing(smallest, fails);
    if (next === undefined) return smallest;
    smallest = next;
  }
}

async function firstFailing(
  expression: string,
  fails: (expression: string) => Promise<boolean>,
): Promise<string | undefined> {
  const expr = parsed(expression);
  const candidates = [...new Set((expr ? simpler(expr) : []).map(printExpr))]
    .filter((text) => text.length < expression.length && parsed(text) !== undefined)
    .sort((a, b) => a.length - b.length);
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return undefined;
}

/** Expressions with one thing less. Not all of them are well typed; those are left out later. */
function simpler(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'vectorSelector':
      return simplerSelector(expr);
    case 'matrixSelector':
      return simplerSelector(expr.selector).map((selector) => ({ ...expr, selector }));
    case 'subquery':
      return [
        expr.operand,
        ...(expr.at === undefined ? [] : [{ ...expr, at: undefined }]),
        ...(expr.offsetMs === 0 ? [] : [{ ...expr, offsetMs: 0 }]),
        ...simpler(expr.operand).map((operand) => ({ ...expr, operand })),
      ];
    case 'unary':
      return [expr.operand, ...simpler(expr.operand).map((operand) => ({ ...expr, operand }))];
    case 'binary':
      return [
        expr.left,
        expr.right,
        ...simpler(expr.left).map((left) => ({ ...expr, left })),
        ...simpler(expr.right).map((right) => ({ ...expr, right })),
      ];
    case 'aggregate':
      return [
        expr.operand,
        ...(expr.grouping.labels.length === 0 ? [] : [{ ...expr, grouping: { without: false, labels: [] } }]),
        ...simpler(expr.operand).map((operand) => ({ ...expr, operand })),
        ...(expr.parameter ? simpler(expr.parameter).map((parameter) => ({ ...expr, parameter })) : []),
      ];
    case 'call':
      return [
        ...expr.args,
        ...expr.args.flatMap((argument, index) =>
          simpler(argument).map((smaller) => ({ ...expr, args: expr.args.with(index, smaller) })),
        ),
      ];
  }
}

type Selector = Extract<Expr, { kind: 'vectorSelector' }>;

function simplerSelector(selector: Selector): Selector[] {
  const { name, matchers } = selector;
  return [
    ...matchers.flatMap((matcher, index) =>
      name !== undefined && matcher.label === '__name__'
        ? []
        : [{ ...selector, matchers: matchers.filter((_, place) => place !== index) }],
    ),
    ...(selector.at === undefined ? [] : [{ ...selector, at: undefined }]),
    ...(selector.offsetMs === 0 ? [] : [{ ...selector, offsetMs: 0 }]),
    ...(selector.extended === undefined ? [] : [{ ...selector, extended: undefined }]),
  ];
}
