import { type Aggregator, type Expr, type Grouping, type VectorSelector } from './ast';
import { type Matcher } from './matcher';

/** One place where an expression reads series, with what is done to them there. */
export interface SelectorUse {
  /** The metric name, where the selector gives one. */
  readonly name?: string | undefined;
  /** All conditions, the one on the metric name included. */
  readonly matchers: readonly Matcher[];
  /** Length of the window of a range selector. */
  readonly rangeMs?: number | undefined;
  readonly offsetMs: number;
  /** Functions and aggregations around the selector, outermost first: `['sum', 'rate']`. */
  readonly functions: readonly string[];
  /** The aggregations among them, outermost first, with the labels that they keep or give up. */
  readonly groupings: readonly (Grouping & { readonly operator: Aggregator })[];
}

type Surroundings = Pick<SelectorUse, 'functions' | 'groupings'>;

/** Every selector of an expression, in the order of the text. */
export function selectorsOf(expr: Expr): SelectorUse[] {
  return collect(expr, { functions: [], groupings: [] });
}

function collect(expr: Expr, around: Surroundings): SelectorUse[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'vectorSelector':
      return [useOf(expr, undefined, around)];
    case 'matrixSelector':
      return [useOf(expr.selector, expr.rangeMs, around)];
    case 'unary':
      return collect(expr.operand, around);
    case 'binary':
      return [...collect(expr.left, around), ...collect(expr.right, around)];
    case 'call': {
      const inside = { ...around, functions: [...around.functions, expr.function] };
      return expr.args.flatMap((argument) => collect(argument, inside));
    }
    case 'aggregate':
      return collect(expr.operand, {
        functions: [...around.functions, expr.operator],
        groupings: [...around.groupings, { operator: expr.operator, ...expr.grouping }],
      });
  }
}

function useOf(selector: VectorSelector, rangeMs: number | undefined, around: Surroundings): SelectorUse {
  const { name, matchers, offsetMs } = selector;
  return { name, matchers, rangeMs, offsetMs, ...around };
}
