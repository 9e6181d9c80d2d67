import { type Matcher } from './matcher';
import { type FunctionName, signatureOf, type ValueType } from './signatures';

/**
 * The abstract syntax of PromQL. Parentheses are not kept: the tree says what they said, and the printer sets them
 * again where they are needed. Every expression that the parser returns is well typed.
 */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | SubqueryExpr
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | CallExpr;

/** What every node has. */
interface Located {
  /** Where it stands in the text, if it stems from one. */
  readonly position?: Position | undefined;
}

/** A number. A duration that stands where a number may (`5m`) is its seconds. */
export interface NumberLiteral extends Located {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral extends Located {
  readonly kind: 'string';
  readonly value: string;
}

/** An instant vector selector such as `up{job="api"} offset 5m`. */
export interface VectorSelector extends Located {
  readonly kind: 'vectorSelector';
  /** The metric name, where the selector gives one. It is one of the matchers too. */
  readonly name?: string | undefined;
  readonly matchers: readonly Matcher[];
  /** How far to look into the past; negative looks ahead. 0 where `offsetExpr` has to be computed first. */
  readonly offsetMs: number;
  readonly offsetExpr?: DurationExpr | undefined;
  /** The time of `@`, instead of the evaluation time. */
  readonly at?: AtModifier | undefined;
  /** Looks at samples beside the window too (experimental). */
  readonly extended?: 'anchored' | 'smoothed' | undefined;
}

/** `@ 1609746000`, `@ start()` or `@ end()` of the query. */
export type AtModifier = { readonly atMs: number } | 'start' | 'end';

/** A computed duration such as `1h - step()`, in seconds (experimental). */
export type DurationExpr =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'step' | 'range'; readonly position: Position }
  | {
      readonly kind: 'operation';
      readonly operator: ArithmeticOperator | 'min_of' | 'max_of';
      /** Absent for a sign. */
      readonly left?: DurationExpr | undefined;
      readonly right: DurationExpr;
      readonly position: Position;
    };

/** Where an expression stands in the text: offsets in bytes of UTF-8, as Prometheus' messages count them. */
export interface Position {
  readonly start: number;
  readonly end: number;
}

/** A range vector selector such as `up[5m]`: the samples of the left-open, right-closed window. */
export interface MatrixSelector extends Located {
  readonly kind: 'matrixSelector';
  readonly selector: VectorSelector;
  /** 0 where `rangeExpr` has to be computed first. */
  readonly rangeMs: number;
  readonly rangeExpr?: DurationExpr | undefined;
}

/** A range vector made of the results of an expression: `rate(x[1m])[1h:5m]`. */
export interface SubqueryExpr extends Located {
  readonly kind: 'subquery';
  readonly operand: Expr;
  readonly rangeMs: number;
  readonly rangeExpr?: DurationExpr | undefined;
  /** 0 without a step of its own: the evaluation interval of the server. */
  readonly stepMs: number;
  readonly stepExpr?: DurationExpr | undefined;
  readonly offsetMs: number;
  readonly offsetExpr?: DurationExpr | undefined;
  readonly at?: AtModifier | undefined;
}

export interface UnaryExpr extends Located {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expr;
}

export const ARITHMETIC_OPERATORS = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
export const COMPARISON_OPERATORS = ['==', '!=', '>', '<', '>=', '<='] as const;
export const SET_OPERATORS = ['and', 'or', 'unless'] as const;

/** Operators that cut native histograms. */
export const TRIM_OPERATORS = ['</', '>/'] as const;

export type ArithmeticOperator = (typeof ARITHMETIC_OPERATORS)[number];
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];
export type SetOperator = (typeof SET_OPERATORS)[number];
export type TrimOperator = (typeof TRIM_OPERATORS)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

/** How many samples of the left side one result may pair with how many of the right side. */
export type Cardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

/** Which samples of two instant vectors belong together. */
export interface VectorMatching {
  readonly cardinality: Cardinality;
  /** Whether `labels` are the ones to compare (`on`) or the ones to leave out (`ignoring`). */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels that `group_left` or `group_right` takes over from the "one" side. */
  readonly include: readonly string[];
  /** Values for a side that has no partner for a sample of the other (experimental). */
  readonly fill?: { readonly left?: number | undefined; readonly right?: number | undefined } | undefined;
}

export interface BinaryExpr extends Located {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Whether a comparison answers 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
  /** Present exactly if both sides are instant vectors. */
  readonly matching?: VectorMatching | undefined;
}

export const AGGREGATORS = [
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'],
  ...['topk', 'bottomk', 'quantile', 'count_values', 'limitk', 'limit_ratio'],
] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Which labels an aggregation keeps (`by`) or gives up (`without`). */
export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface AggregateExpr extends Located {
  readonly kind: 'aggregate';
  readonly operator: Aggregator;
  readonly operand: Expr;
  /** k, the quantile or the label of values, where the operator takes one. */
  readonly parameter?: Expr | undefined;
  readonly grouping: Grouping;
}

export interface CallExpr extends Located {
  readonly kind: 'call';
  readonly function: FunctionName;
  readonly args: readonly Expr[];
}

/** The type of the value that an expression evaluates to. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vectorSelector':
    case 'aggregate':
      return 'instant vector';
    case 'matrixSelector':
    case 'subquery':
      return 'range vector';
    case 'unary':
      return typeOf(expr.operand);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'instant vector';
    case 'call':
      return signatureOf(expr.function).result;
  }
}
