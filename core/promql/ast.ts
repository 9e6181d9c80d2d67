import { type Matcher } from './matcher';

/**
 * The abstract syntax of PromQL. Parentheses are not kept: the tree says what they said, and the printer sets them
 * again where they are needed. Every expression that the parser returns is well typed.
 */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | CallExpr;

/** A number. A duration that stands where a number may (`5m`) is its seconds. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
}

/** An instant vector selector such as `up{job="api"} offset 5m`. */
export interface VectorSelector {
  readonly kind: 'vectorSelector';
  /** The metric name, where the selector gives one. It is one of the matchers too. */
  readonly name?: string | undefined;
  readonly matchers: readonly Matcher[];
  /** How far to look into the past; negative looks ahead. */
  readonly offsetMs: number;
}

/** A range vector selector such as `up[5m]`: the samples of the left-open, right-closed window. */
export interface MatrixSelector {
  readonly kind: 'matrixSelector';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expr;
}

export const ARITHMETIC_OPERATORS = ['+', '-', '*', '/', '%', '^'] as const;
export const COMPARISON_OPERATORS = ['==', '!=', '>', '<', '>=', '<='] as const;
export const SET_OPERATORS = ['and', 'or', 'unless'] as const;

export type ArithmeticOperator = (typeof ARITHMETIC_OPERATORS)[number];
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];
export type SetOperator = (typeof SET_OPERATORS)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

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
}

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Whether a comparison answers 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
  /** Present exactly if both sides are instant vectors. */
  readonly matching?: VectorMatching | undefined;
}

export const AGGREGATORS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Which labels an aggregation keeps (`by`) or gives up (`without`). */
export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface AggregateExpr {
  readonly kind: 'aggregate';
  readonly operator: Aggregator;
  readonly operand: Expr;
  readonly grouping: Grouping;
}

export interface CallExpr {
  readonly kind: 'call';
  readonly function: FunctionName;
  readonly args: readonly Expr[];
}

/** The types of PromQL values, by the names its documentation gives them. */
export type ValueType = 'instant vector' | 'range vector' | 'scalar' | 'string';

interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  readonly result: ValueType;
}

const OF_RANGE: Signature = { args: ['range vector'], result: 'instant vector' };
const OF_VECTOR: Signature = { args: ['instant vector'], result: 'instant vector' };

/** The functions that can be evaluated, with their types. */
export const FUNCTIONS = {
  rate: OF_RANGE,
  irate: OF_RANGE,
  increase: OF_RANGE,
  delta: OF_RANGE,
  idelta: OF_RANGE,
  avg_over_time: OF_RANGE,
  min_over_time: OF_RANGE,
  max_over_time: OF_RANGE,
  sum_over_time: OF_RANGE,
  count_over_time: OF_RANGE,
  last_over_time: OF_RANGE,
  present_over_time: OF_RANGE,
  abs: OF_VECTOR,
  ceil: OF_VECTOR,
  floor: OF_VECTOR,
  sqrt: OF_VECTOR,
  sgn: OF_VECTOR,
  round: { args: ['instant vector', 'scalar'], optional: 1, result: 'instant vector' },
  clamp: { args: ['instant vector', 'scalar', 'scalar'], result: 'instant vector' },
  clamp_min: { args: ['instant vector', 'scalar'], result: 'instant vector' },
  clamp_max: { args: ['instant vector', 'scalar'], result: 'instant vector' },
  scalar: { args: ['instant vector'], result: 'scalar' },
  vector: { args: ['scalar'], result: 'instant vector' },
  time: { args: [], result: 'scalar' },
} as const satisfies Readonly<Record<string, Signature>>;

export type FunctionName = keyof typeof FUNCTIONS;

/** What a function takes and gives. */
export function signatureOf(name: FunctionName): Signature {
  return FUNCTIONS[name];
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
      return 'range vector';
    case 'unary':
      return typeOf(expr.operand);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'instant vector';
    case 'call':
      return signatureOf(expr.function).result;
  }
}
